"""Invoices and credit notes: numbered without gaps, and never changed."""

from django.db import models
from django.db.models import Q

from shop.checkout.models.order import Order
from shop.checkout.models.payment import Refund


class Invoice(models.Model):
    """An invoice of a paid order, or a credit note of a refund, as it was on its day.

    ``snapshot`` holds all that is printed. The database refuses to change or delete a row (a trigger), since the law
    wants invoices kept as they were; what is wrong is corrected by a credit note.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice"
        CREDIT_NOTE = "credit_note", "credit note"

    kind = models.CharField(max_length=12, choices=Kind)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices")
    refund = models.OneToOneField(
        Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_note"
    )
    snapshot = models.JSONField()
    issued_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "number"], name="invoice_number_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(kind="invoice"), name="one_invoice_per_order"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as it is printed: INV-2026-000123, CN-2026-000007."""
        prefix = "INV" if self.kind == self.Kind.INVOICE else "CN"
        return f"{prefix}-{self.year}-{self.number:06}"


class InvoiceCounter(models.Model):
    """The last number of a kind and year. Its row is locked while the next one is taken, so that none is left out."""

    kind = models.CharField(max_length=12, choices=Invoice.Kind)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="invoice_counter_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"
