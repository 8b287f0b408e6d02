"""The door behind the counter: staff come in with a second proof beside their password (``STAFF_MFA``)."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

COUNTER = "/admin/"
# Whoever is not let in may still leave.
ALWAYS_OPEN = ("/admin/login/", "/admin/logout/", "/admin/jsi18n/")


class StaffDoorMiddleware:
    """Sends staff who have shown a password alone, wherever, to the second step or to setting one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._turned_away(request) or self.get_response(request)

    def _turned_away(self, request: HttpRequest) -> HttpResponseBase | None:
        if not settings.STAFF_MFA or not request.path.startswith(COUNTER) or request.path in ALWAYS_OPEN:
            return None
        if not request.user.is_authenticated or not request.user.is_staff:
            return None  # the admin itself knows what to do
        if not is_mfa_enabled(request.user):
            messages.warning(
                request, _("Staff need a passkey or codes from an app. Set one of them up to come in.")
            )
            return HttpResponseRedirect(reverse("mfa_index"))
        if any(record["method"] == "mfa" for record in get_authentication_records(request, request.user)):
            return None
        again = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{again}")
