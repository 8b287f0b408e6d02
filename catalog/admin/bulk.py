"""Changing many products at once in the admin: choose, look at what it would change, do it, and take it back."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pghistory
from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from tree_queries.forms import TreeNodeChoiceField
from unfold.admin import ModelAdmin
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
)

from catalog.bulk_edit import BulkEdit, NotPossible, carry_out, plan_of
from catalog.history import can_be_taken_back, take_back
from catalog.models import Brand, Category, Product

SHOWN = 200  # rows of the preview
AS_IT_IS = ("", "Leave as it is")


class BulkForm(forms.Form):
    """What to change; everything may be left as it is."""

    ids = forms.CharField(widget=forms.HiddenInput)
    status = forms.ChoiceField(
        choices=[AS_IT_IS, *Product.Status.choices], required=False, widget=UnfoldAdminSelectWidget
    )
    category = TreeNodeChoiceField(
        Category.objects.none(), required=False, empty_label=AS_IT_IS[1], widget=UnfoldAdminSelectWidget
    )
    brand = forms.ModelChoiceField(
        Brand.objects.all(), required=False, empty_label=AS_IT_IS[1], widget=UnfoldAdminSelectWidget
    )
    price_how = forms.ChoiceField(
        label="price",
        choices=[AS_IT_IS, ("percent", "Add a percentage"), ("amount", "Add an amount"), ("set", "Set to")],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    price = forms.DecimalField(
        label="percentage or amount",
        help_text="Below zero takes away: -20 makes everything a fifth cheaper.",
        max_digits=10,
        decimal_places=2,
        required=False,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    ending = forms.TypedChoiceField(
        label="prices end with",
        choices=[("", "What comes out"), ("0.00", ".00"), ("0.90", ".90"), ("0.95", ".95"), ("0.99", ".99")],
        coerce=Decimal,
        empty_value=None,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    stock_how = forms.ChoiceField(
        label="stock of each size",
        choices=[AS_IT_IS, ("add", "Add pieces"), ("set", "Set to")],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    stock = forms.IntegerField(
        label="pieces", max_value=1_000_000, required=False, widget=UnfoldAdminIntegerFieldWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.with_tree_fields()

    def clean_ids(self) -> list[int]:
        parts = self.cleaned_data["ids"].split(",")
        if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            raise forms.ValidationError("Choose the products in the list again.")
        return [int(part) for part in parts]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for how, amount, words in (("price_how", "price", "by how much"), ("stock_how", "stock", "how many")):
            if data.get(how) and data.get(amount) is None and amount not in self.errors:
                self.add_error(amount, f"Say {words}.")
            elif data.get(how) == "set" and (data.get(amount) or 0) < 0:
                self.add_error(amount, "This cannot be below zero.")
        return data

    def edit(self) -> BulkEdit:
        """What a valid form says."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "ids"}
        return BulkEdit(**data | {"price": data["price"] or Decimal(0), "stock": data["stock"] or 0})


class BulkEditMixin(ModelAdmin):
    """The pages and the action; for the admin of products."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("several/", view(require_POST(self.several)), name="catalog_product_several"),
            path("take-back/<uuid:context>/", view(self.take_back), name="catalog_product_take_back"),
            *super().get_urls(),
        ]

    def change_several(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse:
        """The action: asks what to change of the ticked products."""
        ids = ",".join(str(pk) for pk in queryset.order_by("pk").values_list("pk", flat=True))
        return self._page(request, BulkForm(initial={"ids": ids}), {"n_chosen": ids.count(",") + 1})

    change_several.short_description = "Change price, stock, status or shelf …"
    change_several.allowed_permissions = ("change",)

    def several(self, request: HttpRequest) -> HttpResponse:
        """Shows what would be changed, and changes it when it is confirmed."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = BulkForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, {})
        edit, ids = form.edit(), form.cleaned_data["ids"]
        try:
            if digest := request.POST.get("confirm"):
                with pghistory.context(why="Several changed at once") as context:
                    plan = carry_out(edit, ids, digest)
                products = list({change.product.pk: change.product for change in plan.changes}.values())
                if products:
                    LogEntry.objects.log_actions(
                        request.user.pk, products, CHANGE, "Changed with others at once."
                    )
                self.message_user(request, self._done(len(products), context.id), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:catalog_product_changelist"))
            plan = plan_of(edit, ids)
        except NotPossible as error:
            messages.error(request, str(error))
            return self._page(request, form, {})
        return self._page(request, form, {"plan": plan, "rows": plan.changes[:SHOWN]})

    def _done(self, n: int, context: UUID) -> str:
        address = reverse("admin:catalog_product_take_back", args=[context])
        return format_html(
            'Changed {} product{}. <a href="{}">Take it back</a>', n, "" if n == 1 else "s", address
        )

    def _page(self, request: HttpRequest, form: BulkForm, context: dict[str, Any]) -> HttpResponse:
        title = "Change several products"
        context = {**self.admin_site.each_context(request), "title": title, "form": form, **context}
        return TemplateResponse(request, "admin/catalog/product/several.html", context)

    def take_back(self, request: HttpRequest, context: UUID) -> HttpResponse:
        """Undoes what was changed at once, after a question."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if not can_be_taken_back(context, timezone.now()):
            raise Http404("There is nothing to take back here, or it is too long ago.")
        if request.method != "POST":
            page = {**self.admin_site.each_context(request), "title": "Take the change back?"}
            return TemplateResponse(request, "admin/catalog/product/take_back.html", page)
        with pghistory.context(why="Taken back"):
            n, conflicts = take_back(context)
        self.message_user(request, f"Took back what was changed of {n} product{'' if n == 1 else 's'}.")
        for sentence in conflicts[:20]:
            self.message_user(request, sentence, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:catalog_product_changelist"))
