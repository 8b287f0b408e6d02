"""The lists of pictures that deserve a curator's look."""

import pytest

from tests.factories import CategoryFactory
from tests.recommendations.seen import seen_product
from vision import registry, review
from vision.models import ImageAnalysis, LabelCorrection

pytestmark = pytest.mark.django_db


def saw(seed: int, *labels: tuple[str, str, float], **product: object):
    """The picture of a product in which these labels were seen: (kind, label, probability)."""
    image = seen_product(seed, **product).images.get()
    told = [{"label": label, "kind": kind, "probability": probability} for kind, label, probability in labels]
    ImageAnalysis.objects.filter(image=image).update(
        labels=sorted(told, key=lambda label: -label["probability"])
    )
    return image


def least_certain(*about):
    return review.least_certain(registry.active_model(), *about)


def looks_wrong():
    return review.looks_wrong(registry.active_model())


def images(analyses) -> list[int]:
    return [analysis.image_id for analysis in analyses]


def test_the_least_certain_come_first():
    sure = saw(1, ("type", "Shirts", 0.9))
    unsure = saw(2, ("type", "Tops", 0.4), ("type", "Shirts", 0.3))
    assert images(least_certain("type")) == [unsure.pk, sure.pk]


def test_a_colour_is_as_certain_as_its_family_where_the_model_names_one():
    navy_or_blue = saw(1, ("family", "Blue", 0.95), ("colour", "Blue", 0.3), ("colour", "Navy Blue", 0.3))
    without_family = saw(2, ("colour", "Red", 0.7))
    assert images(least_certain("colour")) == [without_family.pk, navy_or_blue.pk]


def test_a_category_shows_its_own_pictures_and_those_below_it():
    tops = CategoryFactory(name="Tops")
    tees = CategoryFactory(name="Tees", parent=tops)
    below = saw(1, ("type", "Shirts", 0.4), category=tees)
    saw(2, ("type", "Heels", 0.3), category=CategoryFactory(name="Shoes"))
    assert images(least_certain("type", tops)) == [below.pk]


def test_what_a_curator_has_said_is_on_no_list_of_that_kind():
    image = saw(1, ("type", "Shirts", 0.4), ("colour", "Red", 0.95), colour="Blue")
    LabelCorrection.objects.create(image=image, kind="type", label="Tshirts")
    assert not least_certain("type").exists()
    assert images(looks_wrong()) == [image.pk]
    LabelCorrection.objects.create(image=image, kind="subject", label="other")
    assert not looks_wrong().exists()


def test_what_is_archived_is_nobodys_concern():
    saw(1, ("type", "Shirts", 0.4), status="archived")
    assert not least_certain("type").exists()


def test_red_in_the_catalogue_and_blue_in_the_picture_looks_wrong():
    wrong = saw(1, ("family", "Blue", 0.95), colour="Red")
    saw(2, ("family", "Blue", 0.95), colour="Navy Blue")  # a shade of it
    saw(3, ("family", "Blue", 0.8), colour="Red")  # not sure enough
    saw(4, ("family", "Blue", 0.95), colour="")  # nothing is stated
    saw(5, ("family", "Blue", 0.95), colour="Multi")
    assert images(looks_wrong()) == [wrong.pk]


def test_shades_are_told_apart_by_family_when_the_model_names_only_shades():
    saw(1, ("colour", "Maroon", 0.95), colour="Red")
    wrong = saw(2, ("colour", "Teal", 0.95), colour="Red")
    assert images(looks_wrong()) == [wrong.pk]


def test_types_that_are_taken_for_each_other_are_counted():
    for seed in (1, 2, 3):
        saw(seed, ("type", "Shirts", 0.6), article_type="Tops")
    saw(4, ("type", "Tops", 0.6), article_type="Shirts")
    saw(5, ("type", "Shirts", 0.9), article_type="Shirts")
    saw(6, ("type", "Shirts", 0.9), article_type="Sofas")  # of that the model knows nothing
    found = review.confusions(registry.active_model(), ["Shirts", "Tops", "Jeans"])
    assert found.pairs == [("Tops", "Shirts", 3), ("Shirts", "Tops", 1)]
    assert found.types == ["Shirts", "Tops"]
    assert found.counts == [[1, 1], [3, 0]]
    assert (found.n_right, found.n_wrong) == (1, 4)


def test_a_mix_up_leads_to_its_pictures():
    image = saw(1, ("type", "Shirts", 0.6), article_type="Tops")
    saw(2, ("type", "Tops", 0.6), article_type="Shirts")
    assert images(review.mixed_up(registry.active_model(), "Tops", "Shirts")) == [image.pk]


def test_lists_and_the_table_take_one_query_each(django_assert_num_queries):
    saw(1, ("type", "Shirts", 0.6), article_type="Tops")
    version = registry.active_model()
    with django_assert_num_queries(1):
        list(review.least_certain(version, "type")[:24])
    with django_assert_num_queries(1):
        review.confusions(version, ["Shirts", "Tops"])
