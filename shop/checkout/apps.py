from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import post_migrate


class CheckoutConfig(AppConfig):
    name = "shop.checkout"
    verbose_name = "Checkout"
    label = "checkout"

    def ready(self) -> None:
        from shop.checkout import receivers  # noqa: F401 - connected once, here
        from shop.checkout.seeding import seed_prices

        check_country(settings.DEFAULT_COUNTRY)
        post_migrate.connect(seed_prices, sender=self, dispatch_uid="seed_prices")


def check_country(code: str) -> None:
    """Stop the start where bags would go to a country that nobody knows. Not in the settings: to read the names of
    countries is to ask for settings, of which only half would be there.

    Raises:
        ImproperlyConfigured: with a sentence that says what to write instead.
    """
    from accounts.countries import COUNTRIES

    if code not in COUNTRIES:
        raise ImproperlyConfigured(
            f"DEFAULT_COUNTRY must be the two-letter code of a country that the shop knows, such as AT or DE, not "
            f"{code!r}. See accounts/countries.py."
        )
