"""Start-up checks of the vision app."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from vision.registry import shipped_model_problem


@register(Tags.files)
def shipped_model_is_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The model that comes with the project must be there, as it was built. The shop itself runs without."""
    problem = shipped_model_problem()
    if not problem:
        return []
    return [
        Warning(
            f"Pictures cannot be looked at with the shipped model. {problem}",
            hint="Restore vision/weights from the repository, or train a model (manage.py train_classifier) and "
            "activate it: manage.py register_model DIR --activate",
            id="vision.W001",
        )
    ]
