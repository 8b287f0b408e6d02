"""What the accounts leave to the worker."""

from axes.handlers.proxy import AxesProxyHandler
from celery import shared_task
from django.core.mail import EmailMultiAlternatives

SIGN_INS_KEPT_DAYS = 90


@shared_task(name="accounts.send_mail", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def send_mail(subject: str, text: str, html: str, sender: str, to: list[str]) -> None:
    """Hand one mail to the mail server; ``html`` may be empty."""
    mail = EmailMultiAlternatives(subject, text, sender, to)
    if html:
        mail.attach_alternative(html, "text/html")
    mail.send()


@shared_task(name="accounts.forget_sign_ins")
def forget_sign_ins() -> None:
    """Delete the log of sign-ins (addresses, IPs) once nobody needs it to see who broke in."""
    AxesProxyHandler.reset_logs(age_days=SIGN_INS_KEPT_DAYS)
    AxesProxyHandler.reset_failure_logs(age_days=SIGN_INS_KEPT_DAYS)
