"""Buyers say what it is like, and nobody else does."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from shop.checkout.models import Order
from shop.reviews.models import Review, ReviewPhoto, StyleSummary
from shop.reviews.moderating import publish
from tests import factories
from tests.shop.reviews.conftest import buy

SAID = {
    "stars": "4",
    "title": "Airy",
    "words": "Good for hot days.",
    "fit": "large",
    "size": "M",
    "author": "Ada",
}


def write(client: Client, product, **changes):
    return client.post(f"/p/{product.slug}/reviews/write/", {**SAID, **changes})


def test_a_review_waits_until_it_has_been_read(buyer, dress, page_of):
    assert write(buyer, dress).url == dress.get_absolute_url()
    review = Review.objects.get()
    assert (review.status, review.stars, review.fit, review.size) == ("waiting", 4, "large", "M")
    assert "Airy" not in page_of(dress.get_absolute_url())
    publish(review)
    assert "Airy" in page_of(dress.get_absolute_url())


@pytest.mark.parametrize("status", [Order.Status.PAID, Order.Status.SHIPPED, Order.Status.DELIVERED])
def test_whoever_has_paid_may_speak(status, dress, stranger, client):
    buy(stranger, dress, status=status)
    client.force_login(stranger)
    write(client, dress)
    assert Review.objects.filter(user=stranger).exists()


@pytest.mark.parametrize("status", [Order.Status.AWAITING_PAYMENT, Order.Status.CANCELLED])
def test_whoever_has_not_paid_may_not(status, dress, stranger, client):
    buy(stranger, dress, status=status)
    client.force_login(stranger)
    answer = write(client, dress)
    assert answer.status_code == 403
    assert "Only for buyers" in answer.content.decode()
    assert not Review.objects.exists()


def test_a_visitor_is_asked_to_sign_in(dress, client):
    assert write(client, dress).url.startswith("/account/login/?next=/p/")
    assert not Review.objects.exists()


def test_what_was_bought_in_red_may_be_reviewed_on_the_blue_one(dress, red_dress, stranger, client, page_of):
    buy(stranger, red_dress, size="S")
    client.force_login(stranger)
    write(client, dress, size="S")
    review = Review.objects.get()
    assert review.product == red_dress
    publish(review)
    for colour in (dress, red_dress):
        assert "Airy" in page_of(colour.get_absolute_url())


def test_a_buyer_has_one_review_and_changes_it(buyer, dress, page_of):
    write(buyer, dress)
    publish(Review.objects.get())
    assert "Airy" in buyer.get(f"/p/{dress.slug}/reviews/write/").content.decode()
    write(buyer, dress, title="Thin", stars="2")
    review = Review.objects.get()
    assert (review.title, review.stars, review.status) == ("Thin", 2, "waiting")
    assert "Airy" not in page_of(dress.get_absolute_url())  # nor is the old one left in the figures
    assert StyleSummary.objects.get().stars == [0, 0, 0, 0, 0]


def test_a_size_that_was_not_bought_is_no_choice(buyer, dress):
    answer = write(buyer, dress, size="XL")
    assert answer.status_code == 400
    assert not Review.objects.exists()


@pytest.mark.parametrize("stars", ["0", "6", "", "many"])
def test_stars_are_one_to_five(stars, buyer, dress):
    assert write(buyer, dress, stars=stars).status_code == 400
    assert not Review.objects.exists()


def test_a_review_is_deleted_by_its_writer_alone(buyer, dress, stranger, client):
    write(buyer, dress)
    publish(Review.objects.get())
    client.force_login(stranger)
    client.post(f"/p/{dress.slug}/reviews/delete/")
    assert Review.objects.exists()
    buyer.post(f"/p/{dress.slug}/reviews/delete/")
    assert not Review.objects.exists()
    assert StyleSummary.objects.get().rating.n == 0


def test_script_in_any_field_is_shown_as_text(buyer, dress, page_of):
    script = "<script>alert(1)</script>"
    write(buyer, dress, title=script, words=script, author=script)
    publish(Review.objects.get())
    for url in (dress.get_absolute_url(), f"/p/{dress.slug}/reviews/"):
        page = page_of(url)
        assert script not in page
        assert page.count(escape(script)) >= 3


# --- Pictures -----------------------------------------------------------------------------------------------------


def photo(name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, factories._webp(), content_type="image/jpeg")


def test_a_picture_waits_unserved_for_a_worker(buyer, dress):
    write(buyer, dress, photos=[photo()])
    waiting = ReviewPhoto.objects.get()
    assert (waiting.state, waiting.widths) == ("waiting", [])
    assert buyer.get(f"/media/{waiting.upload.name}").status_code == 404


def test_a_review_has_at_most_four_pictures(buyer, dress):
    answer = write(buyer, dress, photos=[photo() for _ in range(5)])
    assert answer.status_code == 400
    assert "at most 4 pictures" in answer.content.decode()
    write(buyer, dress, photos=[photo() for _ in range(3)])
    assert write(buyer, dress, photos=[photo(), photo()]).status_code == 400
    assert ReviewPhoto.objects.count() == 3


def test_a_picture_makes_room_for_another(buyer, dress):
    write(buyer, dress, photos=[photo() for _ in range(4)])
    first = ReviewPhoto.objects.first()
    write(buyer, dress, without=[first.pk], photos=[photo()])
    assert ReviewPhoto.objects.count() == 4
    assert not ReviewPhoto.objects.filter(pk=first.pk).exists()


def test_nobody_takes_away_a_picture_of_another_review(buyer, dress, stranger, client):
    write(buyer, dress, photos=[photo()])
    buy(stranger, dress)
    client.force_login(stranger)
    write(client, dress)
    write(client, dress, without=[ReviewPhoto.objects.get().pk])
    assert ReviewPhoto.objects.count() == 1


def test_a_picture_that_is_too_large_is_refused_in_a_sentence(buyer, dress, settings):
    settings.PICTURE_MAX_BYTES = 2**20
    huge = SimpleUploadedFile("huge.jpg", b"\0" * (2**20 + 1))
    answer = write(buyer, dress, photos=[huge])
    assert answer.status_code == 400
    assert "huge.jpg is larger than 1 MB" in answer.content.decode()
