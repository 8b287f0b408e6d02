"""What curators say stands above what the network saw, for as long as they say it."""

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from catalog.matching import matching
from catalog.models import Product
from tests.eyes import jpeg, uploaded, write_model
from tests.factories import ProductFactory
from vision import registry
from vision.analysis import analyse_images
from vision.corrected_pictures import corrected_dataset
from vision.correcting import CannotCorrect, believe_picture, choices, correct, undo
from vision.corrections import as_corrected, said_of
from vision.datasets import label_pictures
from vision.models import ImageAnalysis, LabelCorrection

pytestmark = pytest.mark.django_db

SEEN = [
    {"label": "Shirts", "kind": "type", "probability": 0.6},
    {"label": "tops", "kind": "category", "probability": 0.5},
    {"label": "Navy Blue", "kind": "colour", "probability": 0.4},
    {"label": "Blue", "kind": "family", "probability": 0.4},
]


@pytest.fixture
def model(tmp_path):
    """The model in use; it knows T-shirts and shirts."""
    version = registry.register(write_model(tmp_path / "model"))
    registry.activate(version)
    return version


@pytest.fixture
def image(model):
    return ProductFactory(name="Loose thing", article_type="", colour="Blue").images.get()


# --- What counts ------------------------------------------------------------------------------------------------------


def test_a_curators_word_stands_before_the_networks():
    known = as_corrected(SEEN, {"type": "Dresses"})
    assert known[0] == {"label": "Dresses", "kind": "type", "probability": 1.0}
    assert "Shirts" not in {label["label"] for label in known}


def test_the_shelf_follows_from_the_type_and_the_family_from_the_colour():
    known = {
        label["kind"]: label["label"] for label in as_corrected(SEEN, {"type": "Jeans", "colour": "Maroon"})
    }
    assert known == {"type": "Jeans", "category": "bottoms", "colour": "Maroon", "family": "Red"}


def test_where_nobody_said_anything_the_network_counts():
    assert as_corrected(SEEN, {}) == SEEN


def test_a_picture_of_nothing_we_sell_has_no_labels():
    assert as_corrected(SEEN, {"subject": "other"}) == []


# --- Saying it --------------------------------------------------------------------------------------------------------


def test_only_what_the_model_can_learn_can_be_said(model, image, curator):
    assert choices(model) == {"type": ("Tshirts", "Shirts")}
    with pytest.raises(CannotCorrect, match="Choose one from the list"):
        correct(image, "type", "Sofas", by=curator, version=model)
    assert not LabelCorrection.objects.exists()


def test_saying_it_anew_replaces_what_was_said(model, image, curator):
    correct(image, "type", "Tshirts", by=curator, version=model)
    correct(image, "type", "Shirts", by=curator, version=model)
    assert said_of([image.pk]) == {image.pk: {"type": "Shirts"}}


def test_nothing_we_sell_and_a_garment_exclude_each_other(model, image, curator):
    correct(image, "type", "Tshirts", by=curator, version=model)
    correct(image, "subject", "other", by=curator, version=model)
    assert said_of([image.pk]) == {image.pk: {"subject": "other"}}
    correct(image, "type", "Shirts", by=curator, version=model)
    assert said_of([image.pk]) == {image.pk: {"type": "Shirts"}}


def test_undone_is_undone_once(model, image, curator):
    correct(image, "type", "Tshirts", by=curator, version=model)
    assert undo(image, "type").label == "Tshirts"
    assert undo(image, "type") is None
    assert said_of([image.pk]) == {}


def test_a_correction_outlives_the_next_look(eyes, curator):
    image = uploaded(jpeg(1))
    analyse_images([image.pk])
    version = registry.active_model()
    image.refresh_from_db()
    correct(image, "type", "Shirts", by=curator, version=version)
    analyse_images([image.pk], again=True)
    seen = ImageAnalysis.objects.active().get(image=image).labels
    assert [label["label"] for label in seen if label["kind"] == "type"] == ["Tshirts", "Shirts"]
    now = as_corrected(seen, said_of([image.pk])[image.pk])
    assert [label["label"] for label in now if label["kind"] == "type"] == ["Shirts"]


def test_who_corrected_may_leave_and_the_correction_stays(model, image, curator):
    correct(image, "type", "Tshirts", by=curator, version=model)
    curator.delete()
    assert LabelCorrection.objects.get().by is None


# --- The catalogue ----------------------------------------------------------------------------------------------------


def test_the_catalogue_can_be_changed_to_what_the_picture_shows(image):
    believe_picture(image.product, "colour", "Red")
    image.product.refresh_from_db()
    assert image.product.colour == "Red"
    assert image.product.colour_hex == ""
    assert "Red" in image.product.search_terms
    assert "Blue" not in image.product.search_terms


def test_a_product_is_not_given_what_it_has_no_field_for(image):
    with pytest.raises(CannotCorrect, match="Correct the picture instead"):
        believe_picture(image.product, "pattern", "Striped")
    with pytest.raises(CannotCorrect, match="no gender that a product can have"):
        believe_picture(image.product, "gender", "Robots")


# --- Training ---------------------------------------------------------------------------------------------------------


def test_corrections_are_training_data_with_what_the_catalogue_says_beside_them(eyes, curator):
    product = ProductFactory(
        pictures=0, name="Blue breton tee", article_type="Shirts", colour="Blue", gender="Women"
    )
    image = uploaded(jpeg(1), product)
    analyse_images([image.pk])
    image.refresh_from_db()
    correct(image, "type", "Tshirts", by=curator, version=registry.active_model())
    ProductFactory()  # nobody said anything about this one

    (picture,) = corrected_dataset().pictures
    assert (picture.words["type"], picture.words["colour"], picture.words["gender"]) == (
        "Tshirts",
        "Blue",
        "Women",
    )
    assert picture.group == "breton tee"
    rgb = picture.read()
    assert (rgb.dtype, rgb.shape[2]) == (np.uint8, 3)
    _, (labels,) = label_pictures([corrected_dataset()], ("type", "category", "subject"))
    assert labels["type"] == {"Tshirts"}
    assert labels["category"] == {"tops"}
    assert labels["subject"] == {"goods"}


def test_a_picture_of_nothing_we_sell_teaches_that_alone(model, image, curator):
    correct(image, "subject", "other", by=curator, version=model)
    (picture,) = corrected_dataset().pictures
    assert picture.words == {"subject": "other"}


@pytest.mark.usefixtures("model")
def test_training_on_corrections_says_when_there_are_none(tmp_path):
    with pytest.raises(CommandError, match="No picture has been corrected yet"):
        call_command("train_classifier", "--corrections", "--output", str(tmp_path / "new"))


# --- Search -----------------------------------------------------------------------------------------------------------


def test_a_corrected_picture_is_found_by_the_curators_word_at_once_and_by_the_networks_when_it_is_taken_back(
    eyes, curator
):
    product = ProductFactory(pictures=0, name="Loose thing", article_type="", colour="", search_terms="")
    image = uploaded(jpeg(1), product)
    analyse_images([image.pk])

    def found(words: str) -> bool:
        return matching(Product.objects.visible(), words).products.filter(pk=product.pk).exists()

    assert found("t-shirt")
    correct(image, "type", "Shirts", by=curator, version=registry.active_model())
    assert found("shirt")
    assert not found("tee")
    analyse_images([image.pk], again=True)
    assert not found("tee")
    undo(image, "type")
    assert found("tee")
    correct(image, "subject", "other", by=curator, version=registry.active_model())
    assert not found("tee")
    assert not found("shirt")


def test_a_curators_word_need_not_agree_with_what_the_product_states(eyes, curator):
    product = ProductFactory(pictures=0, name="Loose thing", article_type="Jeans", colour="Red")
    image = uploaded(jpeg(1), product)
    analyse_images([image.pk])
    correct(image, "type", "Shirts", by=curator, version=registry.active_model())
    product.refresh_from_db()
    assert "shirt" in product.seen_words.split()
