"""Signing in without a browser: an e-mail address and a password for a token, one for each device."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from knox.models import AuthToken
from knox.settings import knox_settings

from accounts.models import User
from accounts.second_step_forms import CodeForm


class NotSignedIn(Exception):
    """The address or the password is not right; ``str(error)`` says so without saying which."""


class CodeNeeded(NotSignedIn):
    """The password is right, and the account asks for a code as well; the code is missing or not right."""


class TooManyAttempts(Exception):
    """Nobody is let in for a while, not even with the right password."""


@dataclass(frozen=True)
class IssuedToken:
    """A token in plain text, which the shop itself keeps only as a hash, and when it ends."""

    text: str
    expires: datetime


def issue_token(request: HttpRequest, email: str, password: str, code: str = "") -> IssuedToken:
    """Check the password as the sign-in page does, limits included, and make a token.

    Where the account has a second step, ``code`` is one of the app's or one of the recovery codes.

    A user has a limited number of them: the oldest goes when there is one too many.

    Raises:
        NotSignedIn, CodeNeeded, TooManyAttempts: no token was made.
    """
    adapter = get_adapter(request)
    try:
        user = adapter.authenticate(request, email=email, password=password)
    except ValidationError as error:
        raise TooManyAttempts from error
    if getattr(request, "axes_locked_out", False):
        raise TooManyAttempts
    if user is None or not user.is_active:  # allauth hands an inactive user over, for a page that says so
        raise NotSignedIn(str(adapter.error_messages["email_password_mismatch"]))
    if is_mfa_enabled(user):
        _check_code(user, code)
    token, text = AuthToken.objects.create(user)
    _forget_oldest(user)
    user_logged_in.send(User, request=request, user=user)
    return IssuedToken(text, token.expiry)


def _check_code(user: User, code: str) -> None:
    form = CodeForm(user=user, data={"code": code})
    if not form.is_valid():
        if any(error.code == "too_many_login_attempts" for error in form.errors.as_data().get("code", [])):
            raise TooManyAttempts
        raise CodeNeeded(
            _("This account asks for a second step. Send the code of your app as “code” as well.")
        )
    form.authenticator.record_usage()


def _forget_oldest(user: User) -> None:
    newest = user.auth_token_set.order_by("-created").values("pk")[: knox_settings.TOKEN_LIMIT_PER_USER]
    user.auth_token_set.exclude(pk__in=newest).delete()


def revoke_tokens(user: User) -> None:
    """Sign every device out."""
    user.auth_token_set.all().delete()
