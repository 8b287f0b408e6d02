"""What the storefront leaves to a worker."""

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from shop.storefront.models import ContactMessage


@shared_task(
    name="shop.mail_contact_message",
    autoretry_for=(OSError,),
    retry_backoff=30,
    retry_backoff_max=3600,
    max_retries=8,
)
def mail_contact_message(message_id: int) -> bool:
    """Mail one contact message to the shop. Safe to run twice: a message that was mailed is not mailed again."""
    with transaction.atomic():
        message = ContactMessage.objects.select_for_update().filter(pk=message_id, mailed_at=None).first()
        if message is None:
            return False
        EmailMessage(
            subject=f"[{settings.SHOP_NAME}] {message.subject}",
            body=f"{message.name} <{message.email}> writes:\n\n{message.message}\n",
            to=[settings.SHOP_EMAIL],
            reply_to=[message.email],
        ).send()
        message.mailed_at = timezone.now()
        message.save(update_fields=["mailed_at"])
    return True
