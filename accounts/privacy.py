"""The shopper's own data: consent, export, erasure.

Other apps take part through ``accounts.signals``: they tell what they know, and forget.
"""

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import StockAlert, User
from accounts.shopper import PERSONALISED_KEY
from accounts.signals import account_erased, erasure_considered, personal_data_wanted


class CannotErase(Exception):
    """An account that has to stay for now; ``str(error)`` tells the shopper why. Nothing was erased."""


def set_consent(request: HttpRequest, *, personalised: bool) -> None:
    """Switch personal pages on or off for whoever is looking; off: nothing more is recorded."""
    if request.user.is_authenticated:
        request.user.personalised = personalised
        request.user.save(update_fields=["personalised"])
    else:
        request.session[PERSONALISED_KEY] = personalised


def export(user: User) -> dict[str, Any]:
    """Everything the shop knows about ``user``, as plain values that ``DjangoJSONEncoder`` can write."""
    document: dict[str, Any] = {
        "exported_at": timezone.now(),
        "account": {
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "personal_pages": user.personalised,
            "joined": user.date_joined,
            "last_sign_in": user.last_login,
        },
        "addresses": list(
            user.addresses.values(
                "name", "street", "extra", "postcode", "city", "country", "phone", "is_default", "created_at"
            )
        ),
        "wish_lists": list(
            user.wish_lists.values(
                "name", "is_default", "shows_name", "mails_price_drops", "created_at"
            ).annotate(is_shared=ExpressionWrapper(Q(secret__isnull=False), output_field=BooleanField()))
        ),
        "wish_list": list(
            user.wishlist_items.values(
                "product__name",
                "product__slug",
                "list__name",
                "variant__size",
                "note",
                "saved_price",
                "created_at",
            )
        ),
        "stock_alerts": list(
            user.stock_alerts.values("variant__product__name", "variant__size", "created_at", "sent_at")
        ),
        "second_steps": list(user.authenticator_set.values("type", "created_at", "last_used_at")),
        "browsers": list(user.usersession_set.values("user_agent", "ip", "created_at")),
        "sign_ins": list(
            AccessLog.objects.filter(username__iexact=user.email).values(
                "attempt_time", "ip_address", "user_agent"
            )
        ),
    }
    for _receiver, section in personal_data_wanted.send(User, user=user):
        document.update(section)
    return document


def still_under_way(user: User) -> list[str]:
    """What a shopper should know before erasing the account, as sentences."""
    return [sentence for _receiver, told in erasure_considered.send(User, user=user) for sentence in told]


def erase(user: User) -> None:
    """Delete the account and all that belongs to it: addresses, wish lists, alerts, bag, history, photos, sign-in log.

    Orders stay in the books without the person.

    Raises:
        CannotErase: when an app still needs to know who it is, such as an order that is paid and not sent.
    """
    with transaction.atomic():
        account_erased.send(User, user=user)
        for log in (AccessAttempt, AccessFailureLog, AccessLog):
            log.objects.filter(username__iexact=user.email).delete()
        StockAlert.objects.filter(email__iexact=user.email).delete()  # asked for as a guest
        user.delete()
