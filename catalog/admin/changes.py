"""The history of a product, and of all stock, as the owner reads it."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateTimeFilter

from catalog.admin.read_only import ReadOnlyAdmin
from catalog.history import changes_of, names_of, stock_changes
from catalog.models import Product, StockBefore


def change_history(product: Product) -> SafeString:
    """A table of who changed what of a product and its sizes, the newest first."""
    rows = [
        (f"{timezone.localtime(c.when):%Y-%m-%d %H:%M}", c.who, c.of, c.field, c.before, c.after)
        for c in changes_of(product)
    ]
    if not rows:
        return SafeString("Nothing has been changed yet.")
    head = SafeString(
        "<thead><tr><th>When</th><th>Who</th><th>Size</th><th>What</th><th>Before</th><th>After</th></tr></thead>"
    )
    cells = "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>"
    return format_html('<table class="figures">{}{}</table>', head, format_html_join("", cells, rows))


@admin.register(StockBefore)
class StockChangeAdmin(ReadOnlyAdmin):
    """Every piece that came or went, whoever moved it."""

    list_display = ["when", "product", "size", "moved", "who"]
    list_display_links = None
    list_filter = [("pgh_created_at", RangeDateTimeFilter)]
    list_filter_submit = True
    search_fields = ["pgh_obj__sku__startswith", "pgh_obj__product__name"]
    search_help_text = "How a SKU begins, or words of the product's name"
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockBefore]:
        return stock_changes()

    def get_ordering(self, request: HttpRequest) -> list[str]:
        return ["-pgh_id"]

    @admin.display(description="when")
    def when(self, change: StockBefore) -> str:
        return f"{timezone.localtime(change.pgh_created_at):%Y-%m-%d %H:%M}"

    @admin.display(description="product")
    def product(self, change: StockBefore) -> SafeString:
        product = change.pgh_obj.product
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:catalog_product_change", args=[product.pk]), product
        )

    @admin.display(description="size")
    def size(self, change: StockBefore) -> str:
        return change.pgh_obj.size or "One size"

    @admin.display(description="stock")
    def moved(self, change: StockBefore) -> str:
        return f"{change.stock} → {change.after} ({change.after - change.stock:+d})"

    @admin.display(description="who")
    def who(self, change: StockBefore) -> str:
        return names_of([change.pgh_context])(change.pgh_context)
