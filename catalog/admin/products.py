"""Products, with their sizes, pictures and attributes."""

import re
import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from tree_queries.forms import TreeNodeChoiceField
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.forms import ActionForm

from catalog.admin.bulk import BulkEditMixin
from catalog.admin.changes import change_history
from catalog.admin.formsets import (
    PictureFormSet,
    TouchedFieldsFormSet,
    UntouchedFieldsForm,
    VariantForm,
    VariantFormSet,
)
from catalog.admin.price_log import price_history
from catalog.admin.uploads import PictureInput, PicturesField, check_size
from catalog.exporting import csv_lines
from catalog.low_stock import LOW_STOCK
from catalog.models import Category, Product, ProductAttribute, ProductImage, Variant
from catalog.prices import strike_prices
from catalog.signals import products_changed
from catalog.stocking import search_terms

THUMBNAIL = (48, 64)  # CSS pixels
STATUS_LABELS = {"Draft": "warning", "Active": "success", "Archived": "info"}


class ProductForm(forms.ModelForm):
    new_pictures = PicturesField(
        required=False,
        label="Add pictures",
        help_text="JPEG, PNG, WebP or HEIC, several at once. A worker makes them ready within seconds.",
    )

    class Meta:
        model = Product
        fields = [
            "name", "slug", "status", "category", "brand", "description", "article_type", "gender", "colour",
            "colour_hex", "style_code", "external_id", "tax_class",
        ]  # fmt: skip

    def clean_colour_hex(self) -> str:
        colour = self.cleaned_data["colour_hex"]
        if colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            raise forms.ValidationError("Write the colour like #8c1d2f, or leave it empty.")
        return colour


class PictureForm(UntouchedFieldsForm):
    class Meta:
        model = ProductImage
        fields = ["upload", "alt", "position"]
        widgets = {"upload": PictureInput}

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if "upload" in self.changed_data and upload:
            check_size(upload)
        return upload


class VariantInline(TabularInline):
    hide_title = True
    ordering_field = "position"  # by dragging, or by the numbers
    model = Variant
    form = VariantForm
    formset = VariantFormSet
    readonly_fields = ["was_price"]  # the log tells it: see catalog.prices
    verbose_name_plural = "sizes and stock"

    def get_extra(self, request: HttpRequest, obj: Product | None = None, **kwargs: Any) -> int:
        return 0 if obj else 1


class PictureInline(TabularInline):
    hide_title = True
    ordering_field = "position"  # by dragging, or by the numbers
    model = ProductImage
    form = PictureForm
    formset = PictureFormSet
    verbose_name_plural = "pictures"
    extra = 0
    fields = ["preview", "upload", "alt", "position"]
    readonly_fields = ["preview"]

    def has_add_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        return False  # "Add pictures" takes several at once

    @admin.display(description="picture")
    def preview(self, image: ProductImage) -> SafeString:
        return picture_preview(image)


class AttributeInline(TabularInline):
    hide_title = True
    model = ProductAttribute
    form = UntouchedFieldsForm
    formset = TouchedFieldsFormSet
    verbose_name_plural = "attributes"
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductAttribute]:
        return super().get_queryset(request).select_related("attribute")


def picture_preview(image: ProductImage) -> SafeString:
    """A thumbnail, or in words why there is none yet."""
    if image.state == ProductImage.State.BROKEN:
        return format_html('<span class="picture-state broken">{}</span>', image.error or "Cannot be used.")
    thumbnail = (
        format_html(
            '<img class="thumbnail" src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
            image.url_for(160),
            *THUMBNAIL,
            str(image.alt or "No alternative text yet"),
        )
        if image.widths
        else SafeString("")
    )
    if image.state == ProductImage.State.WAITING:
        return format_html('{}<span class="picture-state">Waiting for the worker.</span>', thumbnail)
    return thumbnail


class PictureFilter(DropdownFilter):
    """Which products have something wrong with their pictures."""

    title = "pictures"
    parameter_name = "pictures"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("broken", "Broken"), ("waiting", "Waiting"), ("none", "None")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if self.value() == "none":
            return queryset.filter(images=None)
        if self.value() in ProductImage.State.values:
            wanted = ProductImage.objects.filter(state=self.value())
            return queryset.filter(pk__in=wanted.values("product"))
        return queryset


class StockFilter(DropdownFilter):
    """Which products are sold out, or have a size that soon will be."""

    title = "stock"
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("low", f"A size below {LOW_STOCK} pieces"), ("out", "Sold out"), ("in", "In stock")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        match self.value():
            case "low":
                scarce = Variant.objects.filter(stock__lt=LOW_STOCK)
                return queryset.filter(pk__in=scarce.values("product"))
            case "out":
                return queryset.filter(in_stock=False)
            case "in":
                return queryset.filter(in_stock=True)
        return queryset


@admin.register(Product)
class ProductAdmin(BulkEditMixin, ModelAdmin):
    """What is sold. Upper apps add what they know: see ``vision.admin`` and the page's template."""

    form = ProductForm
    action_form = ActionForm
    list_display = ["product", "state", "offer", "pieces", "category"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        StockFilter,
        PictureFilter,
        ("category", RelatedDropdownFilter),
        ("brand", RelatedDropdownFilter),
        ("gender", ChoicesDropdownFilter),
    ]
    list_filter_submit = True
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["name"]  # shows the field; get_search_results says what it looks through
    search_help_text = "Words of the product, or how its id, style code or SKU begins"
    prepopulated_fields = {"slug": ["name"]}
    inlines = [PictureInline, VariantInline, AttributeInline]
    actions = ["change_several", "activate", "archive", "export"]
    warn_unsaved_form = True
    readonly_fields = ["price_history", "changes"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "status", "category", "brand", "description", "new_pictures"]}),
        (
            "What it is",
            {
                "fields": [
                    "article_type",
                    "gender",
                    ("colour", "colour_hex"),
                    "style_code",
                    "external_id",
                    "tax_class",
                ]
            },
        ),
        ("Price history", {"fields": ["price_history"], "classes": ["collapse"]}),
        ("Changes", {"fields": ["changes"], "classes": ["collapse"]}),
    ]

    # --- The list -------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        stock = Variant.objects.filter(product=OuterRef("pk")).order_by().values("product")
        return (
            super()
            .get_queryset(request)
            .select_related("category", "brand")
            .annotate(
                n_pieces=Coalesce(
                    Subquery(stock.values(total=Sum("stock"))), Value(0), output_field=IntegerField()
                )
            )
            .prefetch_related(Prefetch("images", ProductImage.objects.order_by("position", "id")))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        return (queryset.known_as(search_term) if search_term.strip() else queryset), False

    @display(description="Product", header=True, ordering="name")
    def product(self, product: Product) -> list[Any]:
        cover = next((image for image in product.images.all() if image.widths), None)
        words = " · ".join(
            word for word in (product.brand.name if product.brand else "", product.colour) if word
        )
        width, height = THUMBNAIL
        picture = cover and {"path": cover.url_for(160), "squared": True, "width": width, "height": height}
        return [product.name, words, product.name[:2], picture]

    @display(description="Status", label=STATUS_LABELS, ordering="status")
    def state(self, product: Product) -> str:
        return product.get_status_display()

    @admin.display(description="Price", ordering="price")
    def offer(self, product: Product) -> str:
        return f"{product.price} {product.currency}" if product.price else "–"

    @admin.display(description="Stock", ordering="n_pieces")
    def pieces(self, product: Product) -> int:
        return product.n_pieces

    # --- The page -------------------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> list[Any]:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            fieldsets = [
                (name, options) for name, options in fieldsets if name not in ("Price history", "Changes")
            ]
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            return fieldsets
        return [
            (name, {**options, "fields": [f for f in options["fields"] if f != "new_pictures"]})
            for name, options in fieldsets
        ]

    def get_inlines(self, request: HttpRequest, obj: Product | None) -> list[type[TabularInline]]:
        return [inline for inline in self.inlines if obj or inline is not PictureInline]

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Product | None = None
    ) -> dict[str, list[str]]:
        # The address of a product that is known stays: links to it are out in the world.
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "category":
            kwargs |= {"form_class": TreeNodeChoiceField, "queryset": Category.objects.with_tree_fields()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="What it has cost")
    def price_history(self, product: Product) -> SafeString:
        return price_history(product)

    @admin.display(description="Who changed what")
    def changes(self, product: Product) -> SafeString:
        return change_history(product)

    def view_on_site(self, product: Product) -> str | None:
        return product.get_absolute_url() if product.is_visible else None

    def has_delete_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        """Only a draft can be deleted: orders and histories refer to everything else. Archive it instead."""
        is_draft = obj is None or obj.status == Product.Status.DRAFT
        return is_draft and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: Product, form: ProductForm, change: bool) -> None:
        if not change:
            obj.external_id = obj.external_id or f"shop-{uuid.uuid4().hex[:12]}"
            obj.save()
            return
        # Orders lock sizes by ascending id and then products: so do we.
        list(
            Variant.objects.select_for_update(no_key=True)
            .filter(product=obj)
            .order_by("pk")
            .values_list("pk")
        )
        own = {field.name for field in Product._meta.concrete_fields}
        obj.save(update_fields=[*(name for name in form.changed_data if name in own), "updated_at"])

    def save_related(
        self, request: HttpRequest, form: ProductForm, formsets: list[Any], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        product = form.instance
        last = product.images.order_by("-position").values_list("position", flat=True).first()
        first = 0 if last is None else last + 1
        for position, file in enumerate(form.cleaned_data.get("new_pictures") or [], start=first):
            ProductImage.objects.create(
                product=product, upload=file, position=position, alt=product.name if position == 0 else ""
            )
        product.search_terms = search_terms(product, product.attributes.values_list("value", flat=True))
        product.save(update_fields=["search_terms"])
        strike_prices([product.pk])  # it may be shown, or hidden, from now on
        products_changed.send(Product, product_ids=[product.pk])

    def delete_model(self, request: HttpRequest, obj: Product) -> None:
        pk = obj.pk
        super().delete_model(request, obj)
        products_changed.send(Product, product_ids=[pk])

    # --- Several at once ------------------------------------------------------------------------------------------

    @admin.action(description="Activate: show to shoppers", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self._set_status(request, queryset, Product.Status.ACTIVE, "Activated")
        bare = Product.objects.filter(pk__in=[product.pk for product in queryset])
        for lacking, word in (({"variants": None}, "size"), ({"images": None}, "picture")):
            if names := list(bare.filter(**lacking).values_list("name", flat=True)[:5]):
                self.message_user(
                    request, f"Shoppers see these without a {word}: {', '.join(names)}.", messages.WARNING
                )

    @admin.action(description="Archive: hide from shoppers", permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self._set_status(request, queryset, Product.Status.ARCHIVED, "Archived")

    def _set_status(
        self, request: HttpRequest, queryset: QuerySet[Product], status: Product.Status, verb: str
    ) -> None:
        products = [product for product in queryset if product.status != status]
        ids = [product.pk for product in products]
        Product.objects.filter(pk__in=ids).update(status=status, updated_at=timezone.now())
        strike_prices(ids)
        if products:
            LogEntry.objects.log_actions(request.user.pk, products, CHANGE, f"{verb}.")
            products_changed.send(Product, product_ids=ids)
        self.message_user(request, f"{verb} {len(products)} of {len(queryset)}.", messages.SUCCESS)

    @admin.action(description="Export as CSV", permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[Product]) -> StreamingHttpResponse:
        plain = Product.objects.filter(pk__in=queryset.values("pk")).order_by("pk")
        return StreamingHttpResponse(
            csv_lines(plain),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="products-{timezone.now():%Y-%m-%d}.csv"'},
        )
