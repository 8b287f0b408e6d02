"""Categories, brands and the names of attributes."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from tree_queries.admin import TreeChangeList
from unfold.admin import ModelAdmin
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminTextareaWidget

from catalog.logos import LogoRejected, check_logo, logo_address
from catalog.models import Attribute, Brand, Category, Product
from catalog.stocking import repeat_search_terms


def _count_products(field: str) -> Coalesce:
    products = Product.objects.filter(**{field: OuterRef("pk")}).order_by().values(field)
    return Coalesce(Subquery(products.values(n=Count("pk"))), Value(0), output_field=IntegerField())


class KeptWhileUsed(ModelAdmin):
    """Shelves and brands that still hold something are not deleted: a sentence says what to do first.

    ``what_it_holds(obj)``, which each subclass defines, is that sentence while ``obj`` is in use, else "".
    """

    what_it_holds: Callable[[Any], str]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if (
            obj is not None
            and self.has_delete_permission(request, obj)
            and (reason := self.what_it_holds(obj))
        ):
            self.message_user(request, reason, messages.ERROR)
            opts = self.opts
            return HttpResponseRedirect(
                reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])
            )
        return super().delete_view(request, object_id, extra_context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # one by one, so that each gets its sentence
        return actions


class _TreeList(TreeChangeList, ChangeList):
    """Shelves in the order in which they stand, each below the one that holds it."""


@admin.register(Category)
class CategoryAdmin(KeptWhileUsed):
    list_display = ["shelf", "slug", "n_products", "position"]
    list_editable = ["position"]
    list_per_page = 500
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", "parent", "position", "tax_class"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _TreeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return Category.objects.with_tree_fields().annotate(product_count=_count_products("category"))

    @admin.display(description="category")
    def shelf(self, category: Category) -> SafeString:
        depth = getattr(category, "tree_depth", 0)
        return format_html('<span class="tree-depth-{}">{}</span>', min(depth, 4), category.name)

    @admin.display(description="products")
    def n_products(self, category: Category) -> int:
        return category.product_count

    def what_it_holds(self, category: Category) -> str:
        n_products, n_shelves = category.products.count(), category.children.count()
        if not (n_products or n_shelves):
            return ""
        return (
            f"“{category}” holds {n_products} product{'' if n_products == 1 else 's'} and {n_shelves} "
            f"categor{'y' if n_shelves == 1 else 'ies'} and was not deleted. Move them to another category first."
        )

    def save_model(self, request: HttpRequest, obj: Category, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"name", "slug"} & set(form.changed_data):
            repeat_search_terms(Product.objects.filter(category=obj))


class BrandForm(forms.ModelForm):
    class Meta:
        model = Brand
        fields = ["name", "slug", "story", "logo_svg"]
        widgets = {"logo_svg": UnfoldAdminTextareaWidget(attrs={"rows": 6, "spellcheck": "false"})}

    def clean_logo_svg(self) -> str:
        svg = self.cleaned_data["logo_svg"]
        if not svg.strip():
            return ""
        try:
            return check_logo(svg)
        except LogoRejected as rejected:
            raise forms.ValidationError(str(rejected)) from rejected


@admin.register(Brand)
class BrandAdmin(KeptWhileUsed):
    form = BrandForm
    list_display = ["logo", "name", "n_products"]
    list_display_links = ["logo", "name"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", "story", "logo_svg", "logo"]
    readonly_fields = ["logo"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Brand]:
        return super().get_queryset(request).annotate(product_count=_count_products("brand"))

    @admin.display(description="logo")
    def logo(self, brand: Brand) -> SafeString | str:
        if not brand.logo_svg:
            return "–"
        return format_html('<img class="brand-logo" src="{}" alt="">', logo_address(brand.logo_svg))

    @admin.display(description="products", ordering="product_count")
    def n_products(self, brand: Brand) -> int:
        return brand.product_count

    def what_it_holds(self, brand: Brand) -> str:
        n = brand.products.count()
        if not n:
            return ""
        return f"“{brand}” has {n} product{'' if n == 1 else 's'} and was not deleted. Give them another brand first."

    def save_model(self, request: HttpRequest, obj: Brand, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            repeat_search_terms(Product.objects.filter(brand=obj))


@admin.register(Attribute)
class AttributeAdmin(ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
