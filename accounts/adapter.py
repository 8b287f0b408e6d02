"""How django-allauth behaves in this shop."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.tasks import send_mail


class ShopAccountAdapter(DefaultAccountAdapter):
    """Sends allauth's mails through the worker, so that neither the mail server's mood nor whether an address is
    known can be told from how long a page takes."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "The e-mail address or the password is not right. Try again, or reset the password."
        ),
        "email_taken": _("There is an account with this address already. Sign in, or reset the password."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("Type your current password."),
        "too_many_login_attempts": _("Too many failed attempts. Wait a few minutes, or reset the password."),
        "rate_limited": _("That was a lot at once. Wait a minute and try again."),
    }

    def format_email_subject(self, subject: str) -> str:
        return f"{subject} – {settings.SHOP_NAME}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        mail = self.render_mail(
            template_prefix, email, {"email": email, "shop_name": settings.SHOP_NAME, **context}
        )
        send_mail.delay_on_commit(mail.subject, mail.body, _html_of(mail), mail.from_email, mail.to)


def _html_of(mail: EmailMessage) -> str:
    for body, kind in getattr(mail, "alternatives", []):
        if kind == "text/html":
            return body
    return ""


def login_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """Whose sign-in django-axes counts, on the shop's pages, in the admin and over REST alike.

    allauth passes the address as ``email``, the admin as ``username``; a page that is only looked at has neither.
    In small letters, so that upper case is no way round the limit.
    """
    source = credentials or request.POST
    name = next((source[key] for key in ("email", "username", "login") if source.get(key)), None)
    return name.lower() if name else None
