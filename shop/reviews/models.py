"""What buyers say of a style, and what shoppers ask about it. Nothing is shown before staff have read it."""

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import Product
from catalog.models.image import RenderedPicture
from shop.reviews.rating import FITS, STARS, Rating

MAX_PHOTOS = 4


def style_of(product: Product) -> str:
    """What the colours of one model share; a product without a style code is a style of its own."""
    return f"style:{product.style_code}" if product.style_code else f"product:{product.pk}"


def style_named(prefix: str = "", outer: bool = False) -> Case:
    """``style_of`` in SQL, of the product that ``prefix`` leads to (``product__``), or of an outer query's product."""
    column = (lambda name: OuterRef(prefix + name)) if outer else (lambda name: F(prefix + name))
    # Compared as text: an outer column has no type of its own yet.
    code, pk = (Cast(column(name), models.CharField()) for name in ("style_code", "pk"))
    own = Concat(Value("product:"), pk, output_field=models.CharField())
    shared = Concat(Value("style:"), code, output_field=models.CharField())
    return Case(When(Exact(code, Value("")), then=own), default=shared, output_field=models.CharField())


def no_stars() -> list[int]:
    return [0] * STARS


def no_fits() -> list[int]:
    return [0] * len(FITS)


class StyleSummary(models.Model):
    """The published reviews of a style in figures, counted when one changes, so that a page need not count."""

    style = models.CharField(max_length=120, primary_key=True)
    stars = ArrayField(models.PositiveIntegerField(), size=STARS, default=no_stars)
    fits = ArrayField(models.PositiveIntegerField(), size=len(FITS), default=no_fits)
    n_questions = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.style

    @property
    def rating(self) -> Rating:
        return Rating(self.stars, self.fits)


class Contribution(models.Model):
    """Something that a shopper wrote, from waiting to be read to shown or refused.

    ``user`` is empty for guests and once the account is erased; ``author`` is the name that pages show.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        PUBLISHED = "published"
        REFUSED = "refused"

    class Refusal(models.TextChoices):
        OFF_TOPIC = "off_topic", "Not about the product"
        RUDE = "rude", "Rude or hateful"
        PRIVATE = "private", "Names or shows other people"
        ADVERTISING = "advertising", "Advertising"
        FALSE = "false", "Not a real experience"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    author = models.CharField(_("name to show"), max_length=60)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    refusal = models.CharField("reason of the refusal", max_length=20, choices=Refusal, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED


class Review(Contribution):
    """What one buyer says of a style, in the colour that was bought."""

    class Fit(models.TextChoices):
        SMALL = "small", _("Runs small")
        TRUE = "true", _("True to size")
        LARGE = "large", _("Runs large")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    style = models.CharField(max_length=120, editable=False)
    stars = models.PositiveSmallIntegerField(
        _("stars"), validators=[MinValueValidator(1), MaxValueValidator(STARS)]
    )
    title = models.CharField(pgettext_lazy("of a review", "title"), max_length=120)
    words = models.TextField(_("your review"), max_length=4000)
    fit = models.CharField(_("fit"), max_length=5, choices=Fit, blank=True)
    size = models.CharField(_("size bought"), max_length=20, blank=True)
    helpful = models.PositiveIntegerField(default=0, editable=False)
    n_photos = models.PositiveSmallIntegerField(default=0, editable=False, help_text="Ready to be shown.")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "style"], name="one_review_per_buyer_and_style"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=STARS), name="review_has_stars"),
        ]
        indexes = [
            models.Index(
                "style", F("published_at").desc(), F("id").desc(),
                condition=Q(status="published"), name="review_newest",
            ),
            models.Index(
                "style", F("helpful").desc(), F("id").desc(),
                condition=Q(status="published"), name="review_most_helpful",
            ),
            models.Index(fields=["created_at"], condition=Q(status="waiting"), name="review_waiting"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} ({self.stars} of {STARS})"


class ReviewPhoto(RenderedPicture):
    """A buyer's picture. Its address cannot be guessed: it exists before staff have seen what it shows."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="photos")

    class Meta(RenderedPicture.Meta):
        indexes = [models.Index(fields=["created_at"], condition=Q(state="waiting"), name="photo_waiting")]

    def __str__(self) -> str:
        return f"Picture {self.position + 1} of “{self.review.title}”"

    def new_stem(self, source_hash: str) -> str:
        return f"reviews/{self.pk // 1000}/{self.pk}-{secrets.token_hex(12)}"


class HelpfulVote(models.Model):
    """Somebody found a review helpful: a user, or a visitor by the number in the session. Once each."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    visitor = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "user"], condition=Q(user__isnull=False), name="one_vote_per_user"
            ),
            models.UniqueConstraint(
                fields=["review", "visitor"], condition=~Q(visitor=""), name="one_vote_per_visitor"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, visitor="") | (Q(user__isnull=True) & ~Q(visitor="")),
                name="vote_of_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Vote for review {self.review_id}"


class Question(Contribution):
    """Something that a shopper wants to know about a style. ``email`` hears of answers and is never shown."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    style = models.CharField(max_length=120, editable=False)
    email = models.EmailField(_("E-mail address"), blank=True)
    words = models.TextField(_("your question"), max_length=600)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                "style", F("published_at").desc(), F("id").desc(),
                condition=Q(status="published"), name="question_newest",
            ),
            models.Index(fields=["created_at"], condition=Q(status="waiting"), name="question_waiting"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.words if len(self.words) <= 80 else f"{self.words[:79]}…"


class Answer(Contribution):
    """What staff or a buyer answered. ``mailed_at``: when the asker was told; empty: still to be told, or nobody to."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    words = models.TextField(_("your answer"), max_length=2000)
    is_staff = models.BooleanField("written by the shop", default=False)
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-is_staff", "created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "user"],
                condition=Q(is_staff=False),
                name="one_answer_per_buyer_and_question",
            )
        ]
        indexes = [
            models.Index(
                fields=["published_at"], condition=Q(status="published", mailed_at=None), name="answer_untold"
            )
        ]

    def __str__(self) -> str:
        return self.words if len(self.words) <= 80 else f"{self.words[:79]}…"
