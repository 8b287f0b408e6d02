"""What a curator does with the recommender: refresh and watch, go back, write rules, look at interactions."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recommendations import versions
from recommendations.choosing_k import choose_k
from recommendations.joining_categories import complement_rules
from recommendations.models import (
    CategoryNetwork,
    Cluster,
    ClusterNetwork,
    ComplementRule,
    FixedClusterCount,
    GoldenPair,
    Interaction,
    Membership,
    RecommendationVersion,
    Version,
)
from tests import factories
from tests.forms_on_pages import filled_form
from tests.recommendations.test_choosing_k import blobs

CLUSTERS = "/admin/recommendations/clusternetwork/"
LISTS = "/admin/recommendations/recommendationversion/"
RULES = "/admin/recommendations/complementrule/"
INTERACTIONS = "/admin/recommendations/interaction/"


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def queue(monkeypatch) -> list[str]:
    """What was left to the workers, instead of a worker."""
    queued: list[str] = []
    for name in ("refresh_clusters", "refresh_recommendations"):
        monkeypatch.setattr(f"recommendations.tasks.{name}.delay", lambda name=name: queued.append(name))
    return queued


def viewer(*codenames: str) -> Client:
    user = factories.UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


# --- Versions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "task"), [(CLUSTERS, "refresh_clusters"), (LISTS, "refresh_recommendations")]
)
def test_a_refresh_is_left_to_the_workers_and_the_page_waits_for_it(desk, queue, address, task):
    page = desk.post(f"{address}refresh/", follow=True)
    assert queue == [task]
    assert "Waiting for a worker." in page.content.decode()


def test_the_progress_is_shown_until_the_version_is_ready(desk, queue):
    address = f"{CLUSTERS}progress/?after=0"
    waiting = desk.get(address)
    assert "Waiting for a worker." in waiting.content.decode()
    assert 'hx-trigger="load delay:2s"' in waiting.content.decode()
    network = versions.begin(ClusterNetwork, blocks=7)
    for _ in range(3):
        versions.block_done(network)
    assert "3 of 7 blocks are done" in desk.get(address).content.decode()
    assert "3 of 7" in desk.get(CLUSTERS).content.decode()  # without scripts, by reloading
    versions.activate(network)
    ready = desk.get(address)
    assert f"No. {network.pk} is ready." in ready.content.decode()
    assert "hx-trigger" not in ready.content.decode()
    assert ready["HX-Refresh"] == "true"


def test_a_failed_refresh_says_why_and_that_shoppers_see_the_old_one(desk):
    versions.fail(versions.begin(ClusterNetwork), "The disk is full.")
    page = desk.get(CLUSTERS, {"after": "0"}).content.decode()
    assert "failed." in page
    assert "The disk is full. Shoppers see the version before." in page


def test_a_second_refresh_is_not_started_beside_the_first(desk, queue):
    versions.begin(ClusterNetwork)
    page = desk.post(f"{CLUSTERS}refresh/", follow=True).content.decode()
    assert queue == []
    assert "A refresh is running already" in page


def test_going_back_asks_first_and_then_serves_the_version_before(desk):
    first, second = versions.begin(ClusterNetwork), None
    versions.activate(first)
    versions.activate(second := versions.begin(ClusterNetwork))
    assert f"No. {second.pk} is served now." in desk.get(f"{CLUSTERS}roll-back/").content.decode()
    assert versions.active(ClusterNetwork) == second
    page = desk.post(f"{CLUSTERS}roll-back/", follow=True).content.decode()
    assert f"No. {first.pk} is served again." in page
    assert versions.active(ClusterNetwork) == first


def test_with_nothing_to_go_back_to_a_sentence_says_so(desk):
    page = desk.post(f"{LISTS}roll-back/", follow=True).content.decode()
    assert "There is no earlier version to go back to." in page


def test_a_link_refreshes_nothing(desk, queue):
    assert desk.get(f"{CLUSTERS}refresh/").status_code == 405
    assert queue == []


def test_a_version_shows_its_numbers_and_leaves_out_how_its_voices_are_blended(db):
    version = versions.begin(RecommendationVersion)
    version.figures = {"lists": 1_200, "weights_from": "own log", "weights": {"1": {"next": 1.0}}}
    version.save()
    page = viewer("view_recommendationversion").get(LISTS).content.decode()
    assert "1,200 lists" in page
    assert "own log" not in page


def test_who_may_only_look_sees_versions_and_starts_nothing(db, queue):
    versions.activate(versions.begin(RecommendationVersion))
    looking = viewer("view_recommendationversion")
    page = looking.get(LISTS).content.decode()
    assert "Active" in page
    assert "Refresh recommendations" not in page
    assert looking.post(f"{LISTS}refresh/").status_code == 403
    assert looking.post(f"{LISTS}roll-back/").status_code == 403
    assert looking.get(f"{CLUSTERS}progress/").status_code == 403
    assert queue == []


def test_versions_are_not_made_changed_or_deleted_by_hand(desk):
    network = versions.begin(ClusterNetwork)
    assert desk.get(f"{CLUSTERS}add/").status_code == 403
    assert desk.post(f"{CLUSTERS}{network.pk}/change/", {"status": "active"}).status_code == 403
    assert desk.post(f"{CLUSTERS}{network.pk}/delete/", {"post": "yes"}).status_code == 403
    network.refresh_from_db()
    assert network.status == Version.Status.BUILDING


# --- Neighbours on a product's page -----------------------------------------------------------------------------------


def test_a_products_page_shows_its_neighbours_with_score_and_reason(desk):
    tee = factories.ProductFactory(name="Breton tee")
    twin = factories.ProductFactory(name="Striped tee")
    jeans = factories.ProductFactory(name="Raw jeans", category=factories.CategoryFactory(name="Bottoms"))
    network = versions.begin(ClusterNetwork)
    cluster = Cluster.objects.create(network=network, category=tee.category, number=4, size=2)
    Membership.objects.create(
        network=network,
        product=tee,
        cluster=cluster,
        similarity=0.83,
        is_approximate=True,
        related=[twin.pk],
        related_scores=[0.91],
        related_reasons=["similar_look"],
        complementary=[jeans.pk],
        complementary_scores=[0.77],
        complementary_reasons=["complement"],
    )
    versions.activate(network)
    page = desk.get(f"/admin/catalog/product/{tee.pk}/change/").content.decode()
    for expected in (
        "Cluster 4 of Tops</a>, 83 % like its centre",
        "Approximate:",
        "91 % · Close in shape and colour",
        "77 % · Goes well with it",
    ):
        assert expected in page
    Membership.objects.update(is_approximate=False)
    assert "Approximate:" not in desk.get(f"/admin/catalog/product/{tee.pk}/change/").content.decode()
    twin.status = "archived"
    twin.save()
    assert "Striped tee" not in desk.get(f"/admin/catalog/product/{tee.pk}/change/").content.decode()


def test_before_the_first_refresh_the_page_says_that_there_is_no_place_yet(desk):
    product = factories.ProductFactory()
    page = desk.get(f"/admin/catalog/product/{product.pk}/change/").content.decode()
    assert "No place in the cluster network yet" in page


# --- Rules ------------------------------------------------------------------------------------------------------------


def test_the_built_in_rules_can_be_copied_and_changed(desk):
    assert "The built-in rules are in force." in desk.get(RULES).content.decode()
    before = complement_rules()
    desk.post(f"{RULES}defaults/")
    assert complement_rules() == before
    rule = ComplementRule.objects.get(slot="top", goes_with="bottom")
    address = f"{RULES}{rule.pk}/change/"
    desk.post(address, filled_form(desk.get(address), "complementrule_form", weight="0"))
    assert "bottom" not in complement_rules()["top"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"weight": "7"}, "A weight lies between 0"), ({"slot": "elbow"}, "elbow is not one of")],
)
def test_a_rule_that_means_nothing_is_refused(desk, changes, sentence):
    rule = {"slot": "top", "goes_with": "bag", "weight": "0.5", **changes}
    assert sentence in desk.post(f"{RULES}add/", rule).content.decode()
    assert not ComplementRule.objects.exists()


# --- Interactions -----------------------------------------------------------------------------------------------------


def did(kind: str, **fields: object) -> Interaction:
    fields = {"user": factories.UserFactory(), "product": factories.ProductFactory(), **fields}
    return Interaction.objects.create(kind=kind, created_at=timezone.now(), **fields)


def test_interactions_are_looked_at_and_never_touched(desk):
    interaction = did("wish", product=factories.ProductFactory(name="Breton tee"))
    assert "Breton tee" in desk.get(INTERACTIONS).content.decode()
    page = desk.get(f"{INTERACTIONS}{interaction.pk}/change/")
    assert 'name="_save"' not in page.content.decode()
    assert desk.get(f"{INTERACTIONS}add/").status_code == 403
    assert desk.post(f"{INTERACTIONS}{interaction.pk}/change/", {"kind": "purchase"}).status_code == 403
    assert desk.post(f"{INTERACTIONS}{interaction.pk}/delete/", {"post": "yes"}).status_code == 403
    ticked = {"action": "delete_selected", "_selected_action": [interaction.pk], "post": "yes"}
    desk.post(INTERACTIONS, ticked)
    interaction.refresh_from_db()
    assert interaction.kind == "wish"


def test_interactions_are_filtered_by_kind(desk):
    did("wish", product=factories.ProductFactory(name="Breton tee"))
    did("view", product=factories.ProductFactory(name="Wool coat"))
    page = desk.get(INTERACTIONS, {"kind__exact": "wish"}).content.decode()
    assert "Breton tee" in page
    assert "Wool coat" not in page


def test_the_list_of_interactions_neither_counts_them_nor_asks_for_each(desk):
    did("view")
    desk.get(INTERACTIONS)
    for _ in range(12):
        did("view")
    with CaptureQueriesContext(connection) as queries:
        desk.get(INTERACTIONS)
    about = [q["sql"] for q in queries if "recommendations_interaction" in q["sql"]]
    assert len(about) == 1
    assert not any("COUNT(" in sql for sql in about)


# --- Categories of a version ------------------------------------------------------------------------------------------


def test_a_versions_page_shows_why_each_category_has_so_many_clusters(desk):
    tops = factories.CategoryFactory(name="Tops & tees")
    network = versions.begin(ClusterNetwork, blocks=1)
    choice = choose_k(blobs(3)).as_json()
    CategoryNetwork.objects.create(network=network, category=tops, state="built", choice=choice, seconds=1.5)
    CategoryNetwork.objects.create(network=network, category=factories.CategoryFactory(name="Hats"))
    page = desk.get(f"{CLUSTERS}{network.pk}/change/").content.decode()
    assert "Tops &amp; tees: 3 clusters, by knee" in page
    assert page.count("<polyline") == 3
    assert "Hats: waiting" in page


def test_a_curator_fixes_a_number_of_clusters_and_pins_a_pair(desk):
    tee, twin = factories.ProductFactory(), factories.ProductFactory()
    desk.post("/admin/recommendations/fixedclustercount/add/", {"category": tee.category_id, "k": 4})
    assert FixedClusterCount.objects.get(category=tee.category).k == 4
    desk.post("/admin/recommendations/goldenpair/add/", {"product": tee.pk, "related": twin.pk})
    assert GoldenPair.objects.filter(product=tee, related=twin).exists()
    refused = desk.post(
        "/admin/recommendations/fixedclustercount/add/", {"category": tee.category_id, "k": 0}
    )
    assert refused.status_code == 200
