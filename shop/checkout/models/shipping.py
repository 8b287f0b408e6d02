"""Ways of delivery, and what they cost where."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.countries import COUNTRIES, country_name
from shop.checkout.pricing import Band

_NOT_BELOW_ZERO = [MinValueValidator(Decimal(0))]


class ShippingZone(models.Model):
    """Countries to which delivery costs the same."""

    name = models.CharField(max_length=80, unique=True)
    countries = ArrayField(models.CharField(max_length=2, choices=COUNTRIES), default=list, blank=True)
    is_rest_of_world = models.BooleanField(
        "the rest of the world",
        default=False,
        help_text="Holds every country that no other zone names.",
    )

    class Meta:
        ordering = ["is_rest_of_world", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_rest_of_world"],
                condition=Q(is_rest_of_world=True),
                name="one_rest_of_world",
                violation_error_message="Another zone holds the rest of the world already. There is one such zone.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A country belongs to one zone, and a zone holds something."""
        if not self.countries and not self.is_rest_of_world:
            raise ValidationError(
                {"countries": "Choose at least one country, or make it the rest of the world."}
            )
        if self.countries and self.is_rest_of_world:
            raise ValidationError(
                {"countries": "The rest of the world names no countries: leave them out here."}
            )
        others = ShippingZone.objects.exclude(pk=self.pk).filter(countries__overlap=self.countries)
        for other in others:
            twice = ", ".join(country_name(code) for code in self.countries if code in other.countries)
            raise ValidationError(
                {"countries": f"{twice}: in the zone “{other}” already. Take it out there first."}
            )


class ShippingMethod(models.Model):
    """A way of delivery that shoppers may choose."""

    class ChargedBy(models.TextChoices):
        PRICE = "price", "the price of the goods"
        WEIGHT = "weight", "the weight in grams"

    name = models.CharField(max_length=80)
    words = models.CharField(
        "how long it takes", max_length=120, blank=True, help_text="Such as: 2 to 4 working days."
    )
    charged_by = models.CharField(max_length=10, choices=ChargedBy, default=ChargedBy.PRICE)
    position = models.PositiveIntegerField(
        default=0, help_text="The first one is chosen for shoppers who choose none."
    )
    is_active = models.BooleanField("offered", default=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class ShippingRate(models.Model):
    """What a way of delivery costs to one zone, for bags within a band of prices or weights."""

    method = models.ForeignKey(ShippingMethod, on_delete=models.CASCADE, related_name="rates")
    zone = models.ForeignKey(ShippingZone, on_delete=models.CASCADE, related_name="rates")
    lower = models.DecimalField(
        "from", max_digits=10, decimal_places=2, default=Decimal(0), validators=_NOT_BELOW_ZERO
    )
    upper = models.DecimalField(
        "up to, not with",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Empty: without end.",
    )
    price = models.DecimalField(max_digits=10, decimal_places=2, validators=_NOT_BELOW_ZERO)
    free_from = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=_NOT_BELOW_ZERO,
        help_text="What the goods must cost, after discounts, for free delivery. Empty: never free.",
    )

    class Meta:
        ordering = ["zone", "lower"]
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0) & Q(lower__gte=0), name="shipping_rate_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(upper__isnull=True) | Q(upper__gt=F("lower")),
                name="shipping_band_not_empty",
                violation_error_message="A band must end above where it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.band_words}: {self.price}"

    @property
    def band(self) -> Band:
        return Band(self.lower, self.upper, self.price, self.free_from)

    @property
    def band_words(self) -> str:
        return f"from {self.lower:g}" + ("" if self.upper is None else f" up to {self.upper:g}")
