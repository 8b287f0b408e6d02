"""Invoices and credit notes: looked at and downloaded, never made or changed by hand."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from catalog.admin.read_only import ReadOnlyAdmin
from shop.checkout.models import Invoice
from shop.checkout.views.invoices import as_download


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    """The books."""

    list_display = ["label", "kind", "of_order", "total", "issued_at", "pdf"]
    list_filter = [("kind", ChoicesDropdownFilter), ("issued_at", RangeDateTimeFilter)]
    list_filter_submit = True
    list_select_related = ["order"]
    search_fields = ["order__number", "number"]
    search_help_text = "Order number, or the last digits of the invoice's"
    fields = ["label", "kind", "of_order", "total", "issued_at", "pdf"]
    readonly_fields = ["label", "of_order", "total", "pdf"]

    @admin.display(description="Order")
    def of_order(self, document: Invoice) -> SafeString:
        url = reverse("admin:checkout_order_change", args=[document.order_id])
        return format_html('<a href="{}">{}</a>', url, document.order.number)

    @admin.display(description="Total")
    def total(self, document: Invoice) -> str:
        return f"{document.snapshot['total']} {document.snapshot['currency']}"

    @admin.display(description="Document")
    def pdf(self, document: Invoice) -> SafeString:
        url = reverse("admin:checkout_invoice_pdf", args=[document.pk])
        return format_html('<a href="{}">PDF</a>', url)

    def get_urls(self) -> list[URLPattern]:
        download = self.admin_site.admin_view(self.download)
        return [path("<int:pk>/pdf/", download, name="checkout_invoice_pdf"), *super().get_urls()]

    def download(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The document, for who may look at invoices."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return as_download(get_object_or_404(Invoice, pk=pk))
