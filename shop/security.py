"""What the shop sends along so that browsers protect shoppers, and what it refuses to read."""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from catalog.problems import API, plain_problem

LISTENED_TO = 200 * 2**20  # bytes of a body that is refused, so that its sender hears why
CHUNK = 2**16


class ClientAddressMiddleware:
    """Behind our own proxy (``BEHIND_PROXY``), take the sender's address from it, for every limit and log alike.

    The last address of X-Forwarded-For is the one that the proxy has seen itself; those before it are hearsay.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.BEHIND_PROXY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        with suppress(ValueError):  # no address: the proxy's own stays
            request.META["REMOTE_ADDR"] = str(ip_address(seen))
        return self.get_response(request)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Send the shop's policy; behind ``/admin/`` allow what the admin's theme needs."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith("/admin/"):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
        return super().process_response(request, response)


class BodyLimitMiddleware:
    """Refuse a body that no page of the shop takes before anything keeps it. Staff may send more to the admin.

    Django's own limit does not count files: the check of the CSRF token alone would write them all to the disk.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length[:20]) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return self.get_response(request)
        if request.path.startswith("/admin/") and request.user.is_staff:
            return self.get_response(request)
        _let_pass(request)
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        if request.path.startswith(API):
            return plain_problem(
                413, f"That is more than the {most} MB we read at once. Send a smaller file."
            )
        return HttpResponse(render_to_string("413.html", {"most": most}), status=413)


def _let_pass(request: HttpRequest) -> None:
    """Read the body and forget it: a browser shows no answer before it has sent all. There is a limit to patience."""
    with suppress(UnreadablePostError):  # nobody is there any more to hear why
        for _ in range(LISTENED_TO // CHUNK):
            if not request.read(CHUNK):
                return
