"""What shoppers did, the biased cluster network, and the lists made from both."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from catalog.models import Category, Product
from recommendations.curation import ClusterPin, CuratedPair  # noqa: F401 - Django looks for models here
from recommendations.exposures import Experiment, Exposure  # noqa: F401 - and for these
from recommendations.tallies import ListsProof, ProductTally, RowTally  # noqa: F401

MOST_CLUSTERS = 100


class Interaction(models.Model):
    """One thing a shopper did with a product. Append-only: rows are never changed, only moved from an anonymous
    session to the shopper who signed in with it, or erased with the shopper."""

    class Kind(models.TextChoices):
        VIEW = "view"
        CLICK = "click"
        WISH = "wish"
        CART = "cart"
        PURCHASE = "purchase"
        DISMISS = "dismiss"
        QUIZ = "quiz"  # tapped among pictures when asked what one likes

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="interactions"
    )
    session_key = models.CharField(max_length=64, blank=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="interactions")
    kind = models.CharField(max_length=10, choices=Kind)
    created_at = models.DateTimeField(db_index=True)
    place = models.CharField(
        max_length=20, blank=True, db_default="", default="", help_text="Of a click: where the card stood."
    )
    reason = models.CharField(
        max_length=30, blank=True, db_default="", default="", help_text="Of a click: why the card was there."
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(session_key=""), name="interaction_has_a_shopper"
            )
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="interaction_by_user"),
            models.Index(fields=["session_key", "-created_at"], name="interaction_by_session"),
        ]

    def __str__(self) -> str:
        return f"{self.user or 'A visitor'} {self.kind} {self.product}"


class Version(models.Model):
    """One build of something that is switched atomically: written while ``building``, served while ``active``."""

    class Status(models.TextChoices):
        BUILDING = "building"
        ACTIVE = "active"
        RETIRED = "retired"
        FAILED = "failed"

    status = models.CharField(max_length=10, choices=Status, default=Status.BUILDING)
    created_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(
        default=timezone.now, db_default=Now(), help_text="When it was begun, or its last block was done."
    )
    blocks_total = models.PositiveIntegerField(default=0)
    blocks_done = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(null=True, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    message = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Version {self.pk} ({self.status})"


class ClusterNetwork(Version):
    """A build of the biased cluster network."""

    shared_vocabulary = models.BinaryField(
        null=True, help_text="safetensors: the visual words that all categories share, for complements."
    )
    is_full = models.BooleanField(
        default=False, db_default=False, help_text="Every category is built, also where nothing changed."
    )
    vocabulary_of = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text="From how many products the shared words were learned; much later they are learned anew.",
    )
    based_on = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The version from which what did not change is taken over.",
    )

    class Meta(Version.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="active"), name="one_active_network"
            )
        ]


class CategoryNetwork(models.Model):
    """One category's part of a network, and one block of its building: its visual vocabulary, histograms and centres,
    as a safetensors file."""

    class State(models.TextChoices):
        WAITING = "waiting"
        BUILT = "built"
        REUSED = "reused", "taken over"
        EXTENDED = "extended"
        EMPTY = "empty"

    network = models.ForeignKey(ClusterNetwork, on_delete=models.CASCADE, related_name="categories")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, db_default=State.WAITING)
    arrays = models.BinaryField(null=True, help_text="safetensors; empty while the block waits.")
    choice = models.JSONField(
        default=dict, db_default={}, help_text="Why there are so many clusters: choosing_k.Choice."
    )
    outline = models.BinaryField(
        null=True,
        help_text="safetensors: what each product was when it was placed (recommendations.outlines).",
    )
    digest = models.CharField(
        max_length=64, blank=True, db_default="", help_text="Of how it was made, beside the products."
    )
    fallback = models.CharField(
        max_length=200,
        blank=True,
        help_text="What was done because the category is small or a picture damaged.",
    )
    begun_at = models.DateTimeField(null=True, blank=True, help_text="When a worker last began to build it.")
    seconds = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["category"]
        constraints = [
            models.UniqueConstraint(fields=["network", "category"], name="category_once_per_network")
        ]

    def __str__(self) -> str:
        return f"{self.category} in network {self.network_id}"


class NetworkComplements(models.Model):
    """What a network chooses complements from, so that a worker need not learn it anew."""

    network = models.OneToOneField(ClusterNetwork, on_delete=models.CASCADE, related_name="complements")
    arrays = models.BinaryField(help_text="safetensors: ComplementFinder.to_arrays.")
    digest = models.CharField(max_length=64, help_text="Of how it was made, beside the products.")
    learned_from = models.PositiveIntegerField(help_text="So many products it was learned from.")
    joined = models.PositiveIntegerField(default=0, help_text="So many have come, changed or gone since.")

    def __str__(self) -> str:
        return f"Complements of network {self.network_id}"


class FixedClusterCount(models.Model):
    """How many clusters a category shall have, where a curator knows better than ``choosing_k``."""

    category = models.OneToOneField(Category, on_delete=models.CASCADE, related_name="+")
    k = models.PositiveSmallIntegerField(
        "clusters",
        validators=[MinValueValidator(1), MaxValueValidator(MOST_CLUSTERS)],
        help_text="It counts as far as the category has so many different products, from the next refresh on.",
    )

    class Meta:
        ordering = ["category"]
        verbose_name = "fixed number of clusters"
        verbose_name_plural = "fixed numbers of clusters"

    def __str__(self) -> str:
        return f"{self.category}: {self.k}"


class GoldenPair(models.Model):
    """What a curator holds every new network to: the one product is among the first related ones of the other."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    related = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["product", "related"]
        constraints = [
            models.UniqueConstraint(fields=["product", "related"], name="golden_pair_once"),
            models.CheckConstraint(condition=~Q(product=models.F("related")), name="golden_pair_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.related} is related to {self.product}"


class Cluster(models.Model):
    """A group of products of one category that look alike."""

    network = models.ForeignKey(ClusterNetwork, on_delete=models.CASCADE, related_name="clusters")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["category", "number"]
        constraints = [
            models.UniqueConstraint(fields=["network", "category", "number"], name="cluster_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.number}"


class Membership(models.Model):
    """A product's place in a network, and its neighbours there.

    ``related`` and ``complementary`` hold product ids, best first, with their scores in 0..1 and reason codes
    beside them, ``look`` the whole outfit around it: one row serves a whole product page.
    """

    network = models.ForeignKey(ClusterNetwork, on_delete=models.CASCADE, related_name="memberships")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="memberships")
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="memberships")
    similarity = models.FloatField(help_text="Similarity to the cluster's centre, 0..1.")
    similarity_error = models.FloatField(
        default=0.0, db_default=0.0, help_text="An approximate similarity may be so far from the exact one."
    )
    is_approximate = models.BooleanField(
        default=False, help_text="Attached by the mapper; exact after the next refresh."
    )
    source_hash = models.CharField(max_length=64, blank=True, help_text="The picture it was placed by.")
    related = ArrayField(models.BigIntegerField(), default=list)
    related_scores = ArrayField(models.FloatField(), default=list)
    related_reasons = ArrayField(models.CharField(max_length=30), default=list)
    complementary = ArrayField(models.BigIntegerField(), default=list)
    complementary_scores = ArrayField(models.FloatField(), default=list)
    complementary_reasons = ArrayField(models.CharField(max_length=30), default=list)
    look = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="By place on the body [product id, score, reason]: what to wear with it, and what for instead.",
    )
    attached_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "product"], name="product_once_per_network")
        ]

    def __str__(self) -> str:
        return f"{self.product} in {self.cluster}"


class RecommendationVersion(Version):
    """A build of the personal lists."""

    class Meta(Version.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="active"), name="one_active_recommendations"
            )
        ]


class RecommendationList(models.Model):
    """What a version found for one shopper; ``user`` empty: the popular-and-varied list for newcomers."""

    version = models.ForeignKey(RecommendationVersion, on_delete=models.CASCADE, related_name="lists")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    products = ArrayField(models.BigIntegerField(), default=list)
    scores = ArrayField(models.FloatField(), default=list)
    reasons = ArrayField(models.CharField(max_length=30), default=list)
    because = ArrayField(
        models.BigIntegerField(), default=list, help_text="The product each one is because of; 0: none."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "user"], name="one_list_per_shopper", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"List of {self.user or 'newcomers'} in version {self.version_id}"


class ProductLeads(models.Model):
    """Where a product leads shoppers, as a version found it, best first: what a page adds up over the clicks of a
    minute ago, an anonymous visitor's too. Products that lead nowhere have no row."""

    version = models.ForeignKey(RecommendationVersion, on_delete=models.CASCADE, related_name="leads")
    # No foreign key, as in the lists: a product may be taken away while they are made.
    product_id = models.BigIntegerField()
    products = ArrayField(models.BigIntegerField(), default=list)
    scores = ArrayField(models.FloatField(), default=list, help_text="Within 0..1.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "product_id"], name="leads_once_per_product")
        ]

    def __str__(self) -> str:
        return f"Leads of product {self.product_id} in version {self.version_id}"


class ComplementRule(models.Model):
    """Which kinds of things go together; curators may change it."""

    slot = models.CharField(max_length=30)
    goes_with = models.CharField(max_length=30)
    weight = models.FloatField(default=1.0, help_text="0: never. 1: always a good idea.")

    class Meta:
        ordering = ["slot", "-weight"]
        constraints = [models.UniqueConstraint(fields=["slot", "goes_with"], name="complement_rule_once")]

    def __str__(self) -> str:
        return f"{self.slot} goes with {self.goes_with}"
