"""What happened to an order."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.checkout.models.order import Order
from shop.storefront.templatetags.storefront import money


class OrderEvent(models.Model):
    """One thing that happened to an order, written in the transaction of the change itself and never changed.

    ``details`` hold plain values, not sentences, so that each reader gets the words of their own language:
    carrier, tracking and tracking_url of a shipment, amount of a refund, pieces of a return, why.
    """

    class Kind(models.TextChoices):
        PLACED = "placed"
        PAID = "paid"
        PACKED = "packed"
        SHIPPED = "shipped"
        DELIVERED = "delivered"
        CANCELLED = "cancelled"
        RETURN_ASKED = "return_asked", "return asked for"
        RETURN_ACCEPTED = "return_accepted", "return accepted"
        RETURN_REFUSED = "return_refused", "return refused"
        RETURN_RECEIVED = "return_received", "return received"
        REFUNDED = "refunded"
        REFUND_FAILED = "refund_failed", "refund failed"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: the shopper as a guest, the payment provider, or the shop by itself.",
    )
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.order}: {self.get_kind_display()}"

    @property
    def is_for_shoppers(self) -> bool:
        """Whether the shopper is told. That a provider refused a refund is the shop's to mend."""
        return self.kind != self.Kind.REFUND_FAILED

    @property
    def words(self) -> str:
        """What happened, as a sentence for the shopper, in the language of the moment."""
        told = {"why": "", "carrier": "", "tracking": "", "pieces": 0, **self.details}
        kind = self.Kind
        match self.kind:
            case kind.PLACED:
                return _("We have your order.")
            case kind.PAID:
                return _("Your payment has arrived.")
            case kind.PACKED:
                return _("Packed, and waiting for the carrier.")
            case kind.SHIPPED if told["carrier"] and told["tracking"]:
                return _("On its way with %(carrier)s, parcel %(tracking)s.") % told
            case kind.SHIPPED if told["carrier"]:
                return _("On its way with %(carrier)s.") % told
            case kind.SHIPPED:
                return _("On its way.")
            case kind.DELIVERED:
                return _("Delivered.")
            case kind.CANCELLED if told["why"] == "unpaid":
                return _("Cancelled, because it was not paid in time.")
            case kind.CANCELLED:
                return _("Cancelled.")
            case kind.RETURN_ASKED:
                return (
                    ngettext(
                        "You want to send %(pieces)d piece back.",
                        "You want to send %(pieces)d pieces back.",
                        told["pieces"],
                    )
                    % told
                )
            case kind.RETURN_ACCEPTED:
                return _("We wait for your parcel.")
            case kind.RETURN_REFUSED if told["why"]:
                return _("We cannot take it back: %(why)s") % told
            case kind.RETURN_REFUSED:
                return _("We cannot take it back.")
            case kind.RETURN_RECEIVED:
                return _("What you sent back has arrived here.")
            case kind.REFUNDED:
                return _("%(amount)s goes back to you.") % {"amount": self.amount}
        return _("The money could not be given back yet. We see to it.")

    @property
    def amount(self) -> str:
        """The refund's amount with its currency, as it is shown."""
        return money(self.details["amount"], self.order.currency)
