"""Links that point to what has moved, is no longer sold, or was never there."""

import pytest
from django.db import IntegrityError, transaction

from catalog.models import Category, FormerSlug, Product
from tests.factories import CategoryFactory, ProductFactory


def test_a_product_with_a_new_address_is_found_by_its_old_ones(visitor):
    product = ProductFactory(slug="first")
    for slug in ("second", "third"):
        Product.objects.filter(pk=product.pk).update(slug=slug)  # even where no save() passes by
    for old in ("first", "second"):
        answer = visitor.get(f"/p/{old}/?from=photo")
        assert (answer.status_code, answer["Location"]) == (301, "/p/third/?from=photo")


def test_a_slug_that_is_used_again_means_what_uses_it_now(visitor):
    moved = ProductFactory(slug="tee")
    Product.objects.filter(pk=moved.pk).update(slug="tee-of-last-year")
    ProductFactory(slug="tee", name="This year's tee")
    assert "This year&#x27;s tee" in visitor.get("/p/tee/").content.decode()


def test_two_products_that_had_one_slug_leave_it_to_the_later(visitor):
    first, second = ProductFactory(slug="tee"), ProductFactory(slug="other")
    Product.objects.filter(pk=first.pk).update(slug="first")
    Product.objects.filter(pk=second.pk).update(slug="tee")
    Product.objects.filter(pk=second.pk).update(slug="second")
    assert visitor.get("/p/tee/")["Location"] == "/p/second/"


def test_a_shelf_with_a_new_address_is_found_by_its_old_one(visitor):
    shelf = CategoryFactory(name="Jumpers")
    Category.objects.filter(pk=shelf.pk).update(slug="knitwear")
    answer = visitor.get("/c/jumpers/?colour=Red")
    assert (answer.status_code, answer["Location"]) == (301, "/c/knitwear/?colour=Red")
    assert visitor.get("/c/never/").status_code == 404


@pytest.mark.parametrize("is_renamed", [False, True])
def test_what_is_no_longer_sold_is_gone_and_shows_what_is_like_it(visitor, is_renamed):
    gone = ProductFactory(name="Linen shirt", slug="linen", status="archived")
    ProductFactory(name="Cotton shirt", category=gone.category)
    if is_renamed:
        Product.objects.filter(pk=gone.pk).update(slug="linen-shirt")
    answer = visitor.get("/p/linen/")
    assert answer.status_code == 410
    page = answer.content.decode()
    assert "Linen shirt is no longer sold." in page
    assert "Cotton shirt" in page


def test_the_slugs_of_drafts_are_forgotten(visitor):
    draft = ProductFactory(slug="idea", status="draft")
    Product.objects.filter(pk=draft.pk).update(slug="better-idea", status="active")
    assert visitor.get("/p/idea/").status_code == 404
    assert not FormerSlug.objects.exists()


def test_a_former_slug_belongs_to_one_thing(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        FormerSlug.objects.create(slug="nobody's", until="2026-01-01T00:00Z")


def test_a_page_that_was_never_there_shows_what_others_like(visitor):
    ProductFactory(name="Breton tee")
    answer = visitor.get("/no-such-page/")
    assert answer.status_code == 404
    assert "Breton tee" in answer.content.decode()


def test_a_picture_that_is_not_there_gets_no_page(visitor):
    answer = visitor.get("/media/no.webp", headers={"Accept": "image/webp,*/*"})
    assert (answer.status_code, answer.content) == (404, b"Not found")
