"""django-allauth's forms in the shop's own words: labels above the fields, nothing inside them."""

from typing import Any

from allauth.account import forms as allauth
from django.utils.translation import gettext_lazy as _


class _PlainFields:
    """Takes the placeholders away: they repeat the labels and vanish when somebody types."""

    labels = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "oldpassword": _("Your current password"),
        "password1": _("Password"),
        "password2": _("The same once more"),
    }
    help_texts: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")


_PASSWORD_HELP = {"password1": _("At least 10 characters, and not one that many people use.")}


class SignInForm(_PlainFields, allauth.LoginForm):
    """E-mail address and password."""


class SignUpForm(_PlainFields, allauth.SignupForm):
    """A new account."""

    help_texts = _PASSWORD_HELP


class ResetPasswordForm(_PlainFields, allauth.ResetPasswordForm):
    """Where the link goes."""


class NewPasswordForm(_PlainFields, allauth.ResetPasswordKeyForm):
    """The new password, behind the link."""

    labels = {**_PlainFields.labels, "password1": _("New password")}
    help_texts = _PASSWORD_HELP


class ChangePasswordForm(_PlainFields, allauth.ChangePasswordForm):
    """The new password, for who knows the current one."""

    labels = {**_PlainFields.labels, "password1": _("New password")}
    help_texts = _PASSWORD_HELP


class AddEmailForm(_PlainFields, allauth.AddEmailForm):
    """A further address."""
