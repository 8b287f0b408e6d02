"""Search with a photo, from the web's side: what is taken, who sees the answer, how it reads."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.shopper import VISITOR_KEY
from recommendations.tasks import answer_photo
from tests import factories
from tests.shop.storefront.conftest import PERSON
from vision.models import PhotoQuery


@pytest.fixture
def queued(monkeypatch) -> list[str]:
    """The photos that were handed to the worker."""
    ids: list[str] = []
    monkeypatch.setattr(answer_photo, "delay", ids.append)
    return ids


@pytest.fixture
def asker(visitor) -> Client:
    """A visitor with a number of their own: ``factory`` visitor of the queries below."""
    session = visitor.session
    session[VISITOR_KEY] = "asker"
    session.save()
    return visitor


def webp(width: int = 60, height: int = 80) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "#aa5533").save(buffer, "WEBP")
    return buffer.getvalue()


def query_of(owner: str = "asker", **fields) -> PhotoQuery:
    return PhotoQuery.objects.create(
        **{
            "session_key": owner,
            "picture": webp(),
            "width": 60,
            "height": 80,
            "status": "done",
            "progress": 100,
        }
        | fields
    )


def piece(
    *, exact=None, similar=(), complementary=(), box=(0, 0, 60, 80), kind="Tshirts", probability=0.94
) -> dict:
    def found(product, reason):
        return {"product": product.pk, "score": 0.8, "reason": reason}

    return {
        "box": list(box),
        "known": True,
        "colours": [{"hex": "#8c1d2f", "share": 1.0, "name": "Maroon"}],
        "labels": [{"label": kind, "kind": "type", "probability": probability}],
        "exact": found(exact, "same_picture") if exact else None,
        "similar": [found(product, "similar_look") for product in similar],
        "alike": [],
        "complementary": [found(product, "complement") for product in complementary],
    }


def test_a_photo_is_taken_and_leads_to_its_answer(visitor, queued):
    answer = visitor.post("/photo/", {"photo": SimpleUploadedFile("red.webp", webp(), "image/webp")})
    query = PhotoQuery.objects.get()
    assert queued == [str(query.pk)]
    assert answer.status_code == 302
    assert answer.url == f"/photo/{query.pk}/"
    waiting = visitor.get(answer.url)
    assert waiting.status_code == 202
    assert "Looking at your photo" in waiting.content.decode()
    assert '<noscript><meta http-equiv="refresh"' in waiting.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("empty.jpg", b"", "That file is empty."),
        ("letter.pdf", b"%PDF-1.7 a letter", "That file is not a picture we can read."),
        ("page.jpg", b"<html><script>alert(1)</script></html>", "That file is not a picture we can read."),
    ],
)
def test_a_wrong_file_gets_a_sentence(visitor, queued, name, data, sentence):
    answer = visitor.post("/photo/", {"photo": SimpleUploadedFile(name, data)})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert queued == []


def test_a_huge_file_gets_a_sentence(visitor, queued, settings):
    settings.PICTURE_MAX_BYTES = 2 * 2**20
    big = SimpleUploadedFile("big.jpg", b"\xff\xd8\xff" + bytes(2 * 2**20))
    answer = visitor.post("/photo/", {"photo": big})
    assert answer.status_code == 413
    assert "larger than 2 MB" in answer.content.decode()
    assert queued == []


def test_sending_nothing_gets_a_sentence(visitor):
    answer = visitor.post("/photo/", {})
    assert answer.status_code == 400
    assert "No photo arrived." in answer.content.decode()


@pytest.mark.parametrize(
    "box",
    ["nonsense", "[1,2,3]", "[-5,0,10,10]", "[0,0,0,0]", '["a","b","c","d"]', "{}", "7", "[1e400,0,1,1]"],
)
def test_a_box_that_is_none_gets_a_sentence(visitor, queued, box):
    photo = SimpleUploadedFile("red.webp", webp(), "image/webp")
    answer = visitor.post("/photo/", {"photo": photo, "box": box})
    assert answer.status_code == 400
    assert "box" in answer.content.decode()
    assert not PhotoQuery.objects.exists()


def test_the_answer_names_the_piece_and_shows_what_we_have(asker):
    tee = factories.ProductFactory(name="Breton tee")
    other = factories.ProductFactory(name="Sailor tee")
    jeans = factories.ProductFactory(name="Straight jeans")
    query = query_of(answer=[piece(exact=tee, similar=[other], complementary=[jeans])])
    page = asker.get(f"/photo/{query.pk}/").content.decode()
    assert "We have exactly this" in page
    assert "94\u00a0%" in page
    for name in ("Breton tee", "Sailor tee", "Straight jeans"):
        assert name in page
    assert (
        page.index("Similar")
        < page.index("Sailor tee")
        < page.index("Goes with it")
        < page.index("Straight jeans")
    )


def test_without_an_exact_match_nothing_is_claimed(asker):
    query = query_of(answer=[piece(similar=[factories.ProductFactory()])])
    assert "We have exactly this" not in asker.get(f"/photo/{query.pk}/").content.decode()


def test_each_piece_of_a_photo_has_its_own_answer(asker):
    tee = factories.ProductFactory(name="Breton tee")
    boots = factories.ProductFactory(name="Chelsea boots")
    query = query_of(
        answer=[
            piece(similar=[tee], box=(0, 0, 30, 30)),
            piece(similar=[boots], box=(10, 40, 30, 30), kind="Boots"),
        ]
    )
    first = asker.get(f"/photo/{query.pk}/").content.decode()
    second = asker.get(f"/photo/{query.pk}/?piece=1").content.decode()
    assert 'href="?piece=1"' in first
    assert "Breton tee" in first
    assert "Chelsea boots" not in first
    assert "Chelsea boots" in second
    for nonsense in ("9", "-1", "x", "", "%00", "9" * 50, "²"):
        assert asker.get(f"/photo/{query.pk}/?piece={nonsense}").status_code == 200


def test_a_refusal_is_calm_and_shows_the_closest(asker):
    query = query_of(answer=[piece(similar=[factories.ProductFactory(name="Market tote")])], refused=True)
    page = asker.get(f"/photo/{query.pk}/").content.decode()
    assert "We do not sell anything like this." in page
    assert "The closest we have" in page
    assert "Market tote" in page
    assert "Goes with it" not in page


def test_a_photo_that_could_not_be_read_says_why_and_invites_another(asker):
    query = query_of(status="failed", message="That picture is broken. Send another one.", answer=[])
    answer = asker.get(f"/photo/{query.pk}/")
    assert answer.status_code == 422
    assert "That picture is broken. Send another one." in answer.content.decode()
    assert "Choose a photo" in answer.content.decode()


def test_progress_is_told_to_the_waiting_page(asker):
    query = query_of(status="pending", progress=40, answer=[])
    assert asker.get(f"/photo/{query.pk}/status/").json() == {"status": "pending", "progress": 40}


def test_the_picture_is_the_workers_own_copy(asker):
    query = query_of(upload=b"as it came", answer=[])
    answer = asker.get(f"/photo/{query.pk}/picture.jpg")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content == webp()
    assert "private" in answer["Cache-Control"]


def test_a_box_on_the_photo_asks_again_about_that_part(asker, queued):
    query = query_of(answer=[piece()])
    answer = asker.post(f"/photo/{query.pk}/box/", {"box": json.dumps([5, 5, 20, 30])})
    again = PhotoQuery.objects.exclude(pk=query.pk).get()
    assert answer.url == f"/photo/{again.pk}/"
    assert again.box == [5, 5, 20, 30]
    assert bytes(again.upload) == webp()
    assert queued == [str(again.pk)]


def test_nobody_else_sees_a_photo_or_its_answer(asker, signed_in, queued):
    query = query_of(answer=[piece()])
    stranger, nobody = Client(headers=PERSON), Client(headers=PERSON)
    session = stranger.session
    session[VISITOR_KEY] = "somebody else"
    session.save()
    for other in (stranger, nobody, signed_in):
        for path in ("", "status/", "picture.jpg"):
            assert other.get(f"/photo/{query.pk}/{path}").status_code == 404
        assert other.post(f"/photo/{query.pk}/box/", {"box": "[1,1,9,9]"}).status_code == 404
    assert queued == []


def test_a_shoppers_own_photo_is_not_open_to_a_visitor_with_an_empty_number(visitor, shopper):
    query = query_of(owner="", user=shopper, answer=[piece()])
    assert visitor.get(f"/photo/{query.pk}/").status_code == 404


def page_of(client: Client, query: PhotoQuery, address: str = "") -> str:
    return client.get(f"/photo/{query.pk}/{address}").content.decode()


def outfit(*, whole=True) -> list[dict]:
    """A T-shirt, boots and (``whole``) the photo that shows both."""
    pieces = [
        piece(similar=[factories.ProductFactory(name="Breton tee")], box=(0, 0, 30, 30)),
        piece(similar=[factories.ProductFactory(name="Chelsea boots")], box=(10, 40, 20, 30), kind="Boots"),
    ]
    return [*pieces, piece(box=(0, 0, 60, 80), kind="Dresses")] if whole else pieces


def test_every_piece_of_a_photo_is_a_named_link_and_the_whole_photo_a_choice(asker):
    page = page_of(asker, query_of(answer=outfit()))
    assert '<a href="?piece=1" data-swap aria-label="Boots">' in page
    assert (
        '<a href="?piece=2" data-swap aria-label' not in page
    )  # the whole photo hides no piece behind a box
    assert "Whole photo</a>" in page
    assert "Your whole photo</h1>" in page_of(asker, query_of(answer=outfit()), "?piece=2")


def test_a_photo_of_one_thing_has_nothing_to_choose_from(asker):
    page = page_of(asker, query_of(answer=[piece()]))
    assert "Whole photo" not in page
    assert "Draw a box around the piece you mean." in page.replace("\n", " ")


def test_one_control_goes_from_shape_to_colour_and_its_place_is_in_the_address(asker):
    query = query_of(answer=outfit())
    page = page_of(asker, query, "?piece=1&match=shape&q=black")
    assert 'href="?piece=1&amp;match=shape&amp;q=black#similar" data-swap aria-current="true"' in page
    assert 'href="?piece=1&amp;match=colour&amp;q=black#similar" data-swap>' in page
    assert 'href="?piece=1&amp;q=black#similar" data-swap>' in page
    assert page_of(asker, query, "?match=nonsense").count('aria-current="true"') == 2  # the piece, and both


def test_what_narrows_the_answer_is_a_chip_that_can_be_taken_off(asker):
    factories.CategoryFactory(name="Tops")
    address = "?piece=0&q=this+but+black+under+50&colour=Red&max_price=80"
    page = page_of(asker, query_of(answer=outfit()), address)
    assert 'href="?piece=0&amp;q=this+but+under+50&amp;colour=Red&amp;max_price=80#similar"' in page
    assert 'href="?piece=0&amp;q=this+but+black&amp;colour=Red&amp;max_price=80#similar"' in page
    assert 'href="?piece=0&amp;q=this+but+black+under+50&amp;max_price=80#similar"' in page
    assert "up to €\u00a080" in page
    assert '<input type="hidden" name="colour" value="Red">' in page


def test_words_of_a_shopper_are_shown_as_words(asker):
    page = page_of(
        asker, query_of(answer=outfit()), "?q=%3Cscript%3Ealert(1)%3C/script%3E%00&max_price=1e9999"
    )
    assert "<script>alert" not in page


def test_words_that_fit_nothing_say_what_to_do(asker):
    page = page_of(asker, query_of(answer=[piece()]), "?q=black")
    assert "Nothing like it fits these words." in page


def test_other_kinds_stand_under_a_heading_of_their_own(asker):
    tee, vest = factories.ProductFactory(name="Breton tee"), factories.ProductFactory(name="Quilted vest")
    answer = piece(similar=[tee])
    answer["alike"] = [{"product": vest.pk, "score": 0.5, "reason": "looks_alike"}]
    page = page_of(asker, query_of(answer=[answer]))
    assert page.index("Breton tee") < page.index("Other things that look alike") < page.index("Quilted vest")


def test_the_colours_of_a_piece_are_named_beside_their_swatches(asker):
    page = page_of(asker, query_of(answer=[piece()]))
    assert 'fill="#8c1d2f"' in page
    assert "Maroon</li>" in page
