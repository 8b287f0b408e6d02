"""News from the till."""

from django.dispatch import Signal

# An order was paid, inside the transaction that says so: order.
order_paid = Signal()

# A message lies in the outbox, inside the transaction that it tells of: message.
message_written = Signal()
