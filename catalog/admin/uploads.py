"""Several pictures in one go."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,.heic,.heif"


def check_size(file: UploadedFile) -> None:
    """Refuse what the worker would refuse for its size; everything else is for the worker to say.

    Raises:
        ValidationError: with a sentence.
    """
    limit = settings.PICTURE_MAX_BYTES
    if file.size and file.size > limit:
        raise ValidationError(
            f"{file.name} has {file.size / 1024**2:.1f} MB; pictures may have up to {limit / 1024**2:.0f} MB. "
            "Save it smaller and choose it again."
        )


class PictureInput(forms.FileInput):
    """A plain file input: without a link to what waits, for uploads are never served and have no address."""

    template_name = "admin/catalog/file_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": ACCEPT, "class": "file-input", **(attrs or {})})


class PicturesInput(PictureInput):
    """Takes several files."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """A list of uploaded files."""

    widget = PicturesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        cleaned = [super(PicturesField, self).clean(file, initial) for file in files if file]
        for file in cleaned:
            check_size(file)
        return cleaned
