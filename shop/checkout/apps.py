from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "shop.checkout"
    verbose_name = "Checkout"
    label = "checkout"

    def ready(self) -> None:
        from shop.checkout import receivers  # noqa: F401 - connected once, here
