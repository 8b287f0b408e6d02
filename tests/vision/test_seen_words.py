"""What was seen, in words for the search: sure enough, never against what a product says, and gone with its picture."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from catalog.drawing.demo import DrawnProduct, demo_products
from catalog.drawing.render import draw_product
from catalog.drawn_catalogue import jobs_of, records_of, stock_shelves
from catalog.images import resize_within
from catalog.models import Product
from catalog.stocking import stock
from tests import factories
from tests.eyes import grey_embedding, jpeg, uploaded, write_model
from tests.rest import V1, program
from vision import registry, tasks
from vision.inference import Label, Prediction
from vision.seen_words import seen_words, words_of

RED_DRESS = (("Red", "colour", 0.8), ("Dresses", "type", 0.9))


def seen(*labels: tuple[str, str, float], **stated: str) -> str:
    return seen_words([dict(zip(("label", "kind", "probability"), x, strict=True)) for x in labels], **stated)


def test_labels_become_everyday_words():
    assert seen(*RED_DRESS) == "red dress dresses"
    assert (
        seen(("Navy Blue", "colour", 0.9), ("Tshirts", "type", 0.9)) == "navy blue blue t-shirt tshirts tee"
    )
    assert seen(("Blue", "family", 0.9), ("Heels", "type", 0.9)) == "blue heels shoes"
    assert seen(("shoes", "category", 0.9)) == "shoes"


def test_doubt_between_two_kinds_of_shoes_is_no_doubt_about_shoes():
    assert seen(("Heels", "type", 0.5), ("Sandals", "type", 0.45)) == "shoes"


def test_a_colour_between_two_shades_is_of_their_family():
    assert seen(("Maroon", "colour", 0.3), ("Red", "colour", 0.3), ("Black", "colour", 0.3)) == "red"


def test_what_is_not_sure_is_not_said():
    assert seen(("Dresses", "type", 0.4), ("Skirts", "type", 0.3), ("Red", "colour", 0.3)) == ""


def test_whom_it_is_for_and_patterns_are_not_guessed():
    assert seen(("Women", "gender", 0.99), ("Striped", "pattern", 0.99)) == ""


def test_what_a_product_says_wins():
    assert seen(*RED_DRESS, colour="Blue") == "dress dresses"
    assert seen(*RED_DRESS, article_type="Skirts") == "red"
    assert seen(("shoes", "category", 0.9), article_type="Skirts") == ""


def test_a_sighting_that_agrees_adds_the_everyday_word():
    assert seen(*RED_DRESS, colour="Maroon", article_type="Dresses") == "red dress dresses"
    assert seen(("bags", "category", 0.9), article_type="Handbags") == "bags"


def test_a_t_shirt_is_no_undershirt_and_a_sari_no_dress():
    assert "undershirt" not in words_of("Tshirts", "type")
    assert words_of("dresses", "category") == ()


class KnowsTheDrawings:
    """Names each picture as the drawing that it is most like."""

    def __init__(self, drawn: list[DrawnProduct]) -> None:
        self.drawn = drawn
        self.thumbs = np.stack([self._thumb(draw_product(product, 240, 320)) for product in drawn])

    @staticmethod
    def _thumb(picture: np.ndarray) -> np.ndarray:
        small = resize_within(np.asarray(picture), 16)
        return np.asarray(small[:16, :12], np.float32)

    def predict(self, pictures) -> list[Prediction]:
        return [self._told(picture) for picture in pictures]

    def _told(self, picture: np.ndarray) -> Prediction:
        nearest = np.abs(self.thumbs - self._thumb(picture)).mean((1, 2, 3)).argmin()
        product = self.drawn[nearest]
        return Prediction(
            (Label(product.article_type, "type", 0.9), Label(product.colour, "colour", 0.8)),
            grey_embedding(picture),
        )


@pytest.fixture(scope="module")
def drawn() -> list[DrawnProduct]:
    """A red dress, a blue one and black shoes."""
    wanted = [("Dresses", "Red"), ("Dresses", "Blue"), ("Casual Shoes", "Black")]
    there = {(product.article_type, product.colour): product for product in demo_products(3000)}
    return [there[key] for key in wanted]


@pytest.fixture
def silent_shop(db, drawn, eyes, monkeypatch):
    """The drawn things as a careless file brings them in, and looked at: no text tells what they are."""
    classifier = KnowsTheDrawings(drawn)
    monkeypatch.setattr(eyes, "predict", classifier.predict)
    stock_shelves()
    put_on_shelf(drawn)


def put_on_shelf(drawn: list[DrawnProduct], **changes: str) -> None:
    records = [
        replace(
            record, name=f"Article {number}", category=("New in",), article_type="", colour="", colour_hex="",
            style_code="", description="", attributes={}, pictures=record.pictures[:1],
        )
        for number, record in enumerate(records_of(drawn))
    ]  # fmt: skip
    records[0] = replace(records[0], **changes)
    pictures = jobs_of(drawn, 240, 320)
    with ThreadPoolExecutor(1) as executor:
        report = stock(records, pictures, executor)
    tasks.analyse_images(report.image_ids)


def names_at(client, address: str) -> list[str]:
    return [card["name"] for card in client.get(V1 + address).json()["results"]]


def test_red_dress_finds_the_red_dress_that_nobody_called_so(silent_shop, client):
    page = client.get("/search/?q=red+dress").content.decode()
    assert "Article 0" in page
    assert "Article 1" not in page
    assert "Article 2" not in page
    assert names_at(program(), "products/?q=red+dress") == ["Article 0"]
    assert sorted(names_at(program(), "products/?q=dresses")) == ["Article 0", "Article 1"]
    assert names_at(program(), "products/?q=black+shoes") == ["Article 2"]
    suggested = program().get(V1 + "search/suggest/?q=red+dr").json()
    assert [line["text"] for line in suggested if line["kind"] == "product"] == ["Article 0"]


def test_what_was_seen_is_no_filter_and_no_colour_of_a_card(silent_shop):
    assert names_at(program(), "products/?colour=Red") == []
    assert program().get(V1 + "products/?q=red+dress").json()["results"][0]["colour"] == ""


def test_a_colour_that_the_next_import_states_wins_at_once(silent_shop, drawn):
    put_on_shelf(drawn, colour="Green")
    assert names_at(program(), "products/?q=red") == []
    assert names_at(program(), "products/?q=green+dress") == ["Article 0"]


def test_words_come_from_the_cover_and_go_with_it(db, eyes, monkeypatch, django_capture_on_commit_callbacks):
    told = iter([("Dresses", "type"), ("Skirts", "type")])
    monkeypatch.setattr(
        eyes,
        "predict",
        lambda pictures: [
            Prediction((Label(*next(told), 0.9),), grey_embedding(picture)) for picture in pictures
        ],
    )
    product = factories.ProductFactory(article_type="", colour="", pictures=0)
    cover, second = uploaded(jpeg(1), product, position=0), uploaded(jpeg(2), product, position=1)
    tasks.analyse_images([cover.pk])
    tasks.analyse_images([second.pk])
    assert words_on(product) == "dress dresses"
    with django_capture_on_commit_callbacks(execute=True):
        cover.delete()
    assert words_on(product) == "skirt skirts"
    with django_capture_on_commit_callbacks(execute=True):
        second.delete()
    assert words_on(product) == ""


def test_words_go_when_the_cover_is_replaced_by_something_that_is_no_picture(db, eyes):
    product = factories.ProductFactory(article_type="", colour="", pictures=0)
    cover = uploaded(jpeg(1), product)
    tasks.analyse_images([cover.pk])
    cover.refresh_from_db()
    cover.upload.save("cover.jpg", ContentFile(b"no picture"), save=False)
    cover.state = cover.State.WAITING
    cover.save()
    tasks.analyse_images([cover.pk])
    assert words_on(product) == ""


def words_on(product: Product) -> str:
    return Product.objects.values_list("seen_words", flat=True).get(pk=product.pk)


def test_words_follow_when_another_model_has_looked(db, eyes, monkeypatch, tmp_path):
    product = factories.ProductFactory(article_type="", colour="", pictures=0)
    picture = uploaded(jpeg(1), product)
    tasks.analyse_images([picture.pk])
    assert words_on(product) == "blue t-shirt tshirts tee"
    labels = (Label("Skirts", "type", 0.9),)
    monkeypatch.setattr(
        eyes, "predict", lambda pictures: [Prediction(labels, grey_embedding(p)) for p in pictures]
    )
    registry.activate(registry.register(write_model(tmp_path / "new", version="2")))
    tasks.analyse_images([picture.pk])
    tasks.reanalyse()  # which the switch has queued
    assert words_on(product) == "skirt skirts"


def test_a_product_can_be_deleted_with_its_pictures(db, eyes, django_capture_on_commit_callbacks):
    picture = uploaded(jpeg(1))
    tasks.analyse_images([picture.pk])
    with django_capture_on_commit_callbacks(execute=True):
        picture.product.delete()
    assert not Product.objects.exists()


def test_the_command_writes_words_that_are_missing(db, eyes, capsys):
    product = factories.ProductFactory(article_type="", colour="", pictures=0)
    tasks.analyse_images([uploaded(jpeg(1), product).pk])
    Product.objects.update(seen_words="")
    call_command("note_seen_words", "--json", "-")
    assert json.loads(capsys.readouterr().out) == {"changed": 1}
    assert words_on(product) == "blue t-shirt tshirts tee"
