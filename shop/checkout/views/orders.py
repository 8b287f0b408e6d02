"""Orders after they were placed: the page, the history, cancelling, ordering again."""

from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.shopper import shopper_of
from shop.checkout import carts, payments, returning
from shop.checkout.access import own_order, remember_order
from shop.checkout.models import Order, OrderEvent
from shop.checkout.placing import TIME_TO_PAY, cancel_order

PER_PAGE = 20


class Step(NamedTuple):
    """A step of an order, as its page draws it."""

    words: str
    is_done: bool
    is_now: bool


@login_required
@never_cache
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """All that the shopper ordered, newest first."""
    mine = Order.objects.filter(user=request.user).prefetch_related("lines")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "checkout/orders.html", {"page": page})


@never_cache
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order: what, where to, how far it is."""
    mine = own_order(request, number)
    events = [event for event in mine.events.all() if event.is_for_shoppers]
    context = {
        "order": mine,
        "lines": mine.lines.select_related("product"),
        "events": events,
        "invoices": mine.invoices.order_by("issued_at", "pk"),
        "steps": _steps(mine),
        "pay_until": mine.created_at + TIME_TO_PAY,
        "may_return": any(
            event.kind == OrderEvent.Kind.DELIVERED and returning.is_in_time(event.at) for event in events
        ),
        "waits_for_bank": mine.awaits_payment and _waits_for_bank(mine),
        "key": request.GET.get("key", ""),
    }
    return render(request, "checkout/order.html", context)


def _waits_for_bank(order: Order) -> bool:
    """Whether somebody else has to answer before the shopper can do anything."""
    last = order.payments.first()
    return last is not None and payments.outcome_of(last).state == "waiting"


def _steps(order: Order) -> list[Step]:
    """How far the order is, from its placing to its delivery."""
    words = {
        Order.Status.AWAITING_PAYMENT: _("Ordered"),
        Order.Status.PAID: _("Paid"),
        Order.Status.PACKED: _("Packed"),
        Order.Status.SHIPPED: _("On its way"),
        Order.Status.DELIVERED: _("Delivered"),
    }
    now = list(words).index(order.status) if order.status in words else -1
    return [Step(name, place <= now, place == now) for place, name in enumerate(words.values())]


@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Let an unpaid order go."""
    mine = own_order(request, number)
    remember_order(request, mine)
    if cancel_order(mine):
        messages.success(request, _("The order is cancelled. Nothing was charged."))
    else:
        messages.error(
            request, _("This order does not wait for payment any more, so it cannot be cancelled here.")
        )
    return redirect("order", number)


@require_POST
def order_again(request: HttpRequest, number: str) -> HttpResponse:
    """Put the pieces of an order into the bag, as far as they are still sold."""
    mine = own_order(request, number)
    cart = carts.cart_of(shopper_of(request, create=True), create=True)
    missing = carts.add_all(
        cart,
        [(line.variant, line.quantity, line.name) for line in mine.lines.select_related("variant__product")],
    )
    carts.remember_count(request, cart)
    for sentence in missing:
        messages.warning(request, sentence)
    if len(missing) < mine.lines.count():
        messages.success(request, _("What we still have of this order is in your bag."))
    return redirect("cart")
