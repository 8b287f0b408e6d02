"""What delivery costs where, and which taxes are due: the owner's tables."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.countries import COUNTRIES, country_name
from shop.checkout.models import ShippingMethod, ShippingRate, ShippingZone, TaxRate
from shop.checkout.pricing import Band, overlapping


class ShippingZoneForm(forms.ModelForm):
    countries = forms.MultipleChoiceField(
        choices=list(COUNTRIES.items()),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="A country belongs to one zone. One that is in none is served by the rest of the world, if there is "
        "such a zone; else nobody delivers there.",
    )

    class Meta:
        model = ShippingZone
        fields = ["name", "is_rest_of_world", "countries"]


@admin.register(ShippingZone)
class ShippingZoneAdmin(ModelAdmin):
    form = ShippingZoneForm
    list_display = ["name", "where"]

    @admin.display(description="countries")
    def where(self, zone: ShippingZone) -> str:
        if zone.is_rest_of_world:
            return "All that no other zone names"
        return ", ".join(country_name(code) for code in zone.countries)


class RateFormSet(PaginationInlineFormSet):
    """Refuses bands of one zone that share a value: which of two prices would count?"""

    def clean(self) -> None:
        super().clean()
        bands: dict[ShippingZone, list[Band]] = {}
        for form in self.forms:
            rate = form.cleaned_data if form.is_valid() else {}
            if not rate.get("zone") or rate.get("DELETE") or rate.get("price") is None:
                continue
            bands.setdefault(rate["zone"], []).append(Band(rate["lower"], rate.get("upper"), rate["price"]))
        for zone, its_bands in bands.items():
            twice = overlapping(its_bands)
            if twice:
                first, second = twice
                end = "without end" if first.upper is None else f"up to {first.upper:f}"
                raise ValidationError(
                    f"Two bands of “{zone}” overlap: one goes from {first.lower:f} {end}, the other begins at "
                    f"{second.lower:f}. Let the first one end where the second begins."
                )


class RateInline(TabularInline):
    model = ShippingRate
    formset = RateFormSet
    hide_title = True
    extra = 0
    fields = ["zone", "lower", "upper", "price", "free_from"]
    verbose_name_plural = "what it costs"


@admin.register(ShippingMethod)
class ShippingMethodAdmin(ModelAdmin):
    list_display = ["name", "words", "charged_by", "n_rates", "position", "is_active"]
    list_editable = ["position", "is_active"]
    inlines = [RateInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ShippingMethod]:
        return super().get_queryset(request).annotate(rate_count=Count("rates"))

    @admin.display(description="prices")
    def n_rates(self, method: Any) -> int:
        return method.rate_count


@admin.register(TaxRate)
class TaxRateAdmin(ModelAdmin):
    list_display = ["where", "tax_class", "percent", "valid_from"]
    list_filter = [("country", ChoicesDropdownFilter), ("tax_class", ChoicesDropdownFilter)]
    list_filter_submit = True
    list_per_page = 100

    @admin.display(description="country", ordering="country")
    def where(self, rate: TaxRate) -> str:
        return country_name(rate.country)
