"""The demo's shoppers speak of drawn products, and of nothing else."""

import pytest
from django.core.management import call_command

from catalog.command_line import UsageError
from catalog.drawing.demo import demo_products
from shop.reviews.models import Question, Review, ReviewPhoto, StyleSummary
from tests import factories
from tests.shop.reviews.conftest import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn_shop(monkeypatch) -> None:
    """A few of the drawn products, without their pictures; one picture is taken of them."""
    monkeypatch.setattr("shop.reviews.invented.WITH_PHOTOS", 1)
    for product in demo_products(30):
        factories.ProductFactory(
            external_id=product.external_id,
            name=product.name,
            style_code=product.style_code,
            variants=list(product.sizes),
            pictures=0,
        )


def told() -> list[tuple[str, str, int, str]]:
    return list(Review.objects.order_by("style", "author").values_list("style", "author", "stars", "title"))


def test_demo_shoppers_say_the_same_every_time(drawn_shop):
    call_command("invent_reviews")
    first = told()
    assert len(first) > 5
    assert all(author.startswith("Demo shopper ") for _, author, _, _ in first)
    Review.objects.all().delete()
    call_command("invent_reviews")
    assert told() == first


def test_figures_questions_a_picture_and_a_queue_are_there(drawn_shop):
    call_command("invent_reviews")
    n_published = Review.objects.filter(status="published").count()
    assert sum(summary.rating.n for summary in StyleSummary.objects.all()) == n_published
    assert Question.objects.filter(status="published").exists()
    assert Review.objects.filter(status="waiting").count() == 3
    assert ReviewPhoto.objects.get().widths


def test_a_real_catalogue_with_the_same_numbers_is_left_alone():
    factories.ProductFactory(external_id=demo_products(1)[0].external_id, name="A real coat")
    call_command("invent_reviews")
    assert not Review.objects.exists()


def test_invented_words_are_not_mixed_with_real_ones(dress):
    published(dress)
    with pytest.raises(UsageError, match="already"):
        call_command("invent_reviews")
