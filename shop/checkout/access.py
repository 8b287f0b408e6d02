"""Whose order is it? A user's own, or a guest's by the link of the confirmation mail."""

from django.core.signing import Signer
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from shop.checkout.models import Order

MINE_KEY = "orders"
_MOST_REMEMBERED = 20


def key_of(order: Order) -> str:
    """What opens a guest's order: a signature over its secret, so that neither the number nor the database does."""
    return Signer(salt="shop.checkout.order").signature(f"{order.number}:{order.secret}")


def link_to(order: Order) -> str:
    """The path of the order's page, with the key when the order belongs to no account."""
    url = reverse("order", args=[order.number])
    return url if order.user_id else f"{url}?key={key_of(order)}"


def own_order(request: HttpRequest, number: str) -> Order:
    """The order ``number`` if whoever asks may see it.

    An order of an account opens for that account alone. A guest's order opens in the browser that placed it, and
    by its key.

    Raises:
        Http404: for everybody else, and for a number that does not exist.
    """
    order = Order.objects.filter(number=number).first()
    if order is None or not _may_see(request, order):
        raise Http404("No such order.")
    return order


def _may_see(request: HttpRequest, order: Order) -> bool:
    if order.user_id is not None:
        return request.user.is_authenticated and request.user.pk == order.user_id
    if order.number in request.session.get(MINE_KEY, []):
        return True
    given = request.POST.get("key") or request.GET.get("key") or ""
    return constant_time_compare(given, key_of(order))


def remember_order(request: HttpRequest, order: Order) -> None:
    """Let this browser open the guest's order without its key."""
    mine = request.session.get(MINE_KEY, [])
    if order.user_id is None and order.number not in mine:
        request.session[MINE_KEY] = [*mine, order.number][-_MOST_REMEMBERED:]
