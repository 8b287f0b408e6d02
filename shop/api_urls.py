"""The addresses of the REST API, version 1. docs/api.md tells what each promises."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from catalog import api as catalog_api
from recommendations import api as recommendations_api

v1 = [
    path("products/", catalog_api.ProductList.as_view(), name="api_products"),
    path("products/<int:pk>/", catalog_api.ProductDetail.as_view(), name="api_product"),
    path("products/<int:pk>/related/", recommendations_api.RelatedProducts.as_view(), name="api_related"),
    path(
        "products/<int:pk>/complementary/",
        recommendations_api.ComplementaryProducts.as_view(),
        name="api_complementary",
    ),
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
]

urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api_schema"), name="api_docs"),
]
