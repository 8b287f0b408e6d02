"""What a new shop begins with: one way of delivery, and the standard rates of value added tax in the European Union."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps as installed_apps
from django.conf import settings
from django.db import transaction

from accounts.countries import COUNTRIES

# Standard rates of the member states in 2026, to begin with: owners check them in the admin. Countries outside of the
# Union have none here, since what is due there depends on where a shop is registered.
STANDARD_VAT = {
    "AT": "20", "BE": "21", "BG": "20", "HR": "25", "CY": "19", "CZ": "21", "DK": "25", "EE": "24", "FI": "25.5",
    "FR": "20", "DE": "19", "GR": "24", "HU": "27", "IE": "23", "IT": "22", "LV": "21", "LT": "21", "LU": "17",
    "MT": "18", "NL": "21", "PL": "23", "PT": "23", "RO": "21", "SK": "23", "SI": "22", "ES": "21", "SE": "25",
}  # fmt: skip
_SINCE = date(2026, 1, 1)


def seed_prices(apps: Any = installed_apps, using: str = "default", **kwargs: Any) -> None:
    """Fill the tables of delivery and tax where they are empty. Called after every migration: a shop without any way
    of delivery could sell nothing."""
    try:
        zones, methods, rates, taxes = (
            apps.get_model("checkout", name).objects.using(using)
            for name in ("ShippingZone", "ShippingMethod", "ShippingRate", "TaxRate")
        )
    except LookupError:  # migrated to a time before these tables
        return
    with transaction.atomic(using=using):
        if not (zones.exists() or methods.exists()):
            zone = zones.create(name="Where we deliver", countries=list(COUNTRIES))
            method = methods.create(name="Standard delivery", words="2 to 4 working days")
            rates.create(
                zone=zone,
                method=method,
                lower=0,
                price=settings.SHIPPING_PRICE,
                free_from=settings.FREE_SHIPPING_FROM,
            )
        if not taxes.exists():
            taxes.bulk_create(
                taxes.model(
                    country=country, tax_class="standard", percent=Decimal(percent), valid_from=_SINCE
                )
                for country, percent in STANDARD_VAT.items()
            )
