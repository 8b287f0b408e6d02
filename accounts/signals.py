"""News from the accounts that other apps may want to hear.

Each is sent with ``user`` and ``product_id``.
"""

from django.dispatch import Signal

wish_added = Signal()
wish_removed = Signal()
