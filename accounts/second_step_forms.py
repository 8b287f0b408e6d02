"""django-allauth's forms of the second step in the shop's own words."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _

from accounts.limits import may_again

TRIES = 10
WITHIN = (
    15 * 60
)  # seconds: 10 of a million codes, of which three are right at any moment, from wherever they come


class _CodeField:
    """A field for six figures, which phones fill in by themselves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class _FewTries(_CodeField):
    """Stops guessing by account: somebody who guesses codes knows the password already."""

    def clean_code(self) -> str:
        if not may_again("codes", str(self.user.pk), most=TRIES, seconds=WITHIN):
            raise get_adapter().validation_error("too_many_login_attempts")
        return super().clean_code()


class CodeForm(_FewTries, second_step.AuthenticateForm):
    """The code that finishes signing in."""


class CodeAgainForm(_FewTries, second_step.ReauthenticateForm):
    """The code before something that only its owner may do."""


class FirstCodeForm(_CodeField, totp.ActivateTOTPForm):
    """The first code of an app, which proves that it knows the key."""
