"""What pages show is counted, without a word about who saw it; and the owner sees what came of it."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from accounts.shopper import Shopper
from recommendations import evidence, recording, showing
from recommendations.hydration import Answer
from recommendations.models import Interaction
from recommendations.tallies import ListsProof, ProductTally, RowTally
from tests.factories import ProductFactory, UserFactory
from tests.recommendations.test_admin import viewer

pytestmark = pytest.mark.django_db
PAGE = "/admin/recommendations/rowtally/"
SOMEBODY = Shopper(visitor="v" * 32)


@pytest.fixture
def tote():
    return ProductFactory(name="Market tote")


def card(product, reason="popular"):
    return Answer(product=product, score=1.0, reason_code=reason, reason="")


def tallies():
    showing.store_tallies()
    return {(row.place, row.reason): row.shown for row in RowTally.objects.all()}


def came_of_it():
    return {(row.place, row.reason): (row.shown, row.clicked, row.bought) for row in evidence.rows_shown()}


def test_cards_add_up_over_pages_by_place_and_reason(tote):
    other = ProductFactory()
    for _ in range(2):
        showing.note_shown(
            SOMEBODY, {"home": [card(tote), card(other)], "related": [card(tote, "same_brand")]}
        )
    showing.store_tallies()
    showing.note_shown(SOMEBODY, {"home": [card(tote)]}, bucket="2-4")
    assert tallies() == {
        ("home", "popular"): 5,
        ("related", "same_brand"): 2,
        (showing.VISITS, "2-4"): 1,
    }
    assert dict(ProductTally.objects.values_list("product_id", "shown")) == {tote.pk: 5, other.pk: 2}


def test_nothing_is_counted_of_those_who_want_nothing_recorded(tote):
    showing.note_shown(Shopper(visitor="v", personalised=False), {"home": [card(tote)]}, bucket="0")
    assert tallies() == {}


def test_without_redis_the_page_comes_and_nothing_is_counted(tote, settings, monkeypatch):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/redis.sock?db=2"}
    }
    monkeypatch.setattr(showing, "cache", caches["default"])
    showing.note_shown(SOMEBODY, {"home": [card(tote)]})
    assert showing.store_tallies() == 0


def test_a_page_that_a_person_opens_is_counted_and_one_that_a_program_reads_is_not(tote):
    for agent in ("Mozilla/5.0", "Googlebot/2.1"):
        Client().get("/", headers={"User-Agent": agent})
        Client().get(tote.get_absolute_url(), headers={"User-Agent": agent})
    counted = tallies()
    assert counted[showing.VISITS, "0"] == 1
    assert counted["home", "new"] == 1


def test_the_links_of_cards_say_where_they_stand_and_why(tote):
    reader = Client(headers={"User-Agent": "Mozilla/5.0"})
    assert f'href="{tote.get_absolute_url()}?from=home&amp;why=new"' in reader.get("/").content.decode()
    reader.get(f"{tote.get_absolute_url()}?from=home&why=new")
    reader.get(f"{tote.get_absolute_url()}?from=home&why=nonsense")
    clicks = Interaction.objects.filter(kind="click").order_by("pk")
    assert list(clicks.values_list("place", "reason")) == [("home", "new"), ("home", "")]


def test_a_card_that_is_clicked_twice_a_day_by_one_shopper_was_clicked_once(tote):
    showing.note_shown(SOMEBODY, {"home": [card(tote)] * 4})
    showing.store_tallies()
    for shopper in (SOMEBODY, SOMEBODY, Shopper(user_id=UserFactory().pk)):
        recording.record(shopper, tote.pk, "click", place="home", reason="popular")
    assert came_of_it() == {("home", "popular"): (4, 2, 0)}


def test_a_purchase_is_laid_to_the_last_card_through_which_that_shopper_came(tote):
    buyer = Shopper(user_id=UserFactory().pk)
    recording.record(buyer, tote.pk, "click", place="home", reason="popular")
    recording.record(buyer, tote.pk, "click", place="related", reason="same_brand")
    recording.record(buyer, tote.pk, "purchase")
    recording.record(SOMEBODY, tote.pk, "purchase")  # came by itself
    recording.record(buyer, ProductFactory().pk, "purchase")  # another product
    assert came_of_it() == {("home", "popular"): (0, 1, 0), ("related", "same_brand"): (0, 1, 1)}


def test_what_is_long_past_is_neither_shown_nor_kept_for_ever(tote):
    long_ago = timezone.localdate() - timedelta(days=evidence.DAYS)
    RowTally.objects.create(day=long_ago, place="home", reason="popular", shown=9)
    ProductTally.objects.create(day=timezone.localdate() - timedelta(days=61), product_id=tote.pk, shown=9)
    assert evidence.rows_shown() == []
    showing.prune_tallies()
    assert RowTally.objects.count() == 1
    assert not ProductTally.objects.exists()


def test_the_page_of_figures_says_what_was_shown_clicked_and_covered(
    curator, tote, django_assert_max_num_queries
):
    ProductFactory()
    showing.note_shown(SOMEBODY, {"home": [card(tote)] * 10}, bucket="0")
    showing.note_shown(SOMEBODY, {}, bucket="5-19")
    showing.store_tallies()
    recording.record(SOMEBODY, tote.pk, "click", place="home", reason="popular")
    ListsProof.objects.create(
        version_id=7,
        questions=321,
        worth={"next": [0.25, 0.01], "items": [0.2, 0.01], "hybrid": [0.26, 0.01]},
    )
    desk = Client()
    desk.force_login(curator)
    with django_assert_max_num_queries(12):
        page = desk.get(PAGE).content.decode()
    assert "10.00 % (1.79 % – 40.42 %)" in page  # 1 of 10
    assert "1 of 2 products" in page
    assert "<b>50.0 %</b>" in page  # of two pages one was a newcomer's
    assert "0.2600 ± 0.0100" in page
    assert page.index("next 0.2500") < page.index("items 0.2000")


def test_before_anything_was_shown_the_page_says_what_to_do(curator):
    desk = Client()
    desk.force_login(curator)
    page = desk.get(PAGE).content.decode()
    assert "Nothing has been shown yet." in page
    assert "No version has been rehearsed yet" in page
    assert "never made" in page


def test_the_figures_are_for_those_who_may_see_them():
    assert viewer("view_product").get(PAGE).status_code == 403
    assert viewer("view_rowtally").get(PAGE).status_code == 200
