"""News that the accounts listen to."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.tokens import revoke_tokens
from accounts.wishing import add_pending_wish


@receiver(user_logged_in)
def save_what_was_wished(sender: Any, user: User, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """A visitor who tapped a heart gets the wish once it is known who that is."""
    if request is None or not hasattr(request, "session"):
        return
    product = add_pending_wish(request, user)
    if product:
        messages.success(request, f"{product} is on your wish list.", fail_silently=True)


@receiver([password_changed, password_reset])
def sign_devices_out(sender: Any, user: User, **kwargs: Any) -> None:
    """Whoever had the old password may have had a token made with it."""
    revoke_tokens(user)
