"""Pictures from outside, and a product's own. The files that shoppers see are made by ``catalog.renditions``."""

from django.core.files.storage import default_storage, storages
from django.db import models

from catalog.models.product import Product


def incoming_storage():
    """Where uploads wait, unserved, until a worker has re-encoded them."""
    return storages["incoming"]


class RenderedPicture(models.Model):
    """A picture as it came, and what was made of it.

    ``upload`` holds the file as it came until a worker has re-encoded it; then it is deleted and ``stem`` names
    the renditions: ``<stem>-<width>.webp`` for each of ``widths`` in the default storage.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        BROKEN = "broken"

    upload = models.FileField(storage=incoming_storage, upload_to="%Y/%m", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, editable=False)
    error = models.CharField(max_length=300, blank=True, editable=False)
    position = models.PositiveIntegerField(default=0)
    source_hash = models.CharField(
        max_length=64, blank=True, db_index=True, editable=False, help_text="SHA-256 of the file as it came."
    )
    stem = models.CharField(max_length=120, blank=True, editable=False)
    widths = models.JSONField(default=list, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    dominant_colour = models.CharField(max_length=7, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def new_stem(self, source_hash: str) -> str:
        """Where the renditions of a file with this hash go; another name for another content."""
        raise NotImplementedError

    def rendition_name(self, width: int) -> str:
        """The storage name of the rendition that is ``width`` pixels wide."""
        return f"{self.stem}-{width}.webp"

    def width_for(self, width: int) -> int:
        """How wide the smallest rendition is that has at least ``width`` (or the largest); 0 without renditions."""
        fitting = [w for w in self.widths if w >= width]
        return min(fitting) if fitting else max(self.widths, default=0)

    def url_for(self, width: int) -> str:
        """The address of the smallest rendition at least ``width`` wide (or of the largest)."""
        if not self.widths:
            return ""
        return default_storage.url(self.rendition_name(self.width_for(width)))

    @property
    def url(self) -> str:
        """The address of the largest rendition."""
        return self.url_for(max(self.widths)) if self.widths else ""

    @property
    def srcset(self) -> str:
        """All renditions, as the ``srcset`` attribute wants them."""
        return ", ".join(f"{default_storage.url(self.rendition_name(w))} {w}w" for w in sorted(self.widths))


class ProductImage(RenderedPicture):
    """One picture of a product."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    alt = models.CharField("alternative text", max_length=200, blank=True)

    def __str__(self) -> str:
        return self.alt or f"Picture {self.position + 1} of {self.product}"

    def new_stem(self, source_hash: str) -> str:
        return f"products/{self.pk // 1000}/{self.pk}-{source_hash[:12]}"
