"""Who wants to hear that a size is back."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse


def new_secret() -> str:
    """A text that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


class StockAlert(models.Model):
    """Somebody waits for a sold-out size: a user, or a guest with an address that has to be confirmed first.

    It waits (``sent_at`` None) from ``confirmed_at`` on, and is consumed by one mail.
    """

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="stock_alerts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="stock_alerts"
    )
    email = models.EmailField("a guest's address", blank=True)  # a user's mails go to where the account says
    secret = models.CharField(max_length=43, unique=True, default=new_secret, editable=False)
    language = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["variant", "confirmed_at"],
                condition=Q(sent_at__isnull=True, confirmed_at__isnull=False),
                name="stock_alerts_waiting",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="") | (Q(user__isnull=True) & ~Q(email="")),
                name="stock_alert_has_one_reader",
            ),
            models.UniqueConstraint(
                fields=["variant", "user"], condition=Q(sent_at__isnull=True), name="user_waits_once_per_size"
            ),
            models.UniqueConstraint(
                fields=["variant", "email"],
                condition=Q(sent_at__isnull=True) & ~Q(email=""),
                name="guest_waits_once_per_size",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader} waits for {self.variant}"

    @property
    def reader(self) -> str:
        """The address that the mail goes to."""
        return self.user.email if self.user else self.email

    @property
    def confirm_path(self) -> str:
        return reverse("back_in_stock_confirm", args=[self.secret])

    @property
    def stop_path(self) -> str:
        return reverse("back_in_stock_stop", args=[self.secret])
