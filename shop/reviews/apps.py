from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "shop.reviews"
    verbose_name = "Reviews and questions"
    label = "reviews"

    def ready(self) -> None:
        from shop.reviews import receivers  # noqa: F401 - connected once, here
