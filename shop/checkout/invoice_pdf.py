"""An invoice or a credit note as a PDF, drawn from its snapshot alone: the same bytes at any time."""

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from shop.checkout.models import Invoice
from shop.storefront.templatetags.storefront import money

_INK = colors.HexColor("#1d1b18")
_LINE = colors.HexColor("#cfc7b9")
_WIDTHS = (82 * mm, 20 * mm, 34 * mm, 34 * mm)


def pdf_of(invoice: Invoice) -> bytes:
    """The document, in the language in which the order was placed."""
    out = io.BytesIO()
    with translation.override(invoice.snapshot["language"]):
        document = SimpleDocTemplate(
            out,
            pagesize=A4,
            leftMargin=20 * mm,
            rightMargin=20 * mm,
            topMargin=20 * mm,
            bottomMargin=20 * mm,
            title=f"{_title(invoice)} {invoice.label}",
            author=invoice.snapshot["seller"]["name"],
            lang=translation.get_language(),
            invariant=1,
        )
        document.build(list(_story(invoice)))
    return out.getvalue()


def _title(invoice: Invoice) -> str:
    return _("Invoice") if invoice.kind == Invoice.Kind.INVOICE else _("Credit note")


def _story(invoice: Invoice) -> Iterator[Flowable]:
    told = invoice.snapshot
    seller = told["seller"]
    yield _text(seller["name"], size=18)
    yield _text(" · ".join(seller["address"]), size=8)
    yield Spacer(0, 12 * mm)
    for line in told["buyer"]:
        yield _text(line)
    yield Spacer(0, 12 * mm)
    yield _text(f"{_title(invoice)} {invoice.label}", size=15, bold=True)
    yield Spacer(0, 2 * mm)
    yield _text(_("Date: %(date)s") % {"date": _day(told["issued_on"])})
    yield _text(
        _("Order %(number)s of %(date)s") % {"number": told["order"], "date": _day(told["ordered_on"])}
    )
    if "corrects" in told:
        yield _text(_("This corrects invoice %(number)s.") % {"number": told["corrects"]})
        if told["reason"]:
            yield _text(_("Reason: %(why)s") % {"why": told["reason"]})
    yield Spacer(0, 6 * mm)
    yield _table(told)
    yield Spacer(0, 8 * mm)
    if invoice.kind == Invoice.Kind.INVOICE:
        yield _text(_("Paid. All prices include tax.") if told["prices_include_tax"] else _("Paid"))
    else:
        yield _text(_("The amount goes back the way it was paid."))
    yield Spacer(0, 8 * mm)
    if seller["tax_id"]:
        yield _text(_("VAT number: %(number)s") % {"number": seller["tax_id"]}, size=8)
    yield _text(seller["email"], size=8)


def _table(told: dict[str, Any]) -> Table:
    rows = [[_text(words, bold=True) for words in (_("Piece"), _("Pieces"), _("Price"), _("Total"))]]
    for line in told["lines"]:
        name = f"{line['name']}, {line['size']}" if line["size"] else line["name"]
        price = _sum(line["price"], told) if "price" in line else ""
        cells = (name, str(line["quantity"]), price, _sum(line["total"], told))
        rows.append([_text(cell) for cell in cells])
    is_invoice = "shipping" in told
    if is_invoice and Decimal(told["discount"]):
        rows.append(_row(_("Discount"), f"−{_sum(told['discount'], told)}"))
    if is_invoice:
        rows.append(_row(_("Delivery"), _sum(told["shipping"], told)))
    taxes = [_row(words, _sum(str(amount), told)) for words, amount in _taxes(told)]
    is_on_top = is_invoice and not told["prices_include_tax"]
    rows += taxes if is_on_top else []
    rows.append(
        _row(_("Total") if is_invoice else _("Goes back to you"), _sum(told["total"], told), bold=True)
    )
    rows += [] if is_on_top else taxes
    table = Table(rows, colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(
        TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, _LINE), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    )
    return table


def _row(words: str, amount: str, *, bold: bool = False) -> list[Any]:
    return [_text(words, bold=bold), "", "", _text(amount, bold=bold)]


def _taxes(told: dict[str, Any]) -> list[tuple[str, Decimal]]:
    """The tax of each rate, and of the delivery, with what to call it."""
    if "shipping" not in told:
        tax = Decimal(told["tax"])
        return [(_("incl. VAT"), tax)] if tax else []
    name = _("incl. VAT") if told["prices_include_tax"] else _("VAT")
    rates: dict[Decimal, Decimal] = {}
    for line in told["lines"]:
        percent = Decimal(line["tax_percent"])
        rates[percent] = rates.get(percent, Decimal(0)) + Decimal(line["tax"])
    named = [(f"{name} {percent.normalize():f} %", tax) for percent, tax in sorted(rates.items())]
    named.append((f"{name} ({_('Delivery')})", Decimal(told["shipping_tax"])))
    return [(words, tax) for words, tax in named if tax]


def _sum(amount: str, told: dict[str, Any]) -> str:
    return money(Decimal(amount), told["currency"])


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "j F Y")


def _text(words: str, *, size: int = 10, bold: bool = False) -> Paragraph:
    """A paragraph; what shoppers have written is no markup."""
    style = ParagraphStyle("words", fontName=_font(bold), fontSize=size, leading=size * 1.4, textColor=_INK)
    return Paragraph(escape(words), style)


@cache
def _font(bold: bool) -> str:
    """DejaVu Sans, which writes Greek and Cyrillic names too; it comes with Matplotlib, which is not imported."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise RuntimeError(
            "Matplotlib is missing: install requirements.txt, which the invoices' font comes with."
        )
    name = "DejaVuSans-Bold" if bold else "DejaVuSans"
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))
    return name
