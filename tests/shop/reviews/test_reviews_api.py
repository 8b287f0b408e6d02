"""Reviews as programs read and write them."""

import pytest

from shop.reviews.models import Review
from shop.reviews.reading import PER_PAGE
from tests.rest import V1, assert_problem, program
from tests.shop.reviews.conftest import buy, published

SAID = {
    "stars": 4,
    "title": "Airy",
    "words": "Good for hot days.",
    "fit": "large",
    "size": "M",
    "author": "Ada",
}


def reviews_of(product) -> str:
    return f"{V1}products/{product.pk}/reviews/"


def test_a_program_reads_figures_and_reviews(dress, red_dress):
    published(red_dress, stars=4, fit="small", size="S")
    body = program().get(reviews_of(dress)).json()
    assert (body["next"], body["previous"]) == (None, None)
    assert body["rating"] == {"count": 1, "average": 4.0, "stars": [0, 0, 0, 1, 0], "fit": ""}
    (review,) = body["results"]
    assert (review["stars"], review["colour"], review["fit"], review["size"]) == (4, "Red", "small", "S")
    assert review["images"] == []
    assert "user" not in review


def test_pages_follow_each_other(dress):
    for number in range(PER_PAGE + 1):
        published(dress, title=str(number))
    first = program().get(reviews_of(dress)).json()
    second = program().get(first["next"]).json()
    assert len({review["id"] for review in first["results"] + second["results"]}) == PER_PAGE + 1
    assert second["next"] is None
    assert_problem(program().get(reviews_of(dress) + "?cursor=nonsense"), 400)


def test_a_buyer_writes_and_writes_again(dress, shopper):
    buy(shopper, dress)
    first = program(shopper).post(reviews_of(dress), SAID)
    assert (first.status_code, first.json()["status"]) == (201, "waiting")
    again = program(shopper).post(reviews_of(dress), {**SAID, "title": "Thin"})
    assert again.status_code == 200
    assert Review.objects.get().title == "Thin"


def test_nobody_else_writes(dress, stranger):
    assert_problem(program().post(reviews_of(dress), SAID), 401)
    assert (
        "bought"
        in assert_problem(program(stranger).post(reviews_of(dress), {**SAID, "size": ""}), 403)["detail"]
    )
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    "change", [{"stars": 6}, {"stars": None}, {"fit": "odd"}, {"title": ""}, {"size": "XL"}]
)
def test_what_makes_no_sense_is_named(change, dress, shopper):
    buy(shopper, dress)
    problem = assert_problem(program(shopper).post(reviews_of(dress), {**SAID, **change}), 400)
    assert set(problem["errors"]) == set(change)


def test_a_product_that_is_hidden_has_no_reviews(dress):
    published(dress)
    dress.status = "draft"
    dress.save()
    assert_problem(program().get(reviews_of(dress)), 404)
