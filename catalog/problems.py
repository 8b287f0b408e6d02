"""API errors as application/problem+json (RFC 9457): type, title, status, detail, and errors per field."""

import math
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

CONTENT_TYPE = "application/problem+json"


class Problem(exceptions.APIException):
    """An error with a status and a sentence, for views that have no ready-made exception."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status_code = status
        self.headers = headers or {}


class ProblemRenderer(JSONRenderer):
    """JSON under the problem media type."""

    media_type = CONTENT_TYPE
    format = "problem"


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error of the API has the same form. Unforeseen errors are left to Django."""
    if isinstance(error, Http404):
        error = exceptions.NotFound("There is nothing at this address, or it is not yours.")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    headers: dict[str, str] = dict(getattr(error, "headers", {}))
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    request = context.get("request")
    if request is not None:
        # Rendered as a problem whatever was negotiated: an error has one form.
        request.accepted_renderer, request.accepted_media_type = ProblemRenderer(), CONTENT_TYPE
    return Response(
        problem(error.status_code, *_detail_and_errors(error)),
        status=error.status_code,
        headers=headers,
        content_type=CONTENT_TYPE,
    )


def problem(status: int, detail: str, errors: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """The body of a problem."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return body


def _detail_and_errors(error: exceptions.APIException) -> tuple[str, dict[str, list[str]]]:
    detail = error.detail
    if isinstance(detail, dict):
        errors = {str(field): _sentences(value) for field, value in detail.items()}
        return "Some fields cannot be used; see errors.", errors
    if isinstance(detail, list):
        return " ".join(_sentences(detail)), {}
    return str(detail), {}


def _sentences(value: Any) -> list[str]:
    """Flatten DRF's nested details into sentences."""
    if isinstance(value, dict):
        return [f"{key}: {text}" for key, inner in value.items() for text in _sentences(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in _sentences(inner)]
    return [str(value)]
