"""What shoppers save for later, on lists."""

import secrets
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

DEFAULT_NAME = "Wish list"


class WishList(models.Model):
    """A list of saved products, of a user or of a visitor who is known by a number. Each shopper has one default list,
    which the hearts fill; a user may have others."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="wish_lists"
    )
    visitor = models.CharField(max_length=32, blank=True)
    name = models.CharField(max_length=60)
    is_default = models.BooleanField(default=False)
    # Opens the list for whoever knows it; None: nobody but its owner sees the list.
    secret = models.CharField(max_length=43, unique=True, null=True, blank=True, editable=False)
    shows_name = models.BooleanField(
        "show the owner's name", default=False, help_text="To those who have the secret link."
    )
    mails_price_drops = models.BooleanField(
        "mail when something costs less", default=False, help_text="Only where the shopper has asked for it."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-is_default", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, visitor="") | (Q(user__isnull=True) & ~Q(visitor="")),
                name="wish_list_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="one_default_wish_list_per_user"
            ),
            models.UniqueConstraint(
                fields=["visitor"], condition=~Q(visitor=""), name="one_wish_list_per_visitor"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("wishlist") if self.is_default else reverse("wishlist_list", args=[self.pk])

    @property
    def is_shared(self) -> bool:
        return bool(self.secret)

    @property
    def shared_url(self) -> str:
        """The secret address, without the shop's own; empty while the list is not shared."""
        return reverse("wishlist_shared", args=[self.secret]) if self.secret else ""

    def share(self) -> None:
        """Give the list a new secret address; one that it had before leads nowhere any more."""
        self.secret = secrets.token_urlsafe(32)
        self.save(update_fields=["secret"])

    def unshare(self) -> None:
        """Let nobody but the owner see the list."""
        self.secret = None
        self.save(update_fields=["secret"])


class WishlistItem(models.Model):
    """A product that a shopper saved for later; it stands on one of their lists.

    ``user`` repeats the list's owner (None: a visitor): hearts and recommendations ask for all that a user saved,
    and the database keeps a product from standing on two lists of one user.
    """

    list = models.ForeignKey(WishList, on_delete=models.CASCADE, related_name="items")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="wishlist_items",
    )
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="wishlist_items")
    variant = models.ForeignKey(
        "catalog.Variant",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="wanted size",
    )
    note = models.CharField(max_length=200, blank=True)
    # What the card showed when it was saved; None where that is not known.
    saved_price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True, editable=False)
    saved_currency = models.CharField(max_length=3, blank=True, editable=False)
    # Prices that fell before ``told_at`` are no news; the last mail about prices went at ``mailed_at``.
    told_at = models.DateTimeField(default=timezone.now, editable=False)
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "product"], name="product_once_in_wishlist"),
            models.UniqueConstraint(fields=["list", "product"], name="product_once_on_each_list"),
        ]

    def __str__(self) -> str:
        return f"{self.user or 'A visitor'} saved {self.product}"

    @property
    def saving(self) -> Decimal | None:
        """By how much the product costs less than when it was saved (negative: more); None: alike, or not known."""
        if self.saved_price is None or self.saved_currency != self.product.currency:
            return None
        return self.saved_price - self.product.price or None

    @property
    def extra_cost(self) -> Decimal | None:
        """By how much the product costs more than when it was saved, if it does."""
        return -self.saving if self.saving and self.saving < 0 else None
