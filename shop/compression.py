"""Words travel compressed, also where no proxy does it: a page of cards has a sixth of its size."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

WORDS = ("text/", "application/json", "application/problem+json", "application/xml", "application/vnd.oai")


class CompressionMiddleware(GZipMiddleware):
    """Django's own for text alone: pictures are compressed already, and to try again costs time.

    Pages hold secrets beside what visitors write. Their lengths must not tell them (BREACH): Django hides each length
    behind some random bytes, and the form token is masked anew in every page.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(WORDS):
            return response
        return super().process_response(request, response)
