"""What the till knows about a person, and how it forgets."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.privacy import CannotErase
from shop.checkout.fulfilling import NOT_SENT
from shop.checkout.models import Cart, Order, Return
from shop.checkout.placing import cancel_order


def personal_data(user: User) -> dict[str, Any]:
    """The user's bag and orders as plain values, for the export."""
    return {
        "bag": list(
            Cart.objects.filter(user=user, lines__isnull=False)
            .order_by("lines__id")
            .values(
                sku=F("lines__variant__sku"),
                name=F("lines__variant__product__name"),
                pieces=F("lines__quantity"),
                saved_for_later=F("lines__is_saved"),
            )
        ),
        "orders": [
            _order_as_values(order)
            for order in user.orders.prefetch_related("lines", "payments", "returns", "invoices")
        ],
    }


def _order_as_values(order: Order) -> dict[str, Any]:
    fields = ["number", "status", "email", "name", "street", "extra", "postcode", "city", "country", "phone"]
    money = ["currency", "subtotal", "shipping", "total", "created_at", "paid_at"]
    return {
        **{name: getattr(order, name) for name in [*fields, *money]},
        "lines": [
            {
                "sku": line.sku,
                "name": line.name,
                "size": line.size,
                "pieces": line.quantity,
                "price": line.price,
            }
            for line in order.lines.all()
        ],
        "payments": [
            {"provider": p.provider, "amount": p.amount, "status": p.status, "created_at": p.created_at}
            for p in order.payments.all()
        ],
        "returns": [
            {"state": r.state, "words": r.words, "answer": r.answer, "created_at": r.created_at}
            for r in order.returns.all()
        ],
        "invoices": [{"number": i.label, **i.snapshot} for i in order.invoices.all()],
    }


def still_under_way(user: User) -> list[str]:
    """What becomes of orders that are not over, when the account is erased, as sentences."""
    unpaid = user.orders.filter(status=Order.Status.AWAITING_PAYMENT).values_list("number", flat=True)
    on_their_way = user.orders.filter(status=Order.Status.SHIPPED).values_list("number", flat=True)
    return [
        *(_("Order %(number)s is not paid: it is cancelled.") % {"number": number} for number in unpaid),
        *(
            _(
                "Order %(number)s is on its way to you. Without the account you see it by the link in its mail alone."
            )
            % {"number": number}
            for number in on_their_way
        ),
    ]


def anonymise_orders(user: User) -> None:
    """Keep the figures of the user's orders for the books, without the person. Unpaid orders are cancelled.

    Invoices and credit notes stay as they were issued, with the name and address on them: the law has them kept for
    years (docs/operations.md), and only who may see invoices in the admin sees them.

    Raises:
        CannotErase: while a paid order still has to be sent.
    """
    unsent = user.orders.filter(status__in=NOT_SENT).first()
    if unsent:
        raise CannotErase(
            f"Order {unsent.number} is paid and not sent yet: it needs your address. Come back when it is on its way, "
            "or write to us if you do not want it any more."
        )
    for order in user.orders.filter(status=Order.Status.AWAITING_PAYMENT):
        cancel_order(order)
    Return.objects.filter(order__user=user).update(words="")
    user.orders.update(
        user=None,
        email="",
        name="Erased",
        street="",
        extra="",
        postcode="",
        city="",
        phone="",
        session_key="",
    )
