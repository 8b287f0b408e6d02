from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "shop.storefront"
    verbose_name = "Storefront"
    label = "storefront"

    def ready(self) -> None:
        from shop.storefront import receivers  # noqa: F401 connects them, now that the models are loaded
