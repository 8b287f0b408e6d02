"""Which tax is due where."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.countries import COUNTRIES, country_name
from catalog.models import TaxClass


class TaxRate(models.Model):
    """The tax of one class of goods in one country from a day on; the rate before it stays for the books."""

    country = models.CharField(max_length=2, choices=COUNTRIES)
    tax_class = models.CharField(max_length=10, choices=TaxClass, default=TaxClass.STANDARD)
    percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    valid_from = models.DateField()

    class Meta:
        ordering = ["country", "-tax_class", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "tax_class", "valid_from"],
                name="one_tax_rate_a_day",
                violation_error_message="This country has a rate of this class from that day already. Change that one.",
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0) & Q(percent__lte=100), name="tax_percent_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent.normalize():f} % in {country_name(self.country)}"
