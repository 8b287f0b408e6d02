"""The owner's pages of the till."""

from shop.checkout.admin import invoices, orders, outbox, returns  # noqa: F401 - they register themselves
