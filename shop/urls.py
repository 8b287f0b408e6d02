"""Every address of the shop. Each app keeps its own list."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from catalog.views import rendition
from shop.languages import choose_language

handler400 = "catalog.problems.bad_request"
handler404 = "shop.storefront.absent.not_found"
handler500 = "catalog.problems.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("language/", choose_language, name="set_language"),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/security/", include("allauth.mfa.urls")),
    path("account/browsers/", include("allauth.usersessions.urls")),
    path("wishlist/", include("accounts.wishlist_urls")),
    path("", include("accounts.mail_urls")),
    path("", include("shop.checkout.urls")),
    path("", include("shop.operations.urls")),
    path("", include("shop.reviews.urls")),
    path("api/", include("shop.api_urls")),
    path("", include("recommendations.urls")),
    path("", include("shop.storefront.urls")),
]

if settings.SERVE_MEDIA:
    media = settings.MEDIA_URL.lstrip("/")
    urlpatterns.append(path(f"{media}<path:name>", rendition, name="rendition"))
