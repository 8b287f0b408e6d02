"""Orders after they were placed: the page, the history, cancelling, ordering again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.shopper import shopper_of
from shop.checkout import carts
from shop.checkout.access import own_order, remember_order
from shop.checkout.models import Order
from shop.checkout.placing import TIME_TO_PAY, cancel_order

PER_PAGE = 20


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
    context = {
        "order": mine,
        "lines": mine.lines.select_related("product"),
        "pay_until": mine.created_at + TIME_TO_PAY,
        "key": request.GET.get("key", ""),
    }
    return render(request, "checkout/order.html", context)


@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Let an unpaid order go."""
    mine = own_order(request, number)
    remember_order(request, mine)
    if cancel_order(mine):
        messages.success(request, "The order is cancelled. Nothing was charged.")
    else:
        messages.error(
            request, "This order does not wait for payment any more, so it cannot be cancelled here."
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
        messages.success(request, "What we still have of this order is in your bag.")
    return redirect("cart")
