"""Invoices and credit notes to download."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.checkout.access import own_order
from shop.checkout.invoice_pdf import pdf_of
from shop.checkout.models import Invoice, Order


@never_cache
@require_safe
def invoice(request: HttpRequest, number: str, label: str) -> HttpResponse:
    """One document of an order of the shopper's own."""
    return as_download(invoice_of(own_order(request, number), label))


def invoice_of(order: Order, label: str) -> Invoice:
    """The order's document with that printed number.

    Raises:
        Http404: when the order has none such.
    """
    found = next((one for one in order.invoices.all() if one.label == label), None)
    if found is None:
        raise Http404("No such invoice.")
    return found


def as_download(document: Invoice) -> HttpResponse:
    """The PDF as an answer that browsers save."""
    headers = {"Content-Disposition": f'attachment; filename="{document.label}.pdf"'}
    return HttpResponse(pdf_of(document), content_type="application/pdf", headers=headers)
