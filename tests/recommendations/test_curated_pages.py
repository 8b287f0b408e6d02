"""A curator's word on a pair counts on the next page: product pages, the REST lists and a shopper's own rows."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.shopper import Shopper
from catalog.models import Product
from recommendations import recording, serving
from recommendations.models import CuratedPair
from tests.factories import CategoryFactory, ProductFactory
from tests.recommendations.test_serving import names, network_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    """A tee with three look-alikes and two things to wear with it, as the network has them."""
    tee = ProductFactory(name="Tee")
    alike = [ProductFactory(name=f"Alike {n}") for n in range(3)]
    bottoms = CategoryFactory(name="Jeans")
    worn = [ProductFactory(name=f"Jeans {n}", category=bottoms, article_type="Jeans") for n in range(2)]
    network_of(tee, related=alike, complementary=worn)
    return tee, alike, worn


def say(product: Product, verb: str, other: Product, place: int = 1) -> CuratedPair:
    pair = CuratedPair(product=product, verb=verb, other=other, place=place)
    pair.full_clean()
    pair.save()
    return pair


def page_of(product: Product) -> str:
    return Client().get(product.get_absolute_url()).content.decode()


def test_a_forbidden_pair_is_on_neither_page_and_in_neither_answer(shelf):
    tee, alike, _ = shelf
    assert "Alike 0" in page_of(tee)
    say(alike[0], "never", tee)
    assert "Alike 0" not in page_of(tee)
    results = Client().get(f"/api/v1/products/{tee.pk}/related/").json()["results"]
    assert "Alike 0" not in [answer["product"]["name"] for answer in results]
    assert "Tee" not in names(serving.related_to(alike[0]))  # not as one more of the category either


def test_a_promoted_product_has_its_place_and_says_why(shelf):
    tee, alike, worn = shelf
    scarf = ProductFactory(name="Scarf", category=CategoryFactory(name="Scarves"), article_type="Scarves")
    say(tee, "complementary", scarf, place=2)
    say(tee, "related", alike[2], place=1)
    related, complementary = serving.neighbours_of(tee)
    assert names(complementary) == ["Jeans 0", "Scarf", "Jeans 1"]
    assert names(related)[:3] == ["Alike 2", "Alike 0", "Alike 1"]
    assert complementary[1].reason == "Chosen by our stylists"
    assert names(serving.complementary_to(worn[0])) == []  # the word was about the tee's page


def test_a_promoted_product_is_shown_where_there_is_no_network_yet():
    tee = ProductFactory(name="Tee")
    jeans = ProductFactory(name="Jeans", category=CategoryFactory(name="Jeans"), article_type="Jeans")
    say(tee, "complementary", jeans)
    assert names(serving.complementary_to(tee)) == ["Jeans"]


def test_what_is_sold_out_is_not_shown_however_much_it_is_promoted(shelf):
    tee, _, _ = shelf
    boots = ProductFactory(name="Boots", article_type="Boots", variants=[("", 0)])
    pair = say(tee, "complementary", boots)
    assert "Boots" not in names(serving.complementary_to(tee))
    assert "sold out" in pair.obstacle
    boots.variants.update(stock=3)
    Product.objects.filter(pk=boots.pk).update(in_stock=True)
    assert names(serving.complementary_to(tee))[0] == "Boots"


def test_never_beats_always(shelf):
    tee, alike, _ = shelf
    say(tee, "related", alike[2])
    say(alike[2], "never", tee)
    assert "Alike 2" not in names(serving.related_to(tee))


def test_one_promoted_model_stands_before_another_colour_of_itself(shelf):
    tee, alike, _ = shelf
    Product.objects.filter(pk__in=[alike[0].pk, alike[2].pk]).update(style_code="A")
    alike[2].refresh_from_db()
    say(tee, "related", alike[2], place=2)
    assert names(serving.related_to(tee))[:2] == ["Alike 1", "Alike 2"]


def test_a_shoppers_own_page_heeds_both_words(shelf):
    tee, alike, _ = shelf
    far = ProductFactory(name="Far")
    shopper = Shopper(visitor="v" * 32)
    recording.record(shopper, tee.pk, "click")
    say(tee, "never", alike[0])
    say(tee, "related", far)
    home = serving.home_for(shopper, n=3)
    because = {answer.product.name for answer in home.for_you if "Tee" in answer.reason}
    assert "Far" in because
    assert "Alike 0" not in because


# --- What cannot be said -----------------------------------------------------------------------------------------


def test_a_pair_is_forbidden_once_whichever_way_round(shelf):
    tee, alike, _ = shelf
    say(tee, "never", alike[0])
    with pytest.raises(ValidationError, match="never shown together already"):
        say(alike[0], "never", tee)
    with pytest.raises(IntegrityError), transaction.atomic():
        CuratedPair.objects.create(product=alike[0], verb="never", other=tee)


def test_a_product_is_promoted_once_on_a_page(shelf):
    tee, _, worn = shelf
    say(tee, "complementary", worn[0])
    with pytest.raises(ValidationError, match="promoted on that page already"):
        say(tee, "related", worn[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        CuratedPair.objects.create(product=tee, verb="related", other=worn[0])


def test_a_product_is_no_pair_with_itself(shelf):
    tee, _, _ = shelf
    with pytest.raises(ValidationError, match="nothing to do with itself"):
        say(tee, "never", tee)
    with pytest.raises(IntegrityError), transaction.atomic():
        CuratedPair.objects.create(product=tee, verb="never", other=tee)


def test_a_forbidden_pair_cannot_be_promoted(shelf):
    tee, alike, _ = shelf
    say(alike[0], "never", tee)
    with pytest.raises(ValidationError, match="Take that back first"):
        say(tee, "related", alike[0])


def test_half_a_row_stays_the_networks_so_that_three_body_slots_are_kept(shelf):
    tee, _, _ = shelf
    bags = [ProductFactory(article_type="Handbags") for _ in range(4)]
    for place, bag in enumerate(bags[:3], start=1):
        say(tee, "complementary", bag, place)
    with pytest.raises(ValidationError, match="3 are promoted in this row already"):
        say(tee, "complementary", bags[3])


def test_what_breaks_a_hard_rule_is_refused_in_words(shelf):
    tee, alike, _ = shelf
    with pytest.raises(ValidationError, match="same place on the body"):
        say(tee, "complementary", alike[0])
