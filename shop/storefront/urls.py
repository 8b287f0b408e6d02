"""The addresses of the storefront."""

from django.contrib.sitemaps import views as sitemap_views
from django.urls import path

from shop.storefront import contact, home, listing, pages, photo_search, product
from shop.storefront.sitemaps import SITEMAPS

urlpatterns = [
    path("", home.home, name="home"),
    path("c/<slug:slug>/", listing.shelf, name="listing"),
    path("all/", listing.everything, name="all"),
    path("search/", listing.search, name="search"),
    path("search/suggest/", listing.suggestions, name="suggest"),
    path("p/<slug:slug>/", product.product, name="product"),
    path("p/<slug:slug>/sizes/", product.size_guide, name="size_guide"),
    path("photo/", photo_search.photo_search, name="photo_search"),
    path("photo/<uuid:pk>/", photo_search.photo_answer, name="photo_answer"),
    path("photo/<uuid:pk>/status/", photo_search.photo_status, name="photo_status"),
    path("photo/<uuid:pk>/box/", photo_search.photo_box, name="photo_box"),
    path("photo/<uuid:pk>/picture.jpg", photo_search.photo_picture, name="photo_picture"),
    path("contact/", contact.contact, name="contact"),
    path("delivery/", pages.page, {"name": "delivery"}, name="delivery"),
    path("returns/", pages.page, {"name": "returns"}, name="returns"),
    path("privacy/", pages.page, {"name": "privacy"}, name="privacy"),
    path("imprint/", pages.page, {"name": "imprint"}, name="imprint"),
    path("robots.txt", pages.robots, name="robots"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", sitemap_views.sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
]
