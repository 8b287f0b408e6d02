"""A curator says from the admin which products are never, or always, shown together, and takes it back."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from recommendations import serving
from recommendations.models import CuratedPair
from tests.factories import CategoryFactory, ProductFactory
from tests.forms_on_pages import filled_form
from tests.recommendations.test_admin import viewer
from tests.recommendations.test_serving import names, network_of

pytestmark = pytest.mark.django_db
PAIRS = "/admin/recommendations/curatedpair/"


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def tee() -> Product:
    """A tee that the network finds a twin for, and jeans to wear with it."""
    product = ProductFactory(name="Breton tee")
    twin = ProductFactory(name="Striped tee")
    jeans = ProductFactory(name="Raw jeans", category=CategoryFactory(name="Jeans"), article_type="Jeans")
    network_of(product, related=[twin], complementary=[jeans])
    return product


def page_of(desk: Client, product: Product) -> str:
    return desk.get(f"/admin/catalog/product/{product.pk}/change/").content.decode()


def say(desk: Client, product: Product, verb: str, other: Product) -> str:
    words = {"product": product.pk, "other": other.pk, "verb": verb}
    return desk.post(f"{PAIRS}say/", words, follow=True).content.decode()


def named(name: str) -> Product:
    return Product.objects.get(name=name)


def test_one_click_on_a_products_page_parts_two_products_for_shoppers(desk, tee):
    twin = named("Striped tee")
    assert f'aria-label="Never show {twin} with {tee}"' in page_of(desk, tee)
    page = say(desk, tee, "never", twin)
    assert "It counts from now on." in page
    assert "Said by curator@example.com" in page
    assert names(serving.related_to(tee)) == []
    assert "Never show together" in page_of(desk, twin)


def test_a_word_is_taken_back_with_one_click_and_the_network_decides_again(desk, tee):
    say(desk, tee, "never", named("Striped tee"))
    page = desk.post(f"{PAIRS}{CuratedPair.objects.get().pk}/take-back/", follow=True).content.decode()
    assert "Taken back" in page
    assert "all is as the network found it" in page
    assert names(serving.related_to(tee)) == ["Striped tee"]


def test_who_said_what_and_when_is_in_the_history_of_both_products(desk, tee, curator):
    twin = named("Striped tee")
    say(desk, tee, "never", twin)
    desk.post(f"{PAIRS}{CuratedPair.objects.get().pk}/take-back/")
    for product in (tee, twin):
        entries = LogEntry.objects.filter(object_id=product.pk, content_type__model="product", user=curator)
        told = [entry.change_message for entry in entries.order_by("pk")]
        assert [message.split(":")[0] for message in told] == ["Said", "Took back"]
        assert "never show together" in told[0]


def test_the_form_takes_a_promoted_product_with_its_place(desk, tee):
    scarf = ProductFactory(
        name="Silk scarf", category=CategoryFactory(name="Scarves"), article_type="Scarves"
    )
    form = desk.get(f"{PAIRS}add/?product={tee.pk}")
    words = filled_form(form, "curatedpair_form", verb="complementary", other=scarf.pk, place=2)
    assert words["product"] == [str(tee.pk)]
    desk.post(f"{PAIRS}add/", words)
    assert names(serving.complementary_to(tee)) == ["Raw jeans", "Silk scarf"]
    assert CuratedPair.objects.get().by.email == "curator@example.com"
    assert "place 2" in page_of(desk, tee)


def test_the_admin_says_why_a_promoted_product_is_not_shown(desk, tee):
    boots = ProductFactory(name="Boots", article_type="Boots", variants=[("", 0)])
    hat = ProductFactory(name="Hat", article_type="Hats")
    CuratedPair.objects.create(product=tee, verb="complementary", other=boots)
    CuratedPair.objects.create(product=tee, verb="complementary", other=hat, place=2)
    CuratedPair.objects.create(product=hat, verb="never", other=tee)
    listed = desk.get(PAIRS).content.decode()
    for page in (listed, page_of(desk, tee)):
        assert "Not shown. It is sold out" in page
        assert "Not shown. The two are never shown together" in page
    assert names(serving.complementary_to(tee)) == ["Raw jeans"]


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [("complementary", "same place on the body"), ("sometimes", "not a valid choice")],
)
def test_what_cannot_be_is_refused_with_a_sentence(desk, tee, verb, sentence):
    assert sentence in say(desk, tee, verb, named("Striped tee"))
    assert not CuratedPair.objects.exists()


def test_saying_it_twice_says_that_it_was_said(desk, tee):
    say(desk, tee, "never", named("Striped tee"))
    assert "never shown together already" in say(desk, named("Striped tee"), "never", tee)
    assert CuratedPair.objects.count() == 1


def test_pairs_are_found_by_either_products_name(desk, tee):
    hat = ProductFactory(name="Felt hat", article_type="Hats")
    CuratedPair.objects.create(product=tee, verb="never", other=named("Striped tee"))
    CuratedPair.objects.create(product=tee, verb="complementary", other=hat)
    found = desk.get(PAIRS, {"q": "felt"}).content.decode()
    assert "Felt hat" in found
    assert "Striped tee" not in found


def test_who_may_only_look_says_nothing(desk, tee):
    twin = named("Striped tee")
    pair = CuratedPair.objects.create(product=tee, verb="never", other=twin)
    looking = viewer("view_product", "view_curatedpair")
    page = looking.get(f"/admin/catalog/product/{tee.pk}/change/").content.decode()
    assert "Never show together" in page
    assert "Take back" not in page
    words = {"product": tee.pk, "other": twin.pk, "verb": "related"}
    assert looking.post(f"{PAIRS}say/", words).status_code == 403
    assert looking.post(f"{PAIRS}{pair.pk}/take-back/").status_code == 403
    assert desk.get(f"{PAIRS}say/").status_code == 405


def test_the_list_asks_the_database_as_often_for_many_pairs_as_for_few(desk, tee):
    counts = []
    for _ in range(2):
        for _ in range(3):
            CuratedPair.objects.create(product=tee, verb="never", other=ProductFactory())
        with CaptureQueriesContext(connection) as queries:
            desk.get(PAIRS)
        counts.append(len(queries))
    assert counts[0] == counts[1]
