"""What the network saw: model versions, analysed pictures, photos that shoppers ask about."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from pgvector.django import HnswIndex, VectorField

from catalog.models import ProductImage

EMBEDDING_SIZE = 128
COLOUR_SIZE = 64


class ModelVersion(models.Model):
    """A trained classifier that the shop knows. Exactly one is active."""

    name = models.CharField(max_length=80)
    version = models.CharField(max_length=80)
    backbone = models.CharField(max_length=60)
    folder = models.CharField(max_length=400, help_text="Where the model's files lie.")
    manifest = models.JSONField(default=dict)
    is_active = models.BooleanField(default=False)
    registered_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-registered_at"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="model_version_once"),
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="one_active_model"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class ImageAnalysis(models.Model):
    """What is known about one product picture."""

    image = models.OneToOneField(ProductImage, on_delete=models.CASCADE, related_name="analysis")
    model = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="analyses")
    source_hash = models.CharField(
        max_length=64, help_text="The picture that was analysed; the same hash is not analysed again."
    )
    labels = models.JSONField(default=list, help_text="[{label, kind, probability}], sorted by probability.")
    embedding = VectorField(dimensions=EMBEDDING_SIZE)
    colour_histogram = VectorField(dimensions=COLOUR_SIZE)
    colours = models.JSONField(default=list, help_text="[[hex, share]] of the garment's main colours.")
    perceptual_hash = models.BigIntegerField(db_index=True)
    analysed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "image analyses"
        indexes = [
            HnswIndex(
                name="analysis_embedding_hnsw",
                fields=["embedding"],
                m=16,
                ef_construction=64,
                opclasses=["vector_ip_ops"],
            ),
        ]

    def __str__(self) -> str:
        return f"Analysis of {self.image}"


class VisualDescriptors(models.Model):
    """The SIFT keypoints of one product picture, kept so that a refresh, or the proof that a shopper's photo is this
    very picture, need not open it again."""

    image = models.OneToOneField(ProductImage, on_delete=models.CASCADE, related_name="descriptors")
    source_hash = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    descriptors = models.BinaryField(help_text="uint8, (count, 128), row by row.")
    points = models.BinaryField(
        default=bytes, help_text="float16, (count, 2): x and y of each, in pixels of the picture made small."
    )

    class Meta:
        verbose_name_plural = "visual descriptors"

    def __str__(self) -> str:
        return f"{self.count} descriptors of {self.image}"


class PhotoQuery(models.Model):
    """A photo that a shopper asks about, and its answer. Forgotten after an hour."""

    class Status(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    session_key = models.CharField(max_length=64, blank=True)
    upload = models.BinaryField(
        null=True, help_text="The file as it came; emptied when the answer is there. Never served."
    )
    picture = models.BinaryField(
        null=True, help_text="The photo re-encoded (WebP, upright, no metadata), for the answer's page."
    )
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    box = models.JSONField(
        null=True,
        blank=True,
        help_text="[x, y, width, height] that the shopper drew, in pixels of the upright picture.",
    )
    filters = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    progress = models.PositiveSmallIntegerField(default=0, help_text="0 to 100.")
    message = models.CharField(max_length=300, blank=True)
    refused = models.BooleanField(default=False, help_text="The photo shows nothing the shop knows.")
    answer = models.JSONField(
        default=list,
        help_text="[{box, labels, exact, similar, complementary}] with product ids, scores and reasons.",
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name_plural = "photo queries"

    def __str__(self) -> str:
        return f"Photo {self.id} ({self.status})"

    @property
    def is_finished(self) -> bool:
        return self.status != self.Status.PENDING
