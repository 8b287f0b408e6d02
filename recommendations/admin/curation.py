"""A curator's words: pairs that are never or always shown together, and products that stay in a cluster."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from catalog.admin.read_only import ReadOnlyAdmin
from catalog.models import Product
from recommendations import tasks
from recommendations.admin.maps import back
from recommendations.curation import ClusterPin, CuratedPair


@admin.register(CuratedPair)
class CuratedPairAdmin(ModelAdmin):
    """Pairs. They count on the next page that is drawn, and outlive every refresh."""

    fields = ["product", "verb", "other", "place"]
    autocomplete_fields = ["product", "other"]
    list_display = ["product", "what", "other", "where", "shown", "by", "at"]
    list_filter = [("verb", ChoicesDropdownFilter)]
    list_filter_submit = True
    search_fields = ["product__name", "other__name", "=product__external_id", "=other__external_id"]
    search_help_text = "A part of either product's name, or a whole product id"

    def get_queryset(self, request: HttpRequest) -> QuerySet[CuratedPair]:
        never = CuratedPair.objects.filter(
            Q(product=OuterRef("product"), other=OuterRef("other"))
            | Q(product=OuterRef("other"), other=OuterRef("product")),
            verb=CuratedPair.Verb.NEVER,
        )
        return (
            super()
            .get_queryset(request)
            .with_products()
            .select_related("by")
            .annotate(is_beaten=Exists(never))
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("say/", view(require_POST(self.say)), name="recommendations_curatedpair_say"),
            path(
                "<int:pk>/take-back/",
                view(require_POST(self.take_back)),
                name="recommendations_curatedpair_take_back",
            ),
            *super().get_urls(),
        ]

    # --- Columns ------------------------------------------------------------------------------------------------------

    @display(
        description="What",
        ordering="verb",
        label={
            CuratedPair.Verb.NEVER.label: "danger",
            CuratedPair.Verb.RELATED.label: "success",
            CuratedPair.Verb.COMPLEMENTARY.label: "info",
        },
    )
    def what(self, pair: CuratedPair) -> str:
        return pair.get_verb_display()

    @admin.display(description="Place", ordering="place")
    def where(self, pair: CuratedPair) -> str:
        return "Both pages" if pair.verb == CuratedPair.Verb.NEVER else str(pair.place)

    @admin.display(description="Now")
    def shown(self, pair: CuratedPair) -> str:
        return pair.state(is_beaten=pair.is_beaten)

    # --- With one click, from other pages -----------------------------------------------------------------------------

    def say(self, request: HttpRequest) -> HttpResponse:
        """Take a word about ``product`` and ``other``, as the form of this page would."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        product = _product(request.POST.get("product", ""))
        pair = CuratedPair(
            product=product,
            other=_product(request.POST.get("other", "")),
            verb=request.POST.get("verb", ""),
            by=request.user,
        )
        try:
            pair.full_clean()
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        else:
            pair.save()
            self.log_addition(request, pair, "Said on a product's page.")
            log_on_products(request, pair, "Said")
            self.message_user(request, f"{pair}. It counts from now on.", messages.SUCCESS)
        return back(request, product)

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Forget a word; the network decides again."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        pair = get_object_or_404(CuratedPair.objects.with_products(), pk=pk)
        self.log_deletions(request, [pair])
        self.delete_model(request, pair)
        self.message_user(request, f"Taken back: {pair}. The network decides again.", messages.SUCCESS)
        return back(request, pair.product)

    # --- Who and when -------------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: CuratedPair, form: Any, change: bool) -> None:
        obj.by = request.user
        super().save_model(request, obj, form, change)
        log_on_products(request, obj, "Said")
        if sentence := obj.obstacle:
            self.message_user(request, f"{obj.other} is not shown yet. {sentence}", messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: CuratedPair) -> None:
        log_on_products(request, obj, "Took back")
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CuratedPair]) -> None:
        for pair in queryset:
            log_on_products(request, pair, "Took back")
        super().delete_queryset(request, queryset)


@admin.register(ClusterPin)
class ClusterPinAdmin(ReadOnlyAdmin):
    """Products that stay in the cluster they were moved to. They are moved on the map, and let go here or there."""

    list_display = ["product", "category", "company_of", "by", "at"]
    list_select_related = ["product__category", "by"]
    search_fields = ["product__name", "=product__external_id"]
    search_help_text = "A part of the product's name, or its whole id"
    fields = ["product", "category", "company_of", "by", "at"]
    readonly_fields = fields
    actions = ["let_go"]

    @admin.display(description="Category", ordering="product__category__name")
    def category(self, pinned: ClusterPin) -> str:
        return str(pinned.product.category)

    @admin.display(description="Stays with")
    def company_of(self, pinned: ClusterPin) -> str:
        there = Product.objects.in_bulk(pinned.company)
        names = [there[pk].name for pk in pinned.company if pk in there]
        return (
            ", ".join(names) or "Nobody any more: it is where its looks belong. Move it again or let it go."
        )

    @admin.action(description="Let go: back to where their looks belong")
    def let_go(self, request: HttpRequest, queryset: QuerySet[ClusterPin]) -> None:
        if not request.user.has_perm("recommendations.delete_clusterpin"):
            raise PermissionDenied
        products = [pinned.product for pinned in queryset.select_related("product")]
        queryset.delete()
        LogEntry.objects.log_actions(request.user.pk, products, CHANGE, "Let go from its cluster.")
        tasks.place_pinned.delay_on_commit([product.pk for product in products])
        self.message_user(request, f"Let go: {len(products)}. They go back in a moment.", messages.SUCCESS)


def log_on_products(request: HttpRequest, pair: CuratedPair, verb: str) -> None:
    """Write into both products' histories what was said of them."""
    LogEntry.objects.log_actions(request.user.pk, [pair.product, pair.other], CHANGE, f"{verb}: {pair}.")


def _product(pk: str) -> Product:
    return get_object_or_404(Product.objects.select_related("category__parent"), pk=pk if pk.isdigit() else 0)
