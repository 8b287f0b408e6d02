"""A shopper's photo: taken in or refused with a sentence, answered by the worker's code, shown to nobody else."""

import io
from datetime import timedelta

import cv2
import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from kombu.exceptions import OperationalError
from PIL import Image

from accounts.shopper import Shopper
from catalog.images import decode_image, encode_jpeg
from catalog.models import Product
from recommendations import answering_photos, photo_answers, photo_parts, tasks
from recommendations.answering_photos import answer_photo
from recommendations.models import Cluster, ClusterNetwork, Membership
from recommendations.photo_answers import PhotoRefused, presented, start_photo_query
from recommendations.photo_matching import Wish
from tests.eyes import LABELS, grey_embedding, jpeg, patchwork, uploaded
from vision.analysis import analyse_images
from vision.detection import CLASSES
from vision.inference import Label, Prediction
from vision.models import PhotoQuery
from vision.tasks import forget_photo_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eyes")]

VISITOR = Shopper(visitor="v" * 32)


@pytest.fixture(autouse=True)
def queued(monkeypatch):
    """The ids of the photos that were queued; a test plays the worker itself."""
    ids: list[str] = []
    monkeypatch.setattr(tasks.answer_photo, "delay", ids.append)
    return ids


@pytest.fixture
def shelf():
    """Three products whose pictures have been looked at: patchworks 1, 2 and 3."""
    images = [uploaded(jpeg(seed)) for seed in (1, 2, 3)]
    analyse_images([image.pk for image in images])
    return [image.product for image in images]


def asked(data: bytes, **options) -> PhotoQuery:
    """A photo that was sent and answered."""
    query = start_photo_query(VISITOR, data, **options)
    answer_photo(query)
    query.refresh_from_db()
    return query


def shown(query: PhotoQuery, piece: int = 0) -> list[Product]:
    return [answer.product for answer in presented(query).products[piece].similar]


def test_a_photo_is_queued_and_belongs_to_who_sent_it(queued, shopper):
    mine = start_photo_query(VISITOR, jpeg(1))
    hers = start_photo_query(Shopper(user_id=shopper.pk), jpeg(1))
    assert queued == [str(mine.pk), str(hers.pk)]
    assert (mine.user_id, mine.session_key) == (None, VISITOR.visitor)
    assert (hers.user_id, hers.session_key) == (shopper.pk, "")
    assert presented(mine).status == "pending"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"GIF89a and so on", "not a picture we can read"),
        (b"<svg onload=alert(1)>", "not a picture"),
    ],
)
def test_what_does_not_begin_like_a_picture_is_refused_at_the_door(queued, data, sentence):
    with pytest.raises(PhotoRefused, match=sentence):
        start_photo_query(VISITOR, data)
    assert not PhotoQuery.objects.exists()
    assert queued == []


def test_a_file_that_is_too_large_is_refused_at_the_door(settings):
    settings.PICTURE_MAX_BYTES = 1000
    with pytest.raises(PhotoRefused, match="Send a smaller one"):
        start_photo_query(VISITOR, jpeg(1))


@pytest.mark.parametrize(
    "box", [(-1, 0, 10, 10), (0, 0, 0, 10), (0, 0, 10), ("a", 0, 1, 1), (0, 0, 10, 10**9)]
)
def test_a_box_that_is_none_is_refused_at_the_door(box):
    with pytest.raises(PhotoRefused, match="Draw a box"):
        start_photo_query(VISITOR, jpeg(1), box=box)


def test_when_the_queue_is_away_the_shopper_gets_a_sentence_and_nothing_stays(monkeypatch):
    def broken(photo_id):
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.answer_photo, "delay", broken)
    with pytest.raises(PhotoRefused, match="short rest"):
        start_photo_query(VISITOR, jpeg(1))
    assert not PhotoQuery.objects.exists()


def test_the_products_own_picture_finds_it_and_the_others_are_similar(shelf):
    query = asked(jpeg(1))
    answer = presented(query)
    assert (answer.status, answer.progress, answer.refused) == ("done", 100, False)
    (piece,) = answer.products
    assert piece.box == [0, 0, 360, 480]
    assert piece.exact.product == shelf[0]
    assert piece.exact.reason == "We have exactly this"
    assert {a.product for a in piece.similar} == set(shelf[1:])
    scores = [a.score for a in piece.similar]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_labels_come_by_probability_and_the_title_as_people_speak(shelf):
    (piece,) = presented(asked(jpeg(1))).products
    assert [x.label for x in piece.labels] == ["Women", "Tshirts", "Blue", "Shirts"]
    assert [x.words for x in piece.seen] == ["T-shirt", "blue"]
    assert piece.title == "Blue T-shirt"


def test_a_colour_that_is_more_likely_wrong_than_right_is_not_said(shelf):
    query = asked(jpeg(1))
    for label in query.answer[0]["labels"]:
        if label["label"] == "Blue":
            label["probability"] = 0.45
    query.save()

    (piece,) = presented(query).products
    assert piece.title == "T-shirt"
    assert [x.words for x in piece.seen] == ["T-shirt"]


def test_a_photo_of_something_else_gets_no_wrong_names_only_the_closest_we_have(shelf, eyes, monkeypatch):
    unsure = (Label("Ties", "type", 0.12), Label("Men", "gender", 0.9), Label("shoes", "category", 0.8))
    monkeypatch.setattr(
        eyes, "predict", lambda pictures: [Prediction(unsure, grey_embedding(p)) for p in pictures]
    )
    answer = presented(asked(jpeg(9)))
    assert answer.refused
    assert "The closest we have" in answer.message
    (piece,) = answer.products
    assert (piece.labels, piece.title, piece.complementary) == ([], "Your photo", [])
    assert {a.product for a in piece.similar} == set(shelf)
    assert not presented(asked(jpeg(1))).refused  # what we sell is known, whatever the network thinks of it


def test_six_colours_of_one_shirt_are_one_idea(shelf):
    Product.objects.update(style_code="one-model")
    query = asked(jpeg(9))
    assert len(shown(query)) == 1


def test_another_colour_of_the_very_product_says_so(shelf):
    Product.objects.filter(pk__in=[shelf[0].pk, shelf[1].pk]).update(style_code="one-model")
    reasons = {a.product.pk: a.reason_code for a in presented(asked(jpeg(1))).products[0].similar}
    assert reasons == {shelf[1].pk: "same_style", shelf[2].pk: "same_kind"}


def test_sold_out_products_are_not_offered_but_the_exact_one_is_named(shelf):
    for product in shelf[:2]:
        product.variants.get().delete()
    (piece,) = presented(asked(jpeg(1))).products
    assert piece.exact.product == shelf[0]
    assert [a.product for a in piece.similar] == [shelf[2]]


def test_a_product_that_sells_out_after_the_answer_is_left_out_of_the_page(shelf):
    query = asked(jpeg(1))
    shelf[1].variants.get().delete()
    assert shown(query) == [shelf[2]]


def wish(address: str) -> Wish:
    return Wish.parse(QueryDict(address))


def test_filters_and_words_limit_the_answers(shelf):
    Product.objects.filter(pk=shelf[2].pk).update(gender="Men")
    assert shown(asked(jpeg(1), wish=wish("gender=Men"))) == [shelf[2]]
    assert shown(asked(jpeg(1), wish=wish("q=for+him"))) == [shelf[2]]
    nothing = asked(jpeg(1, 300, 300), wish=wish("gender=Boys"))
    assert "Take a filter off" in presented(nothing).message


def test_a_drawn_box_is_answered_first_and_the_whole_photo_stays_a_choice(shelf):
    photo = np.full((900, 800, 3), 235, np.uint8)
    photo[200:680, 100:460] = patchwork(1)
    query = asked(encode_jpeg(photo), box=(100, 200, 360, 480))
    drawn, whole = presented(query).products
    assert drawn.box == [100, 200, 360, 480]
    assert drawn.exact.product == shelf[0]
    assert whole.box == [0, 0, 800, 900]


def test_a_box_outside_the_photo_gets_a_sentence(shelf):
    query = asked(jpeg(1), box=(5000, 5000, 10, 10))
    assert query.status == "failed"
    assert "outside the picture" in query.message


def test_the_upright_size_is_told_for_a_photo_that_lies_on_its_side(shelf):
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(patchwork(5, 1600, 1200)).save(buffer, "JPEG", exif=exif)
    query = asked(buffer.getvalue())
    assert (query.width, query.height) == (1200, 1600)
    stored = decode_image(bytes(query.picture))
    assert stored.shape == (960, 720, 3)


def test_the_file_that_was_sent_is_dropped_and_the_stored_picture_carries_no_metadata(shelf):
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A camera maker"
    Image.fromarray(patchwork(5)).save(buffer, "JPEG", exif=exif)
    query = asked(buffer.getvalue())
    assert query.upload is None
    assert bytes(query.picture).startswith(b"\xff\xd8\xff")
    assert b"A camera maker" not in bytes(query.picture)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(jpeg(1)[:3000], "damaged"), (b"\x89PNG\r\n\x1a\n and nothing more", "damaged")],
)
def test_a_photo_that_cannot_be_decoded_gets_a_sentence(data, sentence):
    query = asked(data)
    assert query.status == "failed"
    assert sentence in query.message
    assert query.upload is None


def test_a_photo_with_too_many_pixels_gets_a_sentence(settings):
    settings.PICTURE_MAX_PIXELS = 10_000
    query = asked(jpeg(1))
    assert query.status == "failed"
    assert "megapixels" in query.message


def test_a_missing_model_gets_a_sentence(settings, tmp_path):
    settings.SHIPPED_MODEL_DIR = tmp_path / "nothing"
    query = asked(jpeg(1))
    assert (query.status, query.message) == ("failed", answering_photos.NO_MODEL)


def test_a_fault_of_ours_is_told_to_the_shopper_and_to_the_log(eyes, monkeypatch):
    def broken(pictures):
        raise RuntimeError("the graph is confused")

    monkeypatch.setattr(eyes, "predict", broken)
    query = start_photo_query(VISITOR, jpeg(1))
    with pytest.raises(RuntimeError, match="confused"):
        answer_photo(query)
    query.refresh_from_db()
    assert (query.status, query.message) == ("failed", answering_photos.OUR_FAULT)


def test_a_photo_is_answered_once(shelf, monkeypatch):
    query = asked(jpeg(1))
    monkeypatch.setattr(answering_photos, "answer_photo", lambda query: pytest.fail("answered twice"))
    tasks.answer_photo(str(query.pk))


def test_a_photo_forgotten_while_it_was_looked_at_stays_forgotten(shelf):
    query = start_photo_query(VISITOR, jpeg(1))
    PhotoQuery.objects.all().delete()
    answer_photo(query)
    assert not PhotoQuery.objects.exists()


def test_photos_are_forgotten_when_their_time_is_over(settings):
    old, fresh = start_photo_query(VISITOR, jpeg(1)), start_photo_query(VISITOR, jpeg(2))
    expired = timezone.now() - settings.PHOTO_QUERY_LIFETIME - timedelta(seconds=1)
    PhotoQuery.objects.filter(pk=old.pk).update(created_at=expired)
    forget_photo_queries()
    assert list(PhotoQuery.objects.all()) == [fresh]


def test_photos_whose_task_was_lost_are_queued_again(queued, shelf, django_capture_on_commit_callbacks):
    done = asked(jpeg(1))
    lost, new = start_photo_query(VISITOR, jpeg(2)), start_photo_query(VISITOR, jpeg(3))
    PhotoQuery.objects.filter(pk__in=[done.pk, lost.pk]).update(
        created_at=timezone.now() - timedelta(minutes=1)
    )
    queued.clear()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.answer_waiting_photos()
    assert queued == [str(lost.pk)]
    assert new.status == "pending"


def test_the_sweep_loads_the_network_in_use_so_that_no_photo_waits_for_it(shelf, monkeypatch):
    loaded: list[ClusterNetwork] = []
    monkeypatch.setattr(answering_photos, "finder_of", loaded.append)
    tasks.answer_waiting_photos()
    assert loaded == []  # there is no network before the first refresh
    network = ClusterNetwork.objects.create(status=ClusterNetwork.Status.ACTIVE)
    tasks.answer_waiting_photos()
    assert loaded == [network]


def test_the_sweep_goes_on_where_no_model_can_be_used(
    settings, tmp_path, queued, django_capture_on_commit_callbacks
):
    settings.SHIPPED_MODEL_DIR = tmp_path / "nowhere"
    lost = start_photo_query(VISITOR, jpeg(1))
    PhotoQuery.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    queued.clear()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.answer_waiting_photos()
    assert queued == [str(lost.pk)]


def test_a_photo_that_waits_long_is_explained():
    query = start_photo_query(VISITOR, jpeg(1))
    assert presented(query).message == ""
    query.created_at -= timedelta(minutes=1)
    assert presented(query).message == photo_answers.SLOW


def test_an_answer_costs_a_page_two_queries(shelf, django_assert_num_queries):
    query = asked(jpeg(1), box=(10, 10, 200, 200))
    with django_assert_num_queries(2):
        presented(query)


class FakeDetector:
    """Sees tops in the boxes that a test gives, in pixels of what it is shown, and ground around them."""

    def __init__(self, *boxes: tuple[int, int, int, int]) -> None:
        self.boxes = boxes

    def map(self, picture: np.ndarray) -> np.ndarray:
        found = np.zeros((*picture.shape[:2], len(CLASSES)), np.float32)
        found[..., CLASSES.index("ground")] = 1
        for x, y, width, height in self.boxes:
            found[y : y + height, x : x + width] = np.eye(len(CLASSES), dtype=np.float32)[
                CLASSES.index("top")
            ]
        return found


def two_things() -> bytes:
    """A grey photo, 1920 x 1200, with patchworks 1 (left) and 2 (right) on it."""
    photo = np.full((1200, 1920, 3), 235, np.uint8)
    photo[200:680, 200:560] = patchwork(1)
    photo[400:880, 1200:1560] = patchwork(2)
    return encode_jpeg(photo)


@pytest.fixture
def detector(monkeypatch):
    """Finds both of ``two_things``; the photo is looked at in half its size."""
    monkeypatch.setattr(photo_parts, "AROUND", 0)
    found = FakeDetector((100, 100, 180, 240), (600, 200, 180, 240))
    monkeypatch.setattr(answering_photos, "detector_of", lambda version: found)


def test_each_thing_in_a_photo_gets_its_own_answer_and_the_whole_stays_a_choice(shelf, detector):
    query = asked(two_things())
    answer = presented(query)
    assert [piece.box for piece in answer.products] == [
        [200, 200, 360, 480],
        [1200, 400, 360, 480],
        [0, 0, 1920, 1200],
    ]
    assert [piece.is_whole for piece in answer.products] == [False, False, True]
    assert [shown(query, number)[0] for number in (0, 1)] == shelf[:2]
    assert [piece.title for piece in answer.boxes] == ["Blue T-shirt", "Blue T-shirt"]


def vector_queries_of(query: PhotoQuery) -> int:
    """How many statements compare vectors while a photo is answered."""
    with CaptureQueriesContext(connection) as queries:
        answer_photo(query)
    return sum("<#>" in executed["sql"] for executed in queries)


def test_a_photo_of_one_thing_asks_for_its_neighbours_once_and_for_its_answers_once(shelf):
    assert vector_queries_of(start_photo_query(VISITOR, jpeg(9))) == 2


def test_all_parts_of_a_photo_ask_for_their_neighbours_together(shelf, detector):
    query = start_photo_query(VISITOR, two_things())
    assert vector_queries_of(query) == 1 + 3
    query.refresh_from_db()
    assert len(query.answer) == 3


def test_the_likely_product_is_one_that_the_filters_let_through(shelf):
    """The photo shows picture 1 on another ground: likely the first product, unless only others are wanted."""
    photo = np.full((640, 480, 3), (90, 120, 80), np.uint8)
    photo[80:-80, 60:-60] = patchwork(1)
    Product.objects.filter(pk=shelf[0].pk).update(gender="Women")
    Product.objects.filter(pk=shelf[1].pk).update(gender="Men")
    assert shown(asked(encode_jpeg(photo)))[0] == shelf[0]
    assert shown(asked(encode_jpeg(photo), wish=wish("gender=Men"))) == [shelf[1]]


def test_the_colours_are_those_of_the_garment_and_not_of_the_floor(shelf, monkeypatch):
    photo = np.full((400, 300, 3), (107, 68, 40), np.uint8)  # a brown floor
    photo[:, :90] = (205, 170, 120)  # of two woods
    photo[100:300, 100:200] = (200, 32, 47)
    plain = asked(encode_jpeg(photo))
    monkeypatch.setattr(answering_photos, "detector_of", lambda version: FakeDetector((100, 100, 100, 200)))
    red = asked(encode_jpeg(photo))
    assert [colour.name for colour in presented(red).products[-1].colours] == ["Red"]
    assert (
        presented(plain).products[-1].colours[0].name != "Red"
    )  # who knows no better takes the floor for it


def test_a_box_that_was_drawn_comes_first_and_is_not_found_once_more(shelf, detector):
    query = asked(two_things(), box=(1190, 390, 370, 490))
    assert [piece.box for piece in presented(query).products] == [
        [1190, 390, 370, 490],
        [200, 200, 360, 480],
        [0, 0, 1920, 1200],
    ]


def test_a_wish_searches_again_without_another_look(shelf, eyes, monkeypatch):
    query = asked(jpeg(9))
    monkeypatch.setattr(eyes, "predict", lambda pictures: pytest.fail("looked again"))
    Product.objects.filter(pk=shelf[1].pk).update(colour="Black", price=80)
    Product.objects.filter(pk=shelf[2].pk).update(colour="Black", price=30)

    def found(address: str) -> set[Product]:
        return {answer.product for answer in presented(query, wish(address)).products[0].similar}

    assert found("q=this+but+black") == set(shelf[1:])
    assert found("q=not+black") == {shelf[0]}
    assert found("q=black+under+50") == {shelf[2]}
    assert found("q=black&max_price=50") == {shelf[2]}
    assert found("q=jeans") == set()
    assert found("match=both") == set(shelf)


def test_a_colour_that_the_catalogue_does_not_state_is_found_by_its_text(shelf):
    Product.objects.filter(pk=shelf[0].pk).update(colour="", name="A black tee")
    query = asked(jpeg(9))
    names = [a.product for a in presented(query, wish("q=black")).products[0].similar]
    assert names == [shelf[0]]


def test_what_is_of_another_kind_stands_apart_and_is_not_called_the_same(shelf, eyes, monkeypatch):
    on_a_shelf = (*LABELS, Label("tops", "category", 0.9))
    monkeypatch.setattr(
        eyes, "predict", lambda pictures: [Prediction(on_a_shelf, grey_embedding(p)) for p in pictures]
    )
    for product, kind in zip(shelf, ("Tops", "Water Bottle", "T-Shirt"), strict=True):
        Product.objects.filter(pk=product.pk).update(article_type=kind)
    (piece,) = presented(asked(jpeg(9))).products
    assert [a.product for a in piece.similar] == [shelf[2]]  # as the catalogue calls a Tshirts
    assert [(a.product, a.reason_code) for a in piece.alike] == [(shelf[0], "looks_alike")]
    # A water bottle is nothing we have a word for, and looks nothing like it: it is not shown.


def test_the_same_shape_in_another_colour_and_the_same_colour_in_another_shape(shelf):
    """Picture 1 as it is, in grey, and another one in its colours."""
    grey = cv2.cvtColor(cv2.cvtColor(patchwork(1), cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    in_grey = uploaded(encode_jpeg(grey))
    turned = uploaded(encode_jpeg(np.ascontiguousarray(patchwork(1)[::-1, ::-1])))
    analyse_images([in_grey.pk, turned.pk])
    query = asked(jpeg(1, 300, 400))

    def found(match: str) -> dict[Product, str]:
        piece = presented(query, wish(f"match={match}")).products[0]
        return {answer.product: answer.reason_code for answer in piece.similar}

    assert found("shape")[in_grey.product] == "same_shape"
    assert turned.product not in found("shape")
    assert found("colour")[turned.product] == "same_colour"
    assert in_grey.product not in found("colour")


def test_what_the_photo_probably_shows_comes_first_and_is_not_called_exact(shelf):
    picture = decode_image(jpeg(2))
    photo = np.full((picture.shape[0] + 160, picture.shape[1] + 120, 3), (90, 120, 80), np.uint8)
    photo[80:-80, 60:-60] = picture
    query = asked(encode_jpeg(photo, quality=40))
    assert presented(query).products[0].exact is None
    assert shown(query)[0] == shelf[1]


# --- Its place in the network -------------------------------------------------------------------------------------


def the_network() -> list:
    """All that is stored of the network, to be held against itself."""
    return [list(model.objects.order_by("pk").values()) for model in (Cluster, Membership)]


def test_a_photo_goes_through_the_mapper_as_a_new_product_would_and_is_not_stored(shelf):
    assert asked(jpeg(4)).answer[0]["cluster"] is None  # before the first refresh
    call_command("refresh_clusters", json=None)
    before = the_network()
    [category] = {product.category_id for product in shelf}

    unknown = asked(jpeg(4))
    place = presented(unknown).products[0].cluster
    assert place["category"] == category
    assert Cluster.objects.filter(category=category, number=place["number"]).exists()
    assert 0 < place["score"] < 1
    assert 0 < place["error"] < 1

    own = asked(jpeg(1)).answer[0]["cluster"]
    member = Membership.objects.get(product=shelf[0])
    assert own["number"] == member.cluster.number
    assert own["score"] == pytest.approx(member.similarity, abs=own["error"])
    assert the_network() == before
