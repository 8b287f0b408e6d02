"""The owner's pages of the till."""

from shop.checkout.admin import orders, outbox  # noqa: F401 - they register themselves
