from django.apps import AppConfig


class VisionConfig(AppConfig):
    name = "vision"
    verbose_name = "Vision"

    def ready(self) -> None:
        from vision import checks, receivers  # noqa: F401 - connected once, here
