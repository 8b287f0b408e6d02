"""Personal lists are made in blocks, switched on whole, and show what the report says they must (and must not)."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.shopper import Shopper
from recommendations import recording, versions
from recommendations.blending import WEIGHTS
from recommendations.models import RecommendationList, RecommendationVersion
from recommendations.refreshing_lists import begin_lists, build_block, finish_lists, models_of
from recommendations.serving import home_for
from tests.factories import CategoryFactory, UserFactory
from tests.recommendations.seen import seen_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_models():
    models_of.cache_clear()


@pytest.fixture
def crowd():
    """Five shoppers who like boots and parkas, five who like bikinis; and the products."""
    shelves = {name: CategoryFactory(name=name) for name in ("Boots", "Parkas", "Bikinis")}
    products = {
        f"{name} {n}": seen_product(100 * i + n, name=f"{name} {n}", category=shelf)
        for i, (name, shelf) in enumerate(shelves.items())
        for n in range(4)
    }
    groups = (("Boots", "Parkas"), ("Bikinis",))
    users = {group: [UserFactory() for _ in range(5)] for group in groups}
    for group, members in users.items():
        for user in members:
            for name, product in products.items():
                if name.split()[0] in group:
                    recording.record(Shopper(user_id=user.pk), product.pk, "view")
    return products, users


def refresh() -> RecommendationVersion:
    version, blocks = begin_lists()
    for block in blocks:
        build_block(version, block)
    return finish_lists(version)


def test_shoppers_of_the_same_taste_recommend_to_each_other(crowd):
    products, _ = crowd
    newcomer = UserFactory()
    for name in ("Boots 0", "Boots 1"):
        recording.record(Shopper(user_id=newcomer.pk), products[name].pk, "view")
    version = refresh()
    row = RecommendationList.objects.get(version=version, user=newcomer)
    shelf = {product.pk: name.split()[0] for name, product in products.items()}
    first = [shelf[pk] for pk in row.products[:6]]
    assert set(first) <= {"Boots", "Parkas"}
    assert not {products["Boots 0"].pk, products["Boots 1"].pk} & set(row.products)
    assert len(row.products) == len(row.scores) == len(row.reasons) == len(row.because)


def test_sold_out_products_are_not_on_a_list(crowd):
    products, _ = crowd
    products["Boots 3"].variants.first().delete()
    newcomer = UserFactory()
    recording.record(Shopper(user_id=newcomer.pk), products["Boots 0"].pk, "view")
    version = refresh()
    assert (
        products["Boots 3"].pk not in RecommendationList.objects.get(version=version, user=newcomer).products
    )


def test_those_who_want_no_personal_pages_get_no_list(crowd):
    products, _ = crowd
    private = UserFactory()
    recording.record(Shopper(user_id=private.pk), products["Boots 0"].pk, "view")
    private.personalised = False
    private.save()
    version = refresh()
    assert not RecommendationList.objects.filter(version=version, user=private).exists()


def test_newcomers_get_what_is_popular_and_varied(crowd):
    refresh()
    home = home_for(Shopper(), n=6)
    assert not home.is_personal
    assert {answer.product.category.name for answer in home.for_you[:3]} == {"Boots", "Parkas", "Bikinis"}
    assert home.for_you[0].reason == "Popular this week"


def test_a_half_made_version_is_not_served(crowd):
    served = refresh()
    begin_lists()
    assert versions.active(RecommendationVersion) == served


def test_erasing_a_shopper_erases_their_influence_at_the_next_refresh(crowd):
    products, users = crowd
    newcomer = UserFactory()
    recording.record(Shopper(user_id=newcomer.pk), products["Boots 0"].pk, "view")
    for user in users["Boots", "Parkas"]:
        user.delete()
    version = refresh()
    models_of.cache_clear()
    row = RecommendationList.objects.get(version=version, user=newcomer)
    assert "taste" not in row.reasons


def test_the_weights_are_learned_from_the_shops_own_log_and_kept_with_the_version(crowd, monkeypatch):
    assert refresh().figures["weights_from"] == "shipped"  # a handful of questions proves nothing
    monkeypatch.setattr("recommendations.refreshing_lists.FEWEST_QUESTIONS", 1)
    version = refresh()
    assert version.figures["weights_from"] == "own log"
    assert version.figures["questions"] >= 1
    hybrid = models_of(version.pk).hybrid
    assert hybrid.weights == version.figures["weights"]
    assert hybrid.weights != WEIGHTS
    assert hybrid.spread == version.figures["spread"]
    for bucket, voice in version.figures["alone"].items():
        assert set(hybrid.weights[bucket]) <= {voice, "content"}
        assert hybrid.weights[bucket][voice] == 1


def test_a_visitors_click_leads_where_the_crowd_went(crowd):
    products, _ = crowd
    refresh()
    visitor = Shopper(visitor="v" * 32)
    recording.record(visitor, products["Bikinis 0"].pk, "click")
    answers = home_for(visitor, n=4).for_you[:2]  # half of a row at most is of one category
    assert {answer.product.category.name for answer in answers} == {"Bikinis"}
    assert {answer.reason for answer in answers} == {"Because you looked at Bikinis 0"}


def test_a_refresh_that_fails_to_learn_makes_way_for_the_next(crowd, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("recommendations.refreshing_lists.rehearse", lambda interactions: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            begin_lists()
    assert RecommendationVersion.objects.get().status == "failed"
    assert refresh().status == "active"


def test_all_blocks_learn_from_the_same_moment(crowd):
    products, _ = crowd
    late = UserFactory()
    version, _ = begin_lists()
    recording.record(Shopper(user_id=late.pk), products["Boots 0"].pk, "view")
    assert late.pk not in models_of(version.pk).interactions.user_ids


def test_an_erased_shopper_leaves_no_trace_to_the_last_bit(crowd, monkeypatch):
    products, _ = crowd
    monkeypatch.setattr("recommendations.refreshing_lists.FEWEST_QUESTIONS", 1)
    now = timezone.now() + timedelta(minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)  # strengths fade by the second

    def lists() -> dict:
        version = refresh()
        columns = ("products", "scores", "reasons", "because")
        return {
            "weights": version.figures["weights"],
            **{row[0]: row[1:] for row in version.lists.values_list("user_id", *columns)},
        }

    never_there = lists()
    gone = UserFactory()
    for product in products.values():
        recording.record(Shopper(user_id=gone.pk), product.pk, "purchase")
    assert lists() != never_there
    gone.delete()
    assert lists() == never_there


def test_a_shop_without_shoppers_has_a_list_for_newcomers():
    seen_product(1, name="Only one")
    refresh()
    assert [answer.product.name for answer in home_for(Shopper()).for_you] == ["Only one"]


def test_the_command_reports_in_json(crowd, capsys):
    call_command("refresh_recommendations", json="-")
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (report["blocks"], report["users"]) == (1, 10)
    assert report["version"] == versions.active(RecommendationVersion).pk
