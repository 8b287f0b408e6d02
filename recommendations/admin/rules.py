"""What a curator lays down for the next refresh, and what shoppers did."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminSelectWidget

from catalog.admin.read_only import ReadOnlyAdmin
from recommendations.body_slots import GOES_WITH
from recommendations.models import (
    ComplementRule,
    FixedClusterCount,
    GoldenPair,
    Interaction,
)


@admin.register(FixedClusterCount)
class FixedClusterCountAdmin(ModelAdmin):
    """Categories in which a curator knows the number of clusters better. It counts from the next refresh on."""

    list_display = ["category", "k"]
    autocomplete_fields = ["category"]


@admin.register(GoldenPair)
class GoldenPairAdmin(ModelAdmin):
    """Pairs that every new network must find; one that does not is refused."""

    list_display = ["product", "related"]
    list_select_related = ["product", "related"]
    autocomplete_fields = ["product", "related"]
    search_fields = ["product__name", "related__name"]


@admin.register(Interaction)
class InteractionAdmin(ReadOnlyAdmin):
    """What shoppers did; looked at only. There may be millions, so nothing here counts them."""

    list_display = ["created_at", "kind", "product", "who"]
    list_filter = [("kind", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter)]
    list_filter_submit = True
    list_select_related = ["product", "user"]
    paginator = InfinitePaginator
    show_full_result_count = False
    search_fields = ["=user__email", "=product__external_id"]
    search_help_text = "A shopper's whole address, or a product's id"
    fields = ["created_at", "kind", "product", "who", "place", "reason"]
    readonly_fields = fields

    @admin.display(description="Shopper")
    def who(self, interaction: Interaction) -> str:
        return str(interaction.user) if interaction.user else "A visitor"


def _slot_choices() -> list[tuple[str, str]]:
    return [(slot, slot) for slot in GOES_WITH]


class ComplementRuleForm(forms.ModelForm):
    slot = forms.ChoiceField(
        label="To something worn here", choices=_slot_choices, widget=UnfoldAdminSelectWidget
    )
    goes_with = forms.ChoiceField(
        label="goes something here", choices=_slot_choices, widget=UnfoldAdminSelectWidget
    )

    class Meta:
        model = ComplementRule
        fields = ["slot", "goes_with", "weight"]

    def clean_weight(self) -> float:
        weight = self.cleaned_data["weight"]
        if not 0 <= weight <= 1:
            raise forms.ValidationError("A weight lies between 0 (never) and 1 (always a good idea).")
        return weight


@admin.register(ComplementRule)
class ComplementRuleAdmin(ModelAdmin):
    """What goes with what. The next refresh of the clusters builds by it."""

    form = ComplementRuleForm
    list_display = ["slot", "goes_with", "weight"]
    list_display_links = ["slot"]
    list_editable = ["weight"]
    list_filter = ["slot"]
    list_before_template = "admin/recommendations/rule_tools.html"
    list_per_page = 200

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        start = require_http_methods(["POST"])(self.start_from_defaults)
        return [
            path("defaults/", view(start), name="recommendations_complementrule_defaults"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        uses_defaults = not ComplementRule.objects.exists()
        return super().changelist_view(request, {"uses_defaults": uses_defaults, **(extra_context or {})})

    def start_from_defaults(self, request: HttpRequest) -> HttpResponse:
        """Write the built-in rules into the empty table, to be changed from there."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        rules = [
            ComplementRule(slot=slot, goes_with=other, weight=weight)
            for slot, others in GOES_WITH.items()
            for other, weight in others.items()
        ]
        if not ComplementRule.objects.exists():
            ComplementRule.objects.bulk_create(rules, ignore_conflicts=True)
            self.message_user(request, f"{len(rules)} rules are yours to change now.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:recommendations_complementrule_changelist"))
