"""What curators say of products: the two models of ``recommendations.models`` that no refresh makes or drops."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Greatest, JSONObject, Least

from catalog.models import Product
from recommendations import curating
from recommendations.body_slots import slot_of

PIECE = {
    "article_type": "article_type",
    "shelf": "category__name",
    "above": "category__parent__name",
    "gender": "gender",
    "style_code": "style_code",
    "status": "status",
    "in_stock": "in_stock",
}  # what curating.Piece is made from, and where a product has it


class CuratedPairQuerySet(models.QuerySet):
    """What curators say of pairs."""

    def with_products(self) -> Self:
        """With all that the rules ask of both products, in one query."""
        return self.select_related("product__category__parent", "other__category__parent")

    def as_json(self) -> Self:
        """Each pair with what the rules ask of both products as one JSON value, for ``CuratedPair.from_json``."""
        both = {
            side: JSONObject(**{name: f"{side}__{field}" for name, field in PIECE.items()})
            for side in ("product", "other")
        }
        own = {name: name for name in ("product_id", "other_id", "verb", "place")}
        return self.values(json=JSONObject(**own, **both))


class CuratedPair(models.Model):
    """A curator's word on two products. Never counts on both pages; always counts on that of ``product``."""

    class Verb(models.TextChoices):
        NEVER = curating.NEVER, "Never show together"
        RELATED = curating.RELATED, "Always show as related"
        COMPLEMENTARY = curating.COMPLEMENTARY, "Always show as going with it"

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    verb = models.CharField("what", max_length=15, choices=Verb)
    other = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="+", verbose_name="other product"
    )
    place = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(curating.ROW)],
        help_text="Of what is always shown: where in the row, 1 is the first. Of what is never shown: without meaning.",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    at = models.DateTimeField(auto_now=True)

    objects = CuratedPairQuerySet.as_manager()

    class Meta:
        ordering = ["product", "verb", "place", "other"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(product=models.F("other")),
                name="curated_pair_of_two",
                violation_error_message="A product has nothing to do with itself: choose another one.",
            ),
            models.UniqueConstraint(
                Least("product", "other"),
                Greatest("product", "other"),
                condition=Q(verb="never"),
                name="never_together_once",
                violation_error_message="These two are never shown together already.",
            ),
            models.UniqueConstraint(
                fields=["product", "other"],
                condition=~Q(verb="never"),
                name="promoted_once",
                violation_error_message="This one is promoted on that page already: change that word instead.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.get_verb_display().lower()}: {self.other}"

    def clean(self) -> None:
        """Refuse what could never be shown, and more promoted products than leave the network its half of a row."""
        if self.verb == self.Verb.NEVER or None in (self.product_id, self.other_id):
            return
        if sentence := curating.standing_obstacle(self.verb, _piece(self.product), _piece(self.other)):
            raise ValidationError({"other": sentence})
        pairs = CuratedPair.objects.exclude(pk=self.pk)
        both = Q(product=self.product, other=self.other) | Q(product=self.other, other=self.product)
        if pairs.filter(both, verb=self.Verb.NEVER).exists():
            raise ValidationError({"other": "These two are never shown together. Take that back first."})
        if pairs.filter(product=self.product, verb=self.verb).count() >= curating.MOST_PROMOTED:
            raise ValidationError(
                f"{curating.MOST_PROMOTED} are promoted in this row already; the rest is the network's. "
                "Take one back first."
            )

    @property
    def obstacle(self) -> str:
        """Why a promoted pair is not shown now; a word of never apart, see ``curating.curation_of``."""
        return curating.obstacle(self.verb, _piece(self.product), _piece(self.other))

    def state(self, *, is_beaten: bool) -> str:
        """Whether the pair counts on the page now, and if not, why. ``is_beaten``: the two are never shown together."""
        if self.verb == self.Verb.NEVER:
            return "Never shown together"
        sentence = "The two are never shown together: that word is stronger." if is_beaten else self.obstacle
        return f"Not shown. {sentence}" if sentence else "Shown"

    @staticmethod
    def from_json(row: dict[str, Any]) -> curating.Pair:
        """A row of ``CuratedPairQuerySet.as_json`` as the pure module takes it."""
        obstacle = curating.obstacle(row["verb"], _piece_of(**row["product"]), _piece_of(**row["other"]))
        return curating.Pair(row["product_id"], row["other_id"], row["verb"], row["place"], obstacle)


def _piece(product: Product) -> curating.Piece:
    shelf = product.category
    return _piece_of(
        product.article_type,
        shelf.name,
        shelf.parent.name if shelf.parent else None,
        product.gender,
        product.style_code,
        product.status,
        product.in_stock,
    )


def _piece_of(
    article_type: str,
    shelf: str,
    above: str | None,
    gender: str,
    style_code: str,
    status: str,
    in_stock: bool,
) -> curating.Piece:
    return curating.Piece(
        slot=slot_of(article_type, shelf, above or ""),
        gender=gender,
        style_code=style_code,
        is_visible=status == Product.Status.ACTIVE,
        in_stock=in_stock,
    )


class ClusterPin(models.Model):
    """A curator's word on where a product belongs. Every refresh numbers the clusters anew, so it names company: the
    products that stood at the centre of the cluster when the product was moved there."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="+")
    company = ArrayField(models.BigIntegerField(), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "pinned product"

    def __str__(self) -> str:
        return f"{self.product} in its cluster"
