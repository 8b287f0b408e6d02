"""The mail that confirms an order."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from shop.checkout.access import link_to
from shop.checkout.models import Order


def mail_order(order_id: int) -> bool:
    """Send the confirmation of a paid order, once however often this is called. False: there was nothing to send.

    The order stays locked while the mail is handed over, and is marked only when that went well.
    """
    with transaction.atomic():
        order = (
            Order.objects.select_for_update(skip_locked=True)
            .filter(pk=order_id, paid_at__isnull=False, mailed_at=None)
            .exclude(email="")
            .first()
        )
        if order is None:
            return False
        confirmation_of(order).send()
        order.mailed_at = timezone.now()
        order.save(update_fields=["mailed_at"])
    return True


def confirmation_of(order: Order) -> EmailMultiAlternatives:
    """The mail, as text and as HTML."""
    context = {
        "order": order,
        "lines": list(order.lines.all()),
        "shop_name": settings.SHOP_NAME,
        "shop_email": settings.SHOP_EMAIL,
        "link": f"{settings.SHOP_URL}{link_to(order)}",
    }
    mail = EmailMultiAlternatives(
        subject=f"Your order {order.number} at {settings.SHOP_NAME}",
        body=render_to_string("checkout/mail/order.txt", context),
        to=[order.email],
    )
    mail.attach_alternative(render_to_string("checkout/mail/order.html", context), "text/html")
    return mail


def waiting_orders(older_than: timedelta = timedelta(minutes=1)) -> list[int]:
    """Paid orders whose confirmation has not gone out: the broker or the mail server was away."""
    paid_before = timezone.now() - older_than
    waiting = Order.objects.filter(paid_at__lt=paid_before, mailed_at=None).exclude(email="")
    return list(waiting.order_by("paid_at").values_list("pk", flat=True)[:200])
