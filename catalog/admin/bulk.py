"""Changing many products at once in the admin, by one rule or from a file: see what it would change, do it, take it
back."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pghistory
from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.cache import cache
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
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
)

from catalog.bulk_edit import BulkEdit, plan_of
from catalog.csv_update import plan_of_rows, read
from catalog.history import can_be_taken_back, take_back
from catalog.models import Brand, Category, Product
from catalog.planned_changes import NotPossible, Plan, carry_out

SHOWN = 200  # rows of the preview
FILE_BYTES = 4 * 2**20
KEPT_FILE, KEPT_SECONDS = "catalogue-file-{}", 3600
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


class FileForm(forms.Form):
    """A spreadsheet."""

    file = forms.FileField(
        label="CSV file",
        help_text="The export of some products, changed. Only what you keep of its columns changes: id, and name, "
        "description, status, price or sizes (such as S:3|M:0).",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> str:
        upload = self.cleaned_data["file"]
        if upload.size > FILE_BYTES:
            raise forms.ValidationError(f"The file is larger than {FILE_BYTES >> 20} MB. Divide it.")
        data = upload.read()
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError("This is not UTF-8 text. Save the table as “CSV UTF-8”.") from error


class BulkEditMixin(ModelAdmin):
    """The pages and the action; for the admin of products."""

    list_before_template = "admin/catalog/product/list_tools.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("several/", view(require_POST(self.several)), name="catalog_product_several"),
            path("from-file/", view(self.from_file), name="catalog_product_from_file"),
            path("take-back/<uuid:context>/", view(self.take_back), name="catalog_product_take_back"),
            *super().get_urls(),
        ]

    # --- By one rule ----------------------------------------------------------------------------------------------

    def change_several(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse:
        """The action: asks what to change of the ticked products."""
        ids = ",".join(str(pk) for pk in queryset.order_by("pk").values_list("pk", flat=True))
        return self._choose(request, BulkForm(initial={"ids": ids}), {"n_chosen": ids.count(",") + 1})

    change_several.short_description = "Change price, stock, status or shelf …"
    change_several.allowed_permissions = ("change",)

    def several(self, request: HttpRequest) -> HttpResponse:
        """Shows what would be changed, and changes it when it is confirmed."""
        self._check_permission(request)
        form = BulkForm(request.POST)
        if not form.is_valid():
            return self._choose(request, form, {})
        edit, ids = form.edit(), form.cleaned_data["ids"]
        try:
            if digest := request.POST.get("confirm"):
                return self._carry_out(request, lambda lock: plan_of(edit, ids, lock=lock), digest)
            plan = plan_of(edit, ids)
        except NotPossible as error:
            messages.error(request, str(error))
            return self._choose(request, form, {})
        return self._choose(request, form, shown(plan))

    def _choose(self, request: HttpRequest, form: BulkForm, context: dict[str, Any]) -> HttpResponse:
        return self._page(request, "several", {"title": "Change several products", "form": form, **context})

    # --- From a file ----------------------------------------------------------------------------------------------

    def from_file(self, request: HttpRequest) -> HttpResponse:
        """Takes a file, shows what it would change, and changes it when it is confirmed. In between the file is kept
        for an hour."""
        self._check_permission(request)
        if request.method != "POST":
            return self._ask_for_file(request, FileForm())
        if key := request.POST.get("kept"):
            text = cache.get(KEPT_FILE.format(key))
            if text is None:
                messages.error(request, "The file was kept for an hour only. Choose it again.")
                return self._ask_for_file(request, FileForm())
        else:
            form = FileForm(request.POST, request.FILES)
            if not form.is_valid():
                return self._ask_for_file(request, form)
            text, key = form.cleaned_data["file"], uuid4().hex
            cache.set(KEPT_FILE.format(key), text, KEPT_SECONDS)
        try:
            reading = read(text)
            if digest := request.POST.get("confirm"):
                return self._carry_out(request, lambda lock: plan_of_rows(reading, lock=lock)[0], digest)
            plan, problems = plan_of_rows(reading)
        except NotPossible as error:
            messages.error(request, str(error))
            return self._ask_for_file(request, FileForm())
        return self._ask_for_file(
            request, FileForm(), {**shown(plan), "kept": key, "problems": problems[:SHOWN]}
        )

    def _ask_for_file(
        self, request: HttpRequest, form: FileForm, context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = "Change products from a file"
        return self._page(request, "from_file", {"title": title, "form": form, **(context or {})})

    # --- Both -----------------------------------------------------------------------------------------------------

    def _check_permission(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _carry_out(
        self, request: HttpRequest, make_plan: Callable[[bool], Plan], digest: str
    ) -> HttpResponse:
        with pghistory.context(why="Several changed at once") as context:
            plan = carry_out(make_plan, digest)
        products = list({change.product.pk: change.product for change in plan.changes}.values())
        if products:
            LogEntry.objects.log_actions(request.user.pk, products, CHANGE, "Changed with others at once.")
        n, address = len(products), reverse("admin:catalog_product_take_back", args=[context.id])
        words = 'Changed {} product{}. <a href="{}">Take it back</a>'
        messages.success(request, format_html(words, n, "" if n == 1 else "s", address))
        return HttpResponseRedirect(reverse("admin:catalog_product_changelist"))

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        context = {**self.admin_site.each_context(request), **context}
        return TemplateResponse(request, f"admin/catalog/product/{name}.html", context)

    def take_back(self, request: HttpRequest, context: UUID) -> HttpResponse:
        """Undoes what was changed at once, after a question."""
        self._check_permission(request)
        if not can_be_taken_back(context, timezone.now()):
            raise Http404("There is nothing to take back here, or it is too long ago.")
        if request.method != "POST":
            return self._page(request, "take_back", {"title": "Take the change back?"})
        with pghistory.context(why="Taken back"):
            n, conflicts = take_back(context)
        self.message_user(request, f"Took back what was changed of {n} product{'' if n == 1 else 's'}.")
        for sentence in conflicts[:20]:
            self.message_user(request, sentence, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:catalog_product_changelist"))


def shown(plan: Plan) -> dict[str, Any]:
    """What the preview needs of a plan."""
    return {"plan": plan, "rows": plan.changes[:SHOWN]}
