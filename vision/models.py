"""What the network saw: model versions, analysed pictures, photos that shoppers ask about."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, FloatField, Func, Q
from django.db.models.functions import Coalesce
from pgvector.django import VectorField

from catalog.models import ProductImage

EMBEDDING_SIZE = 128
COLOUR_SIZE = 64


class ModelVersion(models.Model):
    """A trained classifier that the shop knows. Exactly one is active; at most one is wanted: it is being prepared."""

    name = models.CharField(max_length=80)
    version = models.CharField(max_length=80)
    backbone = models.CharField(max_length=60)
    folder = models.CharField(max_length=400, help_text="Where the model's files lie.")
    manifest = models.JSONField(default=dict)
    is_active = models.BooleanField(default=False)
    registered_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    wanted_since = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Somebody activated it; it looks at every picture before it takes over.",
    )

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


def _first_label(kind: str, key: str) -> Func:
    """``key`` of the first, and so the most probable, of ``ImageAnalysis.labels`` of this kind; None without one."""
    found = Func(
        F("labels"),
        template=f"jsonb_path_query_first(%(expressions)s, '$[*] ? (@.kind == \"{kind}\").{key}')",
        output_field=models.JSONField(),
    )
    if key == "label":
        return Func(found, template="(%(expressions)s #>> '{}')", output_field=models.TextField())
    return Func(found, template="(%(expressions)s)::double precision", output_field=FloatField())


class ImageAnalysisQuerySet(models.QuerySet):
    """What was seen."""

    def active(self) -> Self:
        """What the model in use has seen."""
        return self.filter(model__is_active=True)


class ImageAnalysis(models.Model):
    """What one model saw in one product picture.

    The active model's rows are what the shop knows (``ImageAnalysis.objects.active()``). Beside them stand those of the
    model before, for rolling back, and of a model that is being prepared. The index of the embeddings is one per model,
    over its own rows (``vision.indexing``): a search with one model goes as if the others' rows were not there.
    """

    image = models.ForeignKey(ProductImage, on_delete=models.CASCADE, related_name="analyses")
    model = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="analyses")
    source_hash = models.CharField(
        max_length=64, help_text="The picture that was analysed; the same hash is not analysed again."
    )
    labels = models.JSONField(default=list, help_text="[{label, kind, probability}], sorted by probability.")
    embedding = VectorField(dimensions=EMBEDDING_SIZE)
    colour_histogram = VectorField(dimensions=COLOUR_SIZE)
    colours = models.JSONField(default=list, help_text="[[hex, share]] of the garment's main colours.")
    perceptual_hash = models.BigIntegerField(db_index=True)
    goods = models.FloatField(
        default=1.0, help_text="How likely it shows something of the shop's kind at all."
    )
    analysed_at = models.DateTimeField(auto_now=True)
    # The best guesses, kept by the database itself, so that lists of doubtful pictures need not read every label.
    seen_type = models.GeneratedField(
        expression=_first_label("type", "label"), output_field=models.TextField(null=True), db_persist=True
    )
    type_probability = models.GeneratedField(
        expression=_first_label("type", "probability"), output_field=FloatField(null=True), db_persist=True
    )
    # The family where the model names one: it is surer of "blue" than of which blue.
    seen_colour = models.GeneratedField(
        expression=Coalesce(_first_label("family", "label"), _first_label("colour", "label")),
        output_field=models.TextField(null=True),
        db_persist=True,
    )
    colour_probability = models.GeneratedField(
        expression=Coalesce(_first_label("family", "probability"), _first_label("colour", "probability")),
        output_field=FloatField(null=True),
        db_persist=True,
    )

    objects = ImageAnalysisQuerySet.as_manager()

    class Meta:
        verbose_name = "seen picture"
        constraints = [
            models.UniqueConstraint(fields=["image", "model"], name="analysis_once_per_model"),
        ]
        indexes = [
            models.Index(fields=["model", "type_probability"], name="analysis_type_probability"),
            models.Index(fields=["model", "colour_probability"], name="analysis_colour_probability"),
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


class LabelCorrection(models.Model):
    """What a curator says a picture shows, in place of what the network saw. See ``vision.corrections``."""

    image = models.ForeignKey(ProductImage, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(
        max_length=20, help_text='Such as "type"; "subject" for a picture of nothing we sell.'
    )
    label = models.CharField(max_length=80)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "kind"], name="one_correction_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.label}"


class ModelComparison(models.Model):
    """A candidate model held against the one in use, on the shop's own pictures. See ``vision.comparing``."""

    class Status(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    candidate = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="comparisons")
    baseline = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    message = models.CharField(max_length=400, blank=True)
    n_pictures = models.PositiveIntegerField(default=0, help_text="0 until a worker has chosen them.")
    n_done = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict, help_text="{kinds: {kind: PairedFigures}, neighbours: {…}}.")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"], condition=Q(status="running"), name="one_running_comparison"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} against {self.baseline}"

    @property
    def is_running(self) -> bool:
        return self.status == self.Status.RUNNING


class ComparedPicture(models.Model):
    """One picture of a comparison: what is true of it, and what each model answered."""

    comparison = models.ForeignKey(ModelComparison, on_delete=models.CASCADE, related_name="pictures")
    image = models.ForeignKey(ProductImage, on_delete=models.CASCADE, related_name="+")
    truth = models.JSONField(help_text="{kind: label} that the catalogue states or a curator said.")
    baseline = models.JSONField(
        default=dict, help_text="{kind: [label, probability]}, the best of each kind."
    )
    candidate = models.JSONField(default=dict)
    differs = models.JSONField(default=list, help_text="The kinds on which the models do not agree.")
    is_waiting = models.BooleanField(default=True)
    baseline_embedding = models.BinaryField(default=bytes, help_text="float32; empty when it was not opened.")
    candidate_embedding = models.BinaryField(default=bytes)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comparison", "image"], name="compared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.image} in {self.comparison}"


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
        null=True, help_text="The photo re-encoded (JPEG, upright, no metadata), for the answer's page."
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
