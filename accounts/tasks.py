"""What the accounts leave to the worker."""

from celery import shared_task
from django.core.mail import EmailMultiAlternatives


@shared_task(name="accounts.send_mail", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def send_mail(subject: str, text: str, html: str, sender: str, to: list[str]) -> None:
    """Hand one mail to the mail server; ``html`` may be empty."""
    mail = EmailMultiAlternatives(subject, text, sender, to)
    if html:
        mail.attach_alternative(html, "text/html")
    mail.send()
