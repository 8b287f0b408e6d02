"""Those who move money, and the one that this shop uses.

A provider that is not configured is not imported.
"""

from django.conf import settings

from shop.checkout.providers.interface import Forged, News, Outcome, Provider, ProviderRefused
from shop.checkout.providers.offline_bank import TestProvider

PROVIDERS: dict[str, Provider] = {"test": TestProvider()}

if settings.STRIPE_SECRET_KEY:
    from shop.checkout.providers.stripe import Stripe

    PROVIDERS["stripe"] = Stripe(settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET)


def till_provider() -> Provider:
    """The provider of new payments: Stripe where it is configured, else the test provider, which moves no money."""
    return PROVIDERS.get("stripe", PROVIDERS["test"])


__all__ = ["PROVIDERS", "Forged", "News", "Outcome", "Provider", "ProviderRefused", "till_provider"]
