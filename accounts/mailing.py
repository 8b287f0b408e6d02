"""Mails in the shop's own frame, as text and as HTML, in the reader's language."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


def letter(
    template: str, to: str, context: dict[str, Any], *, language: str = "", stop_path: str = ""
) -> EmailMultiAlternatives:
    """The mail ``accounts/mail/<template>_subject.txt``, ``.txt`` and ``.html``, not sent yet.

    ``stop_path`` is the page that ends mails of this kind; mail programs show it as a button.
    """
    stop_url = f"{settings.SHOP_URL}{stop_path}" if stop_path else ""
    known = {
        "shop_name": settings.SHOP_NAME,
        "shop_email": settings.SHOP_EMAIL,
        "shop_url": settings.SHOP_URL,
        "stop_url": stop_url,
        **context,
    }
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string(f"accounts/mail/{template}_subject.txt", known).split())
        text = render_to_string(f"accounts/mail/{template}.txt", known)
        html = render_to_string(f"accounts/mail/{template}.html", known)
    headers = {"List-Unsubscribe": f"<{stop_url}>"} if stop_url else {}
    mail = EmailMultiAlternatives(subject, text, to=[to], headers=headers)
    mail.attach_alternative(html, "text/html")
    return mail
