from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CheckoutConfig(AppConfig):
    name = "shop.checkout"
    verbose_name = "Checkout"
    label = "checkout"

    def ready(self) -> None:
        from shop.checkout import receivers  # noqa: F401 - connected once, here
        from shop.checkout.seeding import seed_prices

        post_migrate.connect(seed_prices, sender=self, dispatch_uid="seed_prices")
