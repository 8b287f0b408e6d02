"""News from the till."""

from django.dispatch import Signal

# An order was paid, inside the transaction that says so: order.
order_paid = Signal()
