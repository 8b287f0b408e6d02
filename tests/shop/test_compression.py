"""Words are sent compressed to whoever can read that; pictures as they are."""

import gzip

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return Client(headers={"Accept-Encoding": "gzip, br"})


def test_a_page_is_compressed_and_says_so_to_caches(browser):
    answer = browser.get("/")
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    page = gzip.decompress(answer.content)
    assert page.decode().startswith("<!doctype html>")
    assert len(answer.content) < len(page) / 2


def test_who_cannot_read_it_gets_the_page_as_it_is(client):
    answer = client.get("/")
    assert "Content-Encoding" not in answer
    assert answer.content.startswith(b"<!doctype html>")


def test_a_picture_is_not_compressed_again(browser):
    image = factories.ProductFactory().images.get()
    answer = browser.get(image.url)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer


def test_the_same_page_never_has_the_same_length_twice_for_long(browser):
    lengths = {len(browser.get("/delivery/").content) for _ in range(12)}
    assert len(lengths) > 1  # what an attacker would measure is hidden by random bytes
