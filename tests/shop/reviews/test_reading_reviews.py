"""Reviews as shoppers read them."""

import json
import re

import pytest
from django.test import Client

from accounts.shopper import Shopper
from catalog.signals import products_changed
from shop.reviews.models import HelpfulVote, Review, StyleSummary
from shop.reviews.reading import PER_PAGE, ReviewQuery, page_of_reviews
from shop.reviews.writing import toggle_helpful
from tests import factories
from tests.shop.reviews.conftest import published

NOBODY = Shopper()


def titles(product, **asked) -> list[str]:
    return [review.title for review in page_of_reviews(product, ReviewQuery(**asked), NOBODY).reviews]


def test_all_colours_of_a_style_are_judged_together(dress, red_dress, page_of):
    published(dress, stars=5)
    published(red_dress, stars=2)
    page = page_of(f"/p/{red_dress.slug}/reviews/")
    assert "2 reviews of buyers" in page
    assert "3.5" in page


def test_products_without_a_style_code_are_not_one_style(db):
    one, other = (factories.ProductFactory(style_code="") for _ in range(2))
    published(one)
    assert titles(other) == []


def test_a_product_page_shows_the_average_the_bars_and_the_most_helpful(dress, page_of):
    for number in range(5):
        published(dress, title=f"Opinion {number}", stars=4, helpful=number)
    page = page_of(dress.get_absolute_url())
    assert "4 of 5 stars" in page
    assert re.findall(r"<h3>(Opinion \d)</h3>", page) == ["Opinion 4", "Opinion 3", "Opinion 2"]
    assert "Read all 5 reviews" in page


def test_a_page_without_reviews_invites_the_first(dress, page_of):
    assert "Be the first" in page_of(dress.get_absolute_url())
    assert "aggregateRating" not in page_of(dress.get_absolute_url())


def test_search_engines_read_the_same_figures(dress, page_of):
    published(dress, stars=4, title="Airy", words="Good for hot days.")
    page = page_of(dress.get_absolute_url())
    text = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL).group(1)
    product = next(item for item in json.loads(text)["@graph"] if item["@type"] == "Product")
    assert product["aggregateRating"] == {
        "@type": "AggregateRating",
        "ratingValue": 4.0,
        "reviewCount": 1,
        "bestRating": 5,
    }
    assert product["review"][0]["name"] == "Airy"
    assert product["review"][0]["reviewRating"]["ratingValue"] == 4
    assert product["review"][0]["author"]["name"] == "Ada"


@pytest.mark.parametrize("status", ["waiting", "refused"])
def test_what_is_not_published_is_nowhere(status, dress, page_of):
    published(dress, title="Secret")
    Review.objects.update(status=status)
    for url in (dress.get_absolute_url(), f"/p/{dress.slug}/reviews/"):
        assert "Secret" not in page_of(url)


def test_reviews_are_filtered_by_stars_and_pictures(dress):
    published(dress, title="Bad", stars=1)
    published(dress, title="Good", stars=5, n_photos=1)
    assert titles(dress, stars=1) == ["Bad"]
    assert titles(dress, with_pictures=True) == ["Good"]
    assert titles(dress, stars=1, with_pictures=True) == []


def test_reviews_are_sorted_by_help_or_by_time(dress):
    published(dress, title="Old and helpful", helpful=2)
    published(dress, title="New")
    assert titles(dress) == ["Old and helpful", "New"]
    assert titles(dress, sort="new") == ["New", "Old and helpful"]


@pytest.mark.parametrize("sort", ["helpful", "new"])
def test_pages_follow_each_other_and_lose_and_repeat_nothing(sort, dress):
    for number in range(2 * PER_PAGE + 1):
        published(dress, title=str(number), helpful=number % 3)
    seen, query = [], ReviewQuery(sort=sort)
    while query:
        page = page_of_reviews(dress, query, NOBODY)
        seen += [review.title for review in page.reviews]
        query = page.following
    assert len(seen) == 2 * PER_PAGE + 1
    assert sorted(seen) == sorted(map(str, range(2 * PER_PAGE + 1)))


@pytest.mark.parametrize(
    "address", ["stars=9", "sort=wrong", "cursor=nonsense", "pictures=yes", "sort=new&cursor=WyJub3ciLDEsMF0"]
)
def test_an_address_written_by_hand_breaks_nothing(address, dress, client):
    published(dress)
    assert client.get(f"/p/{dress.slug}/reviews/?{address}").status_code == 200


def test_a_review_is_found_helpful_once_and_that_can_be_taken_back(dress, shopper):
    review = published(dress)
    somebody = Shopper(user_id=shopper.pk)
    assert toggle_helpful(review, somebody)
    review.refresh_from_db()
    assert review.helpful == 1
    assert not toggle_helpful(review, somebody)
    review.refresh_from_db()
    assert (review.helpful, HelpfulVote.objects.count()) == (0, 0)


def test_a_visitor_votes_and_sees_it(dress):
    review = published(dress)
    visitor = Client()
    answer = visitor.post(
        f"/reviews/{review.pk}/helpful/", {"next": f"/p/{dress.slug}/reviews/"}, follow=True
    )
    assert 'aria-pressed="true"' in answer.content.decode()
    assert f'id="review-{review.pk}"' in answer.content.decode()
    assert 'class="chip on"' not in Client().get(f"/p/{dress.slug}/reviews/").content.decode()
    review.refresh_from_db()
    assert review.helpful == 1


def test_nobody_votes_for_what_cannot_be_read(dress, client):
    review = published(dress)
    Review.objects.update(status="waiting")
    assert client.post(f"/reviews/{review.pk}/helpful/").status_code == 404


def test_too_many_votes_from_one_place_are_not_counted(dress, client, monkeypatch):
    monkeypatch.setattr("shop.reviews.views.VOTES_PER_HOUR", 1)
    reviews = [published(dress) for _ in range(2)]
    for review in reviews:
        client.post(f"/reviews/{review.pk}/helpful/")
    assert HelpfulVote.objects.count() == 1


@pytest.mark.parametrize("n", [1, 12])
def test_a_page_of_reviews_costs_the_same_however_many_there_are(
    n, dress, client, django_assert_max_num_queries
):
    for _ in range(n):
        published(dress)
    client.get(f"/p/{dress.slug}/reviews/")
    with django_assert_max_num_queries(5):
        client.get(f"/p/{dress.slug}/reviews/")


def test_a_product_that_becomes_another_style_takes_its_reviews_along(dress):
    published(dress)
    dress.style_code = "linen-2"
    dress.save()
    products_changed.send(type(dress), product_ids=[dress.pk])
    assert titles(dress) == ["Lovely"]
    assert StyleSummary.objects.get(style="style:linen-1").rating.n == 0
    assert StyleSummary.objects.get(style="style:linen-2").rating.n == 1
