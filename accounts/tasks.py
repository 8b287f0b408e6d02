"""What the accounts leave to the worker."""

from axes.handlers.proxy import AxesProxyHandler
from celery import shared_task
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from accounts import price_drops, stock_alerts, wishing

SIGN_INS_KEPT_DAYS = 90


@shared_task(name="accounts.send_mail", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def send_mail(subject: str, text: str, html: str, sender: str, to: list[str]) -> None:
    """Hand one mail to the mail server; ``html`` may be empty."""
    mail = EmailMultiAlternatives(subject, text, sender, to)
    if html:
        mail.attach_alternative(html, "text/html")
    mail.send()


@shared_task(name="accounts.confirm_alert", autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def confirm_alert(alert_id: int) -> None:
    """Ask a guest who wants to hear of a size whether it was them."""
    stock_alerts.mail_confirmation(alert_id)


@shared_task(name="accounts.send_stock_alerts")
def send_stock_alerts() -> None:
    """Mail those who wait for what is in stock again."""
    stock_alerts.send_alerts()


@shared_task(name="accounts.send_price_drops")
def send_price_drops() -> None:
    """Mail those whose saved pieces cost less."""
    price_drops.send_price_drops()


@shared_task(name="accounts.tidy_up")
def tidy_up() -> None:
    """Delete what nobody will ask for again: lists of visitors long gone, alerts that are over."""
    wishing.forget_visitors_lists()
    stock_alerts.forget_alerts(timezone.now())


@shared_task(name="accounts.forget_sign_ins")
def forget_sign_ins() -> None:
    """Delete the log of sign-ins (addresses, IPs) once nobody needs it to see who broke in."""
    AxesProxyHandler.reset_logs(age_days=SIGN_INS_KEPT_DAYS)
    AxesProxyHandler.reset_failure_logs(age_days=SIGN_INS_KEPT_DAYS)
