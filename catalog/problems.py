"""API errors as application/problem+json (RFC 9457): type, title, status, detail, and errors per field."""

import math
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

CONTENT_TYPE = "application/problem+json"
API = "/api/"
NOTHING_HERE = "There is nothing at this address, or it is not yours."


class Problem(exceptions.APIException):
    """An error with a status and a sentence, for views that have no ready-made exception."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status_code = status
        self.headers = headers or {}


class ProblemSerializer(serializers.Serializer):
    """What every error of the API looks like."""

    type = serializers.CharField()
    title = serializers.CharField(help_text="The name of the status.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What happened and what to do next, in a sentence.")
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="For each field that cannot be used: why.",
    )


class ProblemRenderer(JSONRenderer):
    """JSON under the problem media type."""

    media_type = CONTENT_TYPE
    format = "problem"


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error of the API has the same form. Unforeseen errors are left to Django."""
    if isinstance(error, Http404):
        error = exceptions.NotFound(NOTHING_HERE)
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = Problem(413, "That is more than we read at once.")
    elif isinstance(error, SuspiciousOperation):
        error = exceptions.ParseError("This request cannot be read.")
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


# --- Errors outside of the API's own views ------------------------------------------------------------------------


@extend_schema(exclude=True)
class NothingHere(APIView):
    """Every address below /api/ that is none."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Answers whatever the method is."""
        hint = "" if request.path.endswith("/") else " Addresses end with a slash."
        raise exceptions.NotFound(NOTHING_HERE + hint)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler400``: a request that Django refuses before any view sees it."""
    if request.path.startswith(API):
        return plain_problem(400, "This request cannot be read.")
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``: our mistake."""
    if request.path.startswith(API):
        return plain_problem(500, "Something broke on our side and has been written down. Please try again.")
    return defaults.server_error(request)


def plain_problem(status: int, detail: str) -> JsonResponse:
    """A problem as a plain response, for where there is no API view."""
    return JsonResponse(problem(status, detail), status=status, content_type=CONTENT_TYPE)
