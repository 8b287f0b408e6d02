"""Experiments and who was shown what in them: the two models of ``recommendations.models`` behind ``experiments``."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

MOST_DAYS = 60


class Arrangement(models.TextChoices):
    """How the personal part of the home page is put together."""

    TASTE = "taste", "By taste, spread over categories"  # what everybody gets outside an experiment
    BEST_FIRST = "best_first", "By taste, best first"
    POPULAR = "popular", "What is popular"


class Experiment(models.Model):
    """A trial of another arrangement against the usual one. Half of the shoppers get each. It runs from the moment it
    is made until it is stopped; one at a time."""

    class Outcome(models.TextChoices):
        CLICK = "click", "Chose something from a row, put it into the bag or bought it"
        CART = "cart", "Put something into the bag or bought it"
        PURCHASE = "purchase", "Bought something"

    trial = models.CharField(
        "what is tried",
        max_length=20,
        choices=[choice for choice in Arrangement.choices if choice[0] != Arrangement.TASTE],
        help_text=f"Against: {Arrangement.TASTE.label.lower()}.",
    )
    outcome = models.CharField("what counts", max_length=10, choices=Outcome, default=Outcome.CART)
    days = models.PositiveSmallIntegerField(
        "within days",
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text="So long after first being shown the difference. Nobody is counted before it is over.",
    )
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stopped_at"],
                condition=Q(stopped_at=None),
                nulls_distinct=False,
                name="one_running_experiment",
            )
        ]

    def __str__(self) -> str:
        return f"No. {self.pk}: {self.get_trial_display().lower()}"

    @property
    def window(self) -> timedelta:
        """How long after the first sight of the difference an outcome counts."""
        return timedelta(days=self.days)

    @property
    def counted_until(self) -> datetime:
        """Whoever was shown the difference by then has had all of the window; when it was stopped, before that."""
        return (self.stopped_at or timezone.now()) - self.window


class Exposure(models.Model):
    """The first time that a shopper was shown a page on which the arms differ."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="exposures")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="exposures"
    )
    session_key = models.CharField(max_length=64, blank=True)
    in_trial = models.BooleanField()
    # No foreign key: versions are dropped after a while, what was shown stays true.
    list_version = models.BigIntegerField(null=True, help_text="Of the lists; none before the first refresh.")
    shown_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["shown_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(session_key=""), name="exposure_has_a_shopper"
            ),
            models.UniqueConstraint(
                fields=["user", "experiment"], condition=Q(user__isnull=False), name="exposed_once_by_user"
            ),
            models.UniqueConstraint(
                fields=["session_key", "experiment"],
                condition=Q(user__isnull=True),
                name="exposed_once_by_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or 'A visitor'} in {self.experiment}"
