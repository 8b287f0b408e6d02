"""Neighbours, the personal home, interactions and photo search over REST."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.shopper import VISITOR_KEY
from recommendations import api, tasks, versions
from recommendations.answering_photos import answer_photo
from recommendations.models import Cluster, ClusterNetwork, Interaction, Membership
from tests.eyes import jpeg, uploaded
from tests.factories import CategoryFactory, ProductFactory
from tests.rest import V1, assert_problem, program
from vision.analysis import analyse_images
from vision.models import PhotoQuery

pytestmark = pytest.mark.django_db


# --- Neighbours and the home --------------------------------------------------------------------------------------


@pytest.fixture
def network():
    """A tee with one neighbour of its kind and one that goes with it."""
    tee, other = ProductFactory(name="Tee"), ProductFactory(name="Other tee")
    shorts = ProductFactory(name="Shorts", category=CategoryFactory(name="Bottoms"))
    version = versions.begin(ClusterNetwork)
    cluster = Cluster.objects.create(network=version, category=tee.category, number=0)
    Membership.objects.create(
        network=version, product=tee, cluster=cluster, similarity=0.9,
        related=[other.pk], related_scores=[0.9], related_reasons=["same_cluster"],
        complementary=[shorts.pk], complementary_scores=[0.8], complementary_reasons=["complement"],
    )  # fmt: skip
    versions.activate(version)
    return tee, other, shorts, version


@pytest.mark.parametrize(("path", "number", "score"), [("related", 1, 0.9), ("complementary", 2, 0.8)])
def test_neighbours_come_with_score_reason_and_version(network, path, number, score):
    tee, version = network[0], network[3]
    body = program().get(f"{V1}products/{tee.pk}/{path}/", {"limit": 1}).json()
    (answer,) = body["results"]
    assert body["version"] == version.pk
    assert answer["product"]["id"] == network[number].pk
    assert answer["score"] == score
    assert answer["reason"]["code"]
    assert answer["reason"]["text"]


def test_before_the_first_refresh_there_are_neighbours_and_no_version():
    tee = ProductFactory()
    ProductFactory(name="Newer")
    body = program().get(f"{V1}products/{tee.pk}/related/").json()
    assert body["version"] is None
    assert [answer["product"]["name"] for answer in body["results"]] == ["Newer"]


def test_a_click_is_told_and_the_next_home_begins_with_it(shopper):
    for number in range(6):
        ProductFactory(name=f"Tee {number}")
    clicked = ProductFactory(name="Clicked")
    for number in range(6):
        ProductFactory(name=f"Boot {number}", category=CategoryFactory(name="Shoes"))
    client = program(shopper)
    told = client.post(V1 + "interactions/", {"product": clicked.pk, "kind": "click"})
    assert (told.status_code, told.json()) == (
        201,
        {"product": clicked.pk, "kind": "click", "recorded": True},
    )
    home = client.get(V1 + "recommendations/home/", {"limit": 5}).json()
    assert home["results"][0]["product"]["id"] == clicked.pk
    assert home["results"][0]["reason"]["code"] == "recent"
    assert len(home["results"]) == 5


def test_a_visitor_is_known_by_a_session_cookie():
    first, second = program(), program()
    clicked, _ = ProductFactory(name="Clicked"), ProductFactory()
    first.post(V1 + "interactions/", {"product": clicked.pk, "kind": "view"})
    assert Interaction.objects.get().session_key == first.session[VISITOR_KEY]

    def recent(client):
        results = client.get(V1 + "recommendations/home/").json()["results"]
        return [answer["product"]["name"] for answer in results if answer["reason"]["code"] == "recent"]

    assert recent(first) == ["Clicked"]
    assert recent(second) == []


def test_who_wants_no_personal_pages_is_not_recorded(shopper):
    shopper.personalised = False
    shopper.save()
    told = program(shopper).post(V1 + "interactions/", {"product": ProductFactory().pk, "kind": "view"})
    assert (told.status_code, told.json()["recorded"]) == (201, False)
    assert not Interaction.objects.exists()


@pytest.mark.parametrize(
    ("body", "wrong"),
    [({"product": "no"}, {"product", "kind"}), ({"product": 10**30, "kind": "view"}, {"product"}),
     ({"product": -1, "kind": "view"}, {"product"}), ({"product": None, "kind": "view"}, {"product"}),
     ({"product": [1], "kind": "view"}, {"product"}), ({"product": {"pk": 1}, "kind": "view"}, {"product"}),
     ({"product": True, "kind": "view"}, {"product"}), ({"product": "1\x00", "kind": "\x00"}, {"product", "kind"}),
     ({}, {"product", "kind"}), ([], {"non_field_errors"}), ("text", {"non_field_errors"})],
)  # fmt: skip
def test_an_interaction_that_makes_no_sense_is_refused_by_field(body, wrong):
    assert set(assert_problem(program().post(V1 + "interactions/", body), 400)["errors"]) == wrong
    assert not Interaction.objects.exists()


def test_a_hidden_product_cannot_be_told_about():
    hidden = ProductFactory(status="draft")
    assert_problem(program().post(V1 + "interactions/", {"product": hidden.pk, "kind": "view"}), 400)


def test_answers_need_eight_queries_however_many_there_are(network, shopper, django_assert_max_num_queries):
    for _ in range(8):
        ProductFactory()
    client, related = program(shopper), f"{V1}products/{network[0].pk}/related/"
    client.post(V1 + "interactions/", {"product": network[0].pk, "kind": "view"})
    client.get(V1 + "recommendations/home/")  # what is popular is looked for once a minute
    with django_assert_max_num_queries(8):
        client.get(V1 + "recommendations/home/")
    with django_assert_max_num_queries(8):
        program().get(related)


# --- Photo search -------------------------------------------------------------------------------------------------


@pytest.fixture
def queued(monkeypatch, eyes):
    """The photos that were handed to the worker; the test is the worker."""
    ids: list[str] = []
    monkeypatch.setattr(tasks.answer_photo, "delay", ids.append)
    return ids


@pytest.fixture
def shelf(eyes):
    """Three products whose pictures have been looked at."""
    images = [uploaded(jpeg(seed)) for seed in (1, 2, 3)]
    analyse_images([image.pk for image in images])
    return [image.product for image in images]


def photo(data: bytes = b"", name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or jpeg(1), "image/jpeg")


def send(client, headers=None, path="photo-search/", **fields):
    return client.post(V1 + path, fields, format="multipart", headers=headers)


def test_a_photo_is_accepted_at_once_and_its_answer_found_where_it_says(queued, shelf):
    client = program()
    accepted = send(client, photo=photo())
    body = accepted.json()
    assert accepted.status_code == 202
    assert (body["status"], body["progress"], body["products"]) == ("pending", 0, [])
    assert accepted["Location"] == f"/api/v1/photo-search/{body['id']}/"
    assert body["url"] == f"http://testserver{accepted['Location']}"
    assert queued == [body["id"]]

    answer_photo(PhotoQuery.objects.get())
    answer = client.get(accepted["Location"]).json()
    assert (answer["status"], answer["progress"], answer["refused"]) == ("done", 100, False)
    (piece,) = answer["products"]
    assert piece["box"] == [0, 0, 360, 480]
    assert piece["labels"][0] == {"label": "Women", "kind": "gender", "probability": 0.93}
    assert piece["exact"]["product"]["id"] == shelf[0].pk
    assert {a["product"]["id"] for a in piece["similar"]} == {shelf[1].pk, shelf[2].pk}
    assert all(0 <= a["score"] <= 1 and a["reason"]["text"] for a in piece["similar"])


def test_who_prefers_to_wait_gets_the_finished_answer(monkeypatch, eyes, shelf):
    monkeypatch.setattr(tasks.answer_photo, "delay", lambda pk: answer_photo(PhotoQuery.objects.get(pk=pk)))
    answer = send(program(), {"Prefer": "respond-async, wait=10"}, photo=photo())
    assert answer.status_code == 200
    assert answer.json()["status"] == "done"
    assert answer.json()["products"][0]["exact"]["product"]["id"] == shelf[0].pk


def test_who_waits_in_vain_is_told_where_to_ask(queued, monkeypatch):
    monkeypatch.setattr(api, "LONGEST_WAIT", 0.05)
    answer = send(program(), {"Prefer": "wait=20"}, photo=photo())
    assert answer.status_code == 202
    assert answer.json()["status"] == "pending"


@pytest.mark.parametrize("prefer", ["wait", "wait=", "wait=-5", "wait=soon", "wait=١", "nothing"])
def test_a_preference_that_is_none_waits_for_nothing(queued, prefer):
    assert send(program(), {"Prefer": prefer}, photo=photo()).status_code == 202


def test_a_photo_that_cannot_be_read_fails_with_a_sentence(monkeypatch, eyes):
    monkeypatch.setattr(tasks.answer_photo, "delay", lambda pk: answer_photo(PhotoQuery.objects.get(pk=pk)))
    broken = photo(b"\xff\xd8\xff then nothing that is a picture")
    body = assert_problem(send(program(), {"Prefer": "wait=10"}, photo=broken), 422)
    assert body["detail"]
    query = PhotoQuery.objects.get()
    assert query.status == "failed"


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"GIF89a", 422), (b"<svg onload=alert(1)>", 422), (b"\x00" * 50, 422),
     (b"\xff\xd8\xff" + b"\x00" * (21 * 2**20), 413)],
    ids=["gif", "svg", "zeros", "21 MB"],
)  # fmt: skip
def test_what_is_no_photo_is_refused_at_the_door(queued, data, status):
    assert_problem(send(program(), photo=photo(data)), status)
    assert queued == []


def test_a_request_without_a_photo_or_with_an_empty_one_is_refused(queued):
    assert "photo" in assert_problem(send(program()), 400)["errors"]
    assert "photo" in assert_problem(send(program(), photo="text"), 400)["errors"]
    empty = SimpleUploadedFile("photo.jpg", b"", "image/jpeg")
    assert "empty" in assert_problem(send(program(), photo=empty), 422)["detail"]
    assert_problem(program().post(V1 + "photo-search/"), 400)
    assert_problem(program().post(V1 + "photo-search/", {"photo": "text"}), 415)


@pytest.mark.parametrize("box", ["10,20,100,200", "[10, 20, 100, 200]"])
def test_a_box_may_be_drawn(queued, box):
    send(program(), photo=photo(), box=box)
    assert PhotoQuery.objects.get().box == [10, 20, 100, 200]


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "-1,0,10,10", "1e9,0,1,1", "٣,0,1,x"])
def test_a_box_that_is_none_is_refused(queued, box):
    assert_problem(send(program(), photo=photo(), box=box), 422)


def test_filters_stand_in_the_form_or_in_the_address(queued):
    send(program(), photo=photo(), path="photo-search/?colour=Red&max_price=20", max_price="50", in_stock="1")
    assert PhotoQuery.objects.get().filters == {"query": "colour=Red&max_price=50&in_stock=1"}


def test_a_filter_that_makes_no_sense_is_refused_by_field(queued):
    body = assert_problem(send(program(), photo=photo(), min_price="cheap"), 400)
    assert list(body["errors"]) == ["min_price"]


def test_a_file_where_a_word_belongs_is_no_filter(queued):
    assert send(program(), photo=photo(), colour=photo()).status_code == 202
    assert PhotoQuery.objects.get().filters == {}


def test_a_photo_is_seen_by_who_sent_it_and_by_nobody_else(queued, shopper, stranger):
    theirs = send(program(shopper), photo=photo()).json()["url"]
    assert program(shopper).get(theirs).status_code == 200
    for other in (program(), program(stranger)):
        assert_problem(other.get(theirs), 404)
    visitor = program()
    visitors = send(visitor, photo=photo()).json()["url"]
    assert visitor.get(visitors).status_code == 200
    for other in (program(), program(stranger)):
        assert_problem(other.get(visitors), 404)
    assert_problem(visitor.get(f"{V1}photo-search/{uuid.uuid4()}/"), 404)


def test_nothing_of_the_file_that_was_sent_comes_back(queued):
    client = program()
    body = client.get(send(client, photo=photo(name="../../etc/passwd")).json()["url"]).content
    assert b"passwd" not in body
    assert b"JFIF" not in body
