"""Invoices and credit notes: numbered without gaps, never changed, seen by nobody else."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import InternalError, connection, transaction
from django.test import Client

from shop.checkout import payments, refunding
from shop.checkout.erasing import anonymise_orders
from shop.checkout.fulfilling import advance
from shop.checkout.invoice_pdf import pdf_of
from shop.checkout.models import Invoice, InvoiceCounter, Order
from shop.checkout.placing import cancel_order
from tests.rest import V1, assert_problem, program


@pytest.fixture
def paid(client, tee, place, pay) -> Order:
    """Two tees, 20 each, and delivery for 4.90."""
    client.post("/bag/add/", {"variant": tee.pk, "quantity": 2})
    order = place(client)
    pay(client, order)
    order.refresh_from_db()
    return order


def labels() -> list[str]:
    return [one.label for one in Invoice.objects.order_by("pk")]


def test_a_paid_order_has_an_invoice_with_all_that_was_bought(paid):
    (document,) = Invoice.objects.all()
    told = document.snapshot
    assert told["buyer"] == ["Gwen Guest", "7 Bobbin Street", "1010 Vienna", "Austria"]
    assert (told["lines"][0]["name"], told["lines"][0]["total"]) == ("Breton tee", "40.00")
    assert (told["shipping"], told["total"]) == ("4.90", "44.90")


def test_an_order_that_was_not_paid_has_none(buyer, place):
    order = place(buyer)
    cancel_order(order)
    assert not Invoice.objects.exists()
    assert not InvoiceCounter.objects.exists()


def test_every_refund_has_a_credit_note_with_numbers_of_its_own(paid):
    refunding.refund(paid, pieces={paid.lines.get().pk: 1}, reason="A hole")
    refunding.refund(paid, amount=Decimal("4.90"))
    year = Invoice.objects.first().year
    assert labels() == [f"INV-{year}-000001", f"CN-{year}-000001", f"CN-{year}-000002"]
    piece, goodwill = Invoice.objects.filter(kind="credit_note").order_by("pk")
    assert piece.snapshot["corrects"] == f"INV-{year}-000001"
    assert piece.snapshot["lines"][0] | {"sku": ""} == {
        "name": "Breton tee",
        "sku": "",
        "size": "M",
        "quantity": 1,
        "total": "20.00",
    }
    assert (goodwill.snapshot["lines"], goodwill.snapshot["total"]) == ([], "4.90")


def test_a_payment_that_is_rolled_back_leaves_no_gap(buyer, tee, place):
    first = place(buyer)
    buyer.post("/bag/add/", {"variant": tee.pk})
    second = place(buyer)

    class PowerCut(Exception):
        """The process ends here."""

    def pay_and_fail():
        with transaction.atomic():
            payments.pay(first, "approve", "token")
            raise PowerCut

    with pytest.raises(PowerCut):
        pay_and_fail()
    payments.pay(second, "approve", "token")
    payments.pay(first, "approve", "token")
    assert [one.number for one in Invoice.objects.order_by("pk")] == [1, 2]


def test_numbers_begin_anew_with_the_year(buyer, tee, place):
    for year in (2027, 2028):
        with time_machine.travel(datetime(year, 1, 1, 12, tzinfo=UTC)):
            buyer.post("/bag/add/", {"variant": tee.pk})
            payments.pay(place(buyer), "approve", "token")
    assert labels() == ["INV-2027-000001", "INV-2028-000001"]


def test_money_that_never_paid_the_order_is_no_matter_of_its_invoice(buyer, place, pay):
    order = place(buyer)
    pay(buyer, order, "ask")
    late = order.payments.get().reference
    pay(buyer, order, "approve")
    payments.settle(late, is_paid=True)
    assert [one.kind for one in Invoice.objects.all()] == ["invoice"]


@pytest.mark.parametrize(
    "statement", ["UPDATE checkout_invoice SET number = 7", "DELETE FROM checkout_invoice"]
)
def test_the_database_lets_nobody_change_the_books(paid, statement):
    with pytest.raises(InternalError, match="never changed"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Invoice.objects.get().number == 1


def test_discounts_and_taxes_are_told_apart(buyer, place):
    order = place(buyer)
    order.lines.update(discount=Decimal("5.00"), tax=Decimal("2.50"), tax_percent=Decimal("20.00"))
    Order.objects.update(
        discount=Decimal("5.00"), tax=Decimal("3.32"), shipping_tax=Decimal("0.82"), total=Decimal("19.90")
    )
    order.refresh_from_db()
    payments.pay(order, "approve", "token")
    told = Invoice.objects.get().snapshot
    assert (told["discount"], told["tax"], told["shipping_tax"]) == ("5.00", "3.32", "0.82")
    refunding.refund(order, pieces={order.lines.get().pk: 1})
    refunding.refund(order)
    piece, rest = Invoice.objects.filter(kind="credit_note").order_by("pk")
    assert (piece.snapshot["total"], piece.snapshot["tax"]) == ("15.00", "2.50")
    assert (rest.snapshot["total"], rest.snapshot["tax"]) == ("4.90", "0.82")
    for document in Invoice.objects.all():
        assert pdf_of(document).startswith(b"%PDF-")


# --- The document ---------------------------------------------------------------------------------------------------


def test_the_document_is_the_same_at_any_time_and_reads_other_alphabets(paid):
    document = Invoice.objects.get()
    document.snapshot["buyer"] = ["Γιώργος Παπαδόπουλος", "<b>ул. Шипка</b> & Söhne", "Łódź"]
    first = pdf_of(document)
    with time_machine.travel(datetime(2030, 5, 1, tzinfo=UTC)):
        assert pdf_of(document) == first
    assert first.startswith(b"%PDF-")
    assert first.rstrip().endswith(b"%%EOF")


def test_a_credit_note_and_a_long_order_are_drawn_too(paid):
    refunding.refund(paid, amount=Decimal("1.00"), reason="A stain")
    assert pdf_of(Invoice.objects.get(kind="credit_note")).startswith(b"%PDF-")
    document = Invoice.objects.get(kind="invoice")
    document.snapshot["lines"] *= 200
    assert pdf_of(document).count(b"/Type /Page\n") > 3


def test_the_shopper_downloads_it_from_the_order_page_and_nobody_else_does(client, paid):
    label = Invoice.objects.get().label
    url = f"/orders/{paid.number}/invoices/{label}/"
    assert url in client.get(f"/orders/{paid.number}/").content.decode()
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert f'filename="{label}.pdf"' in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert client.get(f"/orders/{paid.number}/invoices/INV-2026-999999/").status_code == 404
    assert Client().get(url).status_code == 404


def test_programs_list_and_download_their_own(paid, shopper, stranger):
    paid.user = shopper
    paid.save()
    device = program(shopper)
    url = f"{V1}orders/{paid.number}/invoices/"
    (listed,) = device.get(url).json()["results"]
    assert listed["total"] == {"amount": "44.90", "currency": "EUR"}
    assert device.get(listed["url"], headers={"Accept": "application/pdf"}).content.startswith(b"%PDF-")
    assert_problem(device.get(f"{url}INV-2026-999999/"), 404)
    assert_problem(program(stranger).get(listed["url"]), 404)


def test_staff_find_the_books_in_the_admin(paid, curator):
    desk = Client()
    desk.force_login(curator)
    document = Invoice.objects.get()
    page = desk.get("/admin/checkout/invoice/", {"q": paid.number}).content.decode()
    assert document.label in page
    assert desk.get(f"/admin/checkout/invoice/{document.pk}/pdf/").content.startswith(b"%PDF-")
    assert desk.post(f"/admin/checkout/invoice/{document.pk}/delete/", {"post": "yes"}).status_code == 403


def test_whoever_is_erased_stays_on_the_invoice_and_on_nothing_else(paid, shopper, tee):
    paid.user = shopper
    paid.save()
    for status in ("packed", "shipped"):
        advance(paid, status)
    anonymise_orders(shopper)
    paid.refresh_from_db()
    assert (paid.name, paid.street) == ("Erased", "")
    assert Invoice.objects.get().snapshot["buyer"][0] == "Gwen Guest"
    refunding.refund(paid, amount=Decimal("1.00"))
    assert Invoice.objects.get(kind="credit_note").snapshot["buyer"][0] == "Gwen Guest"
