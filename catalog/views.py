"""Serves the renditions when no web server or bucket does. Uploads as they came are not below MEDIA_ROOT."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

YEAR = 60 * 60 * 24 * 365


@require_safe
def rendition(request: HttpRequest, name: str) -> HttpResponseBase:
    """One file below MEDIA_ROOT, to be kept for ever: its name changes with its content."""
    response = serve(request, name, document_root=settings.MEDIA_ROOT)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response
