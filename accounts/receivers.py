"""News that the accounts listen to."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import ngettext

from accounts import wishing
from accounts.models import User
from accounts.shopper import VISITOR_KEY
from accounts.tokens import revoke_tokens


@receiver(user_logged_in)
def merge_wishes(sender: Any, user: User, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """What a visitor saved before signing in joins the user's wish list, and the next page says so."""
    if request is None or not hasattr(request, "session"):
        return
    merged = wishing.merge_visitors_wishes(request.session.get(VISITOR_KEY, ""), user)
    if merged.came:
        sentence = ngettext(
            "The piece that you saved before you signed in is on your wish list now.",
            "The %(n)d pieces that you saved before you signed in are on your wish list now.",
            merged.came,
        )
        messages.success(request, sentence % {"n": merged.came}, fail_silently=True)
    request.session.pop(wishing.HAS_WISHES_KEY, None)


@receiver([password_changed, password_reset])
def sign_devices_out(sender: Any, user: User, **kwargs: Any) -> None:
    """Whoever had the old password may have had a token made with it."""
    revoke_tokens(user)
