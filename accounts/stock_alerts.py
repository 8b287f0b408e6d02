"""Telling those who wait that a size is back: one mail for one wait.

Nothing has to notice that stock changes. An alert begins only while its size is sold out, so an alert that waits for
a size which is in stock is one to send: whoever restocked it (an import, the admin, an order that was cancelled, SQL by
hand), the next look finds it.
"""

from datetime import datetime, timedelta
from enum import Enum, auto
from smtplib import SMTPRecipientsRefused

import structlog
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone, translation

from accounts.mailing import letter
from accounts.models import StockAlert, User
from catalog.models import Product, Variant

log = structlog.get_logger(__name__)

# Mails for each piece that is back, within a day. A choice, not a measurement: with one each, pieces stay when those
# readers want them no more; with all at once, most find the size sold out again. Who had to wait gets a mail a day
# later if pieces are left.
PER_PIECE = 3
WAVE = timedelta(days=1)
PER_LOOK = 500  # mails that one look sends; the next look sends the rest
CONFIRM_WITHIN = timedelta(days=7)
KEPT = timedelta(days=90)  # sent alerts, so that the export can tell of them


class Asked(Enum):
    """What became of asking for an alert."""

    IN_STOCK = auto()  # nothing to wait for
    WAITING = auto()  # the mail will come
    CONFIRM = auto()  # the guest has a link to open first


def ask(variant: Variant, user: User | None = None, email: str = "") -> tuple[Asked, StockAlert | None]:
    """Let a user, or a guest by ``email``, hear when ``variant`` is back. To ask twice is to ask once.

    A guest's alert (``Asked.CONFIRM``) waits for nothing until its link was opened: the caller has it mailed.
    """
    with transaction.atomic():
        # A restock waits for this lock, or has happened: nobody begins to wait for what is there.
        locked = Variant.objects.select_for_update(no_key=True).get(pk=variant.pk)
        if locked.stock:
            return Asked.IN_STOCK, None
        reader = {"user": user} if user else {"user": None, "email": email.lower()}
        alert, _is_new = StockAlert.objects.get_or_create(
            variant=locked,
            sent_at=None,
            **reader,
            defaults={
                "language": translation.get_language() or "",
                "confirmed_at": timezone.now() if user else None,
            },
        )
    return (Asked.WAITING if alert.confirmed_at else Asked.CONFIRM), alert


def mail_confirmation(alert_id: int) -> bool:
    """Ask a guest by mail whether it was them. False: there is nothing to ask any more."""
    alert = (
        StockAlert.objects.select_related("variant__product").filter(pk=alert_id, confirmed_at=None).first()
    )
    if alert is None:
        return False
    context = {"alert": alert, "product": alert.variant.product, "variant": alert.variant}
    letter("confirm_alert", alert.reader, context, language=alert.language, stop_path=alert.stop_path).send()
    return True


def confirm(alert: StockAlert) -> bool:
    """The guest has opened the link: wait from now on. False: the size is back already, and the wait is over."""
    with transaction.atomic():
        variant = Variant.objects.select_for_update(no_key=True).get(pk=alert.variant_id)
        if variant.stock and alert.confirmed_at is None:
            alert.delete()
            return False
        StockAlert.objects.filter(pk=alert.pk, confirmed_at=None).update(confirmed_at=timezone.now())
    return True


# --- The worker's part --------------------------------------------------------------------------------------------


def waiting() -> Q:
    """Alerts that were confirmed and not sent."""
    return Q(sent_at=None, confirmed_at__isnull=False)


def send_alerts(now: datetime | None = None) -> int:
    """Mail those who wait for what is in stock, who waited longest first; returns how many mails went.

    Safe to run twice, at once, and to be killed: each alert is locked while its mail is handed over, and marked in the
    same transaction. A kill between the two is the one moment in which a mail can come twice.

    Raises:
        OSError: the mail server does not answer. The alerts that are left wait for the next look.
    """
    now = now or timezone.now()
    sent = 0
    for alert_id in _due(now):
        sent += _send(alert_id, now)
    return sent


def _due(now: datetime) -> list[int]:
    """The ids of the alerts to send: at most ``PER_PIECE`` for each piece within a ``WAVE``."""
    variants = (
        Variant.objects.filter(stock__gt=0, product__status=Product.Status.ACTIVE)
        .filter(pk__in=StockAlert.objects.filter(waiting()).values("variant"))
        .annotate(told=Count("stock_alerts", filter=Q(stock_alerts__sent_at__gt=now - WAVE)))
        .annotate(room=F("stock") * PER_PIECE - F("told"))
        .filter(room__gt=0)
        .order_by("pk")
    )
    due: list[int] = []
    for variant in variants:
        alerts = variant.stock_alerts.filter(waiting()).order_by("confirmed_at", "pk")
        due += alerts.values_list("pk", flat=True)[: min(variant.room, PER_LOOK - len(due))]
        if len(due) >= PER_LOOK:
            break
    return due


def _send(alert_id: int, now: datetime) -> bool:
    with transaction.atomic():
        alert = (
            StockAlert.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("variant__product", "user")
            .filter(waiting(), pk=alert_id, variant__stock__gt=0)
            .first()
        )
        if alert is None:
            return False
        alert.sent_at = now
        alert.save(update_fields=["sent_at"])
        context = {"alert": alert, "product": alert.variant.product, "variant": alert.variant}
        mail = letter(
            "back_in_stock", alert.reader, context, language=alert.language, stop_path=alert.stop_path
        )
        try:
            mail.send()
        except SMTPRecipientsRefused:  # this address alone: the others are not to wait for it
            log.warning("An address does not take mails; its alert is over.", alert=alert.pk)
            return False
    return True


def forget_alerts(now: datetime) -> int:
    """Delete what nobody confirmed, and what was sent long ago. Returns how many."""
    unconfirmed = Q(confirmed_at=None, created_at__lt=now - CONFIRM_WITHIN)
    return StockAlert.objects.filter(unconfirmed | Q(sent_at__lt=now - KEPT)).delete()[0]
