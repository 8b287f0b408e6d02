"""Issuing invoices and credit notes, in the transaction of the payment or the refund that they are about.

The counter's row is the last lock of such a transaction: others wait only for the numbering, and a transaction that is
rolled back gives its number back with it.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from shop.checkout.cart import rounded
from shop.checkout.models import Invoice, InvoiceCounter, Order, OrderLine, Refund
from shop.checkout.pricing import tax_of


def issue_invoice(order: Order) -> Invoice:
    """The invoice of an order that was paid just now. Called with the order locked."""
    snapshot = {
        **_head(order),
        "lines": [
            {
                "name": line.name,
                "sku": line.sku,
                "size": line.size,
                "quantity": line.quantity,
                "price": str(line.price),
                "total": str(line.total),
                "tax_percent": str(line.tax_percent),
                "tax": str(line.tax),
            }
            for line in order.lines.all()
        ],
        "subtotal": str(order.subtotal),
        "discount": str(order.discount),
        "shipping": str(order.shipping),
        "shipping_tax": str(order.shipping_tax),
        "tax": str(order.tax),
        "prices_include_tax": order.prices_include_tax,
        "total": str(order.total),
    }
    return _issue(Invoice.Kind.INVOICE, order, snapshot)


def issue_credit_note(
    refund: Refund, pieces: Sequence[tuple[OrderLine, int, Decimal]] = ()
) -> Invoice | None:
    """The credit note of a refund (``pieces``: line, how many, what they cost). None: the order has no invoice to
    correct, since it was paid before there were any."""
    order = refund.payment.order
    invoice = order.invoices.filter(kind=Invoice.Kind.INVOICE).first()
    if invoice is None:
        return None
    snapshot = {
        # To whom the invoice went, even where the order has forgotten the person since.
        **_head(order),
        "buyer": invoice.snapshot["buyer"],
        "corrects": invoice.label,
        "reason": refund.reason,
        "lines": [
            {"name": line.name, "sku": line.sku, "size": line.size, "quantity": n, "total": str(amount)}
            for line, n, amount in pieces
        ],
        "tax": str(_tax_in(order, refund.amount, pieces)),
        "total": str(refund.amount),
    }
    return _issue(Invoice.Kind.CREDIT_NOTE, order, snapshot, refund)


def _tax_in(order: Order, amount: Decimal, pieces: Sequence[tuple[OrderLine, int, Decimal]]) -> Decimal:
    """The tax in what goes back: of pieces by their own rate, of a sum by the share that tax has in the order."""
    if pieces:
        taxes = (tax_of(price, line.tax_percent, included=True) for line, _n, price in pieces)
        return sum(taxes, Decimal("0.00"))
    return rounded(amount * order.tax / order.total) if order.total else Decimal("0.00")


def _head(order: Order) -> dict[str, Any]:
    city = f"{order.postcode} {order.city}".strip()
    address = [order.name, order.street, order.extra, city, order.country_name]
    return {
        "seller": {
            "name": settings.SHOP_NAME,
            "address": settings.SHOP_ADDRESS,
            "tax_id": settings.SHOP_TAX_ID,
            "email": settings.SHOP_EMAIL,
        },
        "buyer": [line for line in address if line],
        "order": order.number,
        "ordered_on": timezone.localdate(order.created_at).isoformat(),
        "issued_on": timezone.localdate().isoformat(),
        "currency": order.currency,
        "language": order.language or settings.LANGUAGE_CODE,
    }


def _issue(kind: str, order: Order, snapshot: dict[str, Any], refund: Refund | None = None) -> Invoice:
    year = timezone.localdate().year
    return Invoice.objects.create(
        kind=kind,
        year=year,
        number=_next_number(kind, year),
        order=order,
        refund=refund,
        snapshot=snapshot,
    )


def _next_number(kind: str, year: int) -> int:
    counter, _ = InvoiceCounter.objects.get_or_create(kind=kind, year=year)
    locked = InvoiceCounter.objects.select_for_update().get(pk=counter.pk)
    locked.last += 1
    locked.save(update_fields=["last"])
    return locked.last
