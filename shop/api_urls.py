"""The addresses of the REST API, version 1. docs/api.md tells what each promises."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts import api as accounts_api
from accounts import wish_api
from catalog import api as catalog_api
from catalog.problems import NothingHere
from recommendations import api as recommendations_api
from shop.checkout import api as checkout_api
from shop.reviews import api as reviews_api

v1 = [
    path("products/", catalog_api.ProductList.as_view(), name="api_products"),
    path("products/<int:pk>/", catalog_api.ProductDetail.as_view(), name="api_product"),
    path("products/<int:pk>/related/", recommendations_api.RelatedProducts.as_view(), name="api_related"),
    path(
        "products/<int:pk>/complementary/",
        recommendations_api.ComplementaryProducts.as_view(),
        name="api_complementary",
    ),
    path("products/<int:pk>/reviews/", reviews_api.Reviews.as_view(), name="api_reviews"),
    path("products/<int:pk>/look/", recommendations_api.ProductLook.as_view(), name="api_look"),
    path("categories/", catalog_api.CategoryList.as_view(), name="api_categories"),
    path("search/suggest/", catalog_api.Suggestions.as_view(), name="api_suggest"),
    path("photo-search/", recommendations_api.PhotoSearch.as_view(), name="api_photo_search"),
    path(
        "photo-search/<uuid:pk>/",
        recommendations_api.PhotoSearchDetail.as_view(),
        name="api_photo_search_detail",
    ),
    path("recommendations/home/", recommendations_api.HomeRecommendations.as_view(), name="api_home"),
    path("interactions/", recommendations_api.Interactions.as_view(), name="api_interactions"),
    path("token/", accounts_api.Token.as_view(), name="api_token"),
    path("wishlist/", wish_api.Wishlist.as_view(), name="api_wishlist"),
    path("wishlist/<int:product>/", wish_api.Wish.as_view(), name="api_wish"),
    path("wishlists/", wish_api.WishLists.as_view(), name="api_wishlists"),
    path("wishlists/<int:pk>/", wish_api.OneWishList.as_view(), name="api_one_wishlist"),
    path("cart/", checkout_api.CartView.as_view(), name="api_cart"),
    path("cart/code/", checkout_api.CartCode.as_view(), name="api_cart_code"),
    path("cart/items/", checkout_api.CartItems.as_view(), name="api_cart_items"),
    path("cart/items/<int:pk>/", checkout_api.CartItem.as_view(), name="api_cart_item"),
    path("orders/", checkout_api.Orders.as_view(), name="api_orders"),
    path("orders/<slug:number>/", checkout_api.OrderDetail.as_view(), name="api_order"),
    path("orders/<slug:number>/payments/", checkout_api.OrderPayments.as_view(), name="api_order_payments"),
    path("orders/<slug:number>/invoices/", checkout_api.OrderInvoices.as_view(), name="api_order_invoices"),
    path(
        "orders/<slug:number>/invoices/<slug:label>/",
        checkout_api.OrderInvoice.as_view(),
        name="api_order_invoice",
    ),
    path("orders/<slug:number>/returns/", checkout_api.OrderReturns.as_view(), name="api_order_returns"),
    path("me/", accounts_api.Me.as_view(), name="api_me"),
    path("me/export/", accounts_api.MyData.as_view(), name="api_me_export"),
]

urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api_schema", template_name="api/docs.html"),
        name="api_docs",
    ),
    re_path("", NothingHere.as_view(), name="api_nothing_here"),
]
