"""Which language an answer speaks: the one chosen at the foot of a page, else what the browser asks for, else English.

The choice is a cookie, so that it also holds for those who are signed out and whose browser runs no scripts.
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

OWNERS_PAGES = "/admin/"
# Pictures, feeds and figures are the same for everybody: a shared cache need not keep one for each language.
SPEAKING = ("text/html", "application/json", "application/problem+json")

choose_language = require_POST(set_language)


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, but for pages that speak no language, and the admin, whose words are English alone."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.path_info.startswith(OWNERS_PAGES):
            super().process_request(request)
            return
        translation.activate(settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = settings.LANGUAGE_CODE

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say to caches what the words depend on: the cookie and what the browser asks for."""
        if not response.headers.get("Content-Type", "").startswith(SPEAKING):
            return response
        patch_vary_headers(response, ["Cookie"])
        return super().process_response(request, response)
