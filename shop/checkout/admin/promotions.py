"""Promotions: what they give in plain words, their codes by the hundred, and the codes as a file."""

import csv
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import formats, timezone
from django.views.decorators.http import require_POST, require_safe
from unfold.admin import ModelAdmin, TabularInline

from shop.checkout.models import Promotion, PromotionCode
from shop.checkout.pricing import Kind

MOST_CODES = 5_000  # made at once


def in_words(promotion: Promotion) -> str:
    """What a promotion gives, to whom and until when: "20 % off Dresses, once per shopper, until 31 Dec 2026"."""
    about = ", ".join(
        str(one)
        for named in (promotion.categories, promotion.brands, promotion.products)
        for one in named.all()
    )
    words = [_gift(promotion, about or "everything")]
    if promotion.minimum:
        words.append(f"from {promotion.minimum} {settings.DEFAULT_CURRENCY} on")
    if promotion.is_first_order:
        words.append("on a first order")
    if promotion.limit_per_shopper:
        words.append(f"{_times(promotion.limit_per_shopper)} per shopper")
    if promotion.limit:
        words.append(f"{_times(promotion.limit)} in all")
    if promotion.is_by_code:
        words.append("with a code")
    for word, moment in (("from", promotion.starts_at), ("until", promotion.ends_at)):
        if moment:
            words.append(f"{word} {formats.date_format(timezone.localtime(moment), 'j M Y')}")
    return ", ".join(words)


def _gift(promotion: Promotion, about: str) -> str:
    match promotion.kind:
        case Kind.PERCENT:
            return f"{promotion.percent.normalize():f} % off {about}"
        case Kind.AMOUNT:
            return f"{promotion.amount} {settings.DEFAULT_CURRENCY} off {about}"
        case Kind.BUY_X_GET_Y:
            return f"{promotion.buy + promotion.get} for {promotion.buy} of {about}"
    return "free delivery" + ("" if about == "everything" else f" with {about}")


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n} times"


class CodesForm(forms.Form):
    """How many single-use codes to make."""

    n = forms.IntegerField(min_value=1, max_value=MOST_CODES)


class CodeInline(TabularInline):
    """Codes that are written by hand; those made by the hundred would make the page endless."""

    model = PromotionCode
    hide_title = True
    extra = 0
    fields = ["code", "limit"]
    verbose_name_plural = "codes"
    per_page = 20
    show_count = True


@admin.register(Promotion)
class PromotionAdmin(ModelAdmin):
    list_display = ["name", "summary", "n_used", "is_active"]
    list_filter = ["is_active", "is_by_code"]
    search_fields = ["name", "codes__code"]
    search_help_text = "Name or code"
    autocomplete_fields = ["categories", "brands", "products"]
    inlines = [CodeInline]
    change_form_outer_before_template = "admin/checkout/promotion/codes.html"
    readonly_fields = ["summary"]
    fieldsets = [
        (None, {"fields": ["name", "is_active", "summary"]}),
        ("What it gives", {"fields": ["kind", "percent", "amount", ("buy", "get")]}),
        ("About", {"fields": ["categories", "brands", "products"]}),
        (
            "For whom and when",
            {"fields": ["is_by_code", "minimum", "is_first_order", ("starts_at", "ends_at")]},
        ),
        ("How often", {"fields": [("limit", "limit_per_shopper")]}),
        ("Beside others", {"fields": ["priority", "is_exclusive"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Promotion]:
        used = Count("redemptions", filter=~Q(redemptions__order__status="cancelled"), distinct=True)
        named = super().get_queryset(request).prefetch_related("categories", "brands", "products")
        return named.annotate(use_count=used)

    @admin.display(description="in plain words")
    def summary(self, promotion: Promotion) -> str:
        return in_words(promotion) if promotion.pk else "–"

    @admin.display(description="used", ordering="use_count")
    def n_used(self, promotion: Any) -> int:
        return promotion.use_count

    def has_delete_permission(self, request: HttpRequest, obj: Promotion | None = None) -> bool:
        """One that has been used stays, for the books: it is switched off instead."""
        return super().has_delete_permission(request, obj) and not (obj and obj.redemptions.exists())

    # --- Codes ----------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        make = self.admin_site.admin_view(require_POST(self.make_codes))
        download = self.admin_site.admin_view(require_safe(self.download_codes))
        return [
            path("<int:pk>/codes/", make, name="checkout_promotion_codes"),
            path("<int:pk>/codes.csv", download, name="checkout_promotion_codes_csv"),
            *super().get_urls(),
        ]

    def make_codes(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make codes that count once each."""
        promotion = get_object_or_404(Promotion, pk=pk)
        if not self.has_change_permission(request, promotion):
            raise PermissionDenied
        form = CodesForm(request.POST)
        back = HttpResponseRedirect(reverse("admin:checkout_promotion_change", args=[pk]))
        if not promotion.is_by_code:
            self.message_user(
                request, "Nothing was made: first tick “only with a code” and save.", messages.ERROR
            )
        elif not form.is_valid():
            self.message_user(
                request, f"Nothing was made: write a number from 1 to {MOST_CODES}.", messages.ERROR
            )
        else:
            n = form.cleaned_data["n"]
            # Two of 31^10 codes alike are no worry; the unique constraint would refuse all of them.
            PromotionCode.objects.bulk_create(PromotionCode(promotion=promotion, limit=1) for _ in range(n))
            self.log_change(request, promotion, f"Made {n} codes.")
            self.message_user(
                request, f"{n} code{'' if n == 1 else 's'} made, each for one order.", messages.SUCCESS
            )
        return back

    def download_codes(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All codes of a promotion, with how often each may be and was used."""
        promotion = get_object_or_404(Promotion, pk=pk)
        if not self.has_view_permission(request, promotion):
            raise PermissionDenied
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="codes-{pk}.csv"'
        writer = csv.writer(response)
        writer.writerow(["code", "limit", "used"])
        used = Count("redemptions", filter=~Q(redemptions__order__status="cancelled"))
        for code in promotion.codes.annotate(use_count=used):
            writer.writerow([code.code, code.limit or "", code.use_count])
        return response
