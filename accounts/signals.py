"""News from the accounts that other apps may want to hear."""

from django.dispatch import Signal

# A product was saved to, or taken from, a wish list: shopper (an ``accounts.shopper.Shopper``), product_id.
wish_added = Signal()
wish_removed = Signal()
# A visitor's wish list joined the user's at sign-in: user.
wishes_merged = Signal()
# A shopper wants to see everything that is known: user. Receivers answer with {section: plain values}.
personal_data_wanted = Signal()
# A shopper thinks of erasing the account: user. Receivers answer with sentences about what is still under way.
erasure_considered = Signal()
# An account is about to be deleted, in the same transaction: user. Rows that belong to it go by themselves; receivers
# see to what has to stay without the person, or raise ``accounts.privacy.CannotErase``.
account_erased = Signal()
