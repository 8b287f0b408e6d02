"""The owner's pages of the till."""

from shop.checkout.admin import (  # noqa: F401 - they register themselves
    invoices,
    orders,
    outbox,
    prices,
    promotions,
    returns,
)
