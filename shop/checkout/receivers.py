"""News that the till listens to."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.shopper import Shopper
from accounts.signals import account_erased, erasure_considered, personal_data_wanted
from recommendations.models import Interaction
from recommendations.recording import record
from shop.checkout import erasing
from shop.checkout.carts import merge_at_sign_in
from shop.checkout.models import Order, OutboxMessage
from shop.checkout.signals import message_written, order_paid
from shop.checkout.tasks import deliver_message


@receiver(user_logged_in)
def merge_bags(sender: Any, user: User, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """What a visitor put into the bag before signing in comes along."""
    if request is None or not hasattr(request, "session"):
        return
    merge = merge_at_sign_in(request, user)
    if merge and merge.pieces:
        sentence = _("What was in your bag before you signed in is still there.")
        messages.info(request, sentence, fail_silently=True)  # not every way to sign in has pages


@receiver(email_confirmed)
def claim_guest_orders(sender: Any, request: HttpRequest, email_address: EmailAddress, **kwargs: Any) -> None:
    """Orders placed as a guest join the account once the shopper has shown that the address is theirs."""
    Order.objects.filter(user=None, email__iexact=email_address.email).update(user=email_address.user)


@receiver(message_written)
def hand_over(sender: Any, message: OutboxMessage, **kwargs: Any) -> None:
    """Queue a message once what it tells of is committed; a later one is queued for its time."""
    seconds = max(0.0, (message.due_at - timezone.now()).total_seconds())

    def queue() -> None:  # a function, not a partial: Django names it in the log when it fails
        deliver_message.apply_async((message.pk,), countdown=seconds)

    transaction.on_commit(queue, robust=True)


@receiver(order_paid)
def record_purchases(sender: Any, order: Order, **kwargs: Any) -> None:
    """Each product bought is one interaction of whoever bought it."""
    if order.user:
        shopper = Shopper(user_id=order.user.pk, personalised=order.user.personalised)
    else:
        shopper = Shopper(visitor=order.session_key)
    bought = set(order.lines.exclude(product=None).values_list("product_id", flat=True))

    def record_each() -> None:
        for product_id in bought:
            record(shopper, product_id, Interaction.Kind.PURCHASE)

    transaction.on_commit(record_each, robust=True)


@receiver(personal_data_wanted)
def tell_what_the_till_knows(sender: Any, user: User, **kwargs: Any) -> dict[str, Any]:
    return erasing.personal_data(user)


@receiver(erasure_considered)
def tell_of_open_orders(sender: Any, user: User, **kwargs: Any) -> list[str]:
    return erasing.still_under_way(user)


@receiver(account_erased)
def anonymise_orders(sender: Any, user: User, **kwargs: Any) -> None:
    erasing.anonymise_orders(user)
