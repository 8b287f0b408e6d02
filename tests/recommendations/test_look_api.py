"""The look over REST."""

import pytest

from tests.factories import ProductFactory
from tests.rest import V1, program
from tests.wearing import piece, wear

pytestmark = pytest.mark.django_db


@pytest.fixture
def tee():
    return ProductFactory(name="Tee", variants__price=20)


def pieces(body: dict) -> dict[str, str]:
    return {found["place"]: found["product"]["name"] for found in body["results"]}


def test_a_look_is_answers_with_their_places_a_total_and_the_way_to_another_piece(tee):
    network = wear(
        tee,
        {
            "bottom": [piece("bottom", "Jeans", variants__price=50), piece("bottom", "Chinos")],
            "feet": [piece("feet", "Boots", variants__price=90)],
        },
    )
    client = program()
    body = client.get(f"{V1}products/{tee.pk}/look/").json()
    assert body["version"] == network.pk
    assert pieces(body) == {"bottom": "Jeans", "feet": "Boots"}
    assert body["total"] == {"amount": "160.00", "currency": "EUR"}
    jeans, boots = body["results"]
    assert jeans["reason"] == {"code": "complement_colour", "text": "Colours that are worn together"}
    assert jeans["score"] == 0.9
    assert boots["swap"] == ""
    assert pieces(client.get(jeans["swap"]).json()) == {"bottom": "Chinos", "feet": "Boots"}


def test_where_the_shop_has_too_little_there_is_no_look(tee):
    network = wear(tee, {"bag": [piece("bag", "Tote")]})
    body = program().get(f"{V1}products/{tee.pk}/look/").json()
    assert body == {"version": network.pk, "results": [], "total": None}


def test_a_product_that_is_gone_has_no_look():
    assert program().get(f"{V1}products/{ProductFactory(status='archived').pk}/look/").status_code == 404
