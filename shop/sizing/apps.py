from django.apps import AppConfig


class SizingConfig(AppConfig):
    name = "shop.sizing"
    verbose_name = "Size guide"
    label = "sizing"

    def ready(self) -> None:
        from shop.sizing import receivers  # noqa: F401 - connected once, here
