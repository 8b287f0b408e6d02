"""What somebody sees who guessed passwords too often."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from catalog.problems import API


def locked_out(
    request: HttpRequest, response: HttpResponseBase, credentials: dict[str, Any] | None
) -> HttpResponseBase:
    """django-axes' answer: a page; over REST what the view has said already, which is a problem of its own."""
    if request.path.startswith(API):
        return response
    page = render(request, "account/locked_out.html", status=429)
    page["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
    return page
