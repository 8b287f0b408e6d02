"""What holds for the whole of the REST API: schema, page, document, errors, limits."""

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import resolve
from rest_framework.throttling import SimpleRateThrottle

from catalog.problems import server_error
from tests.factories import ProductFactory
from tests.rest import V1, assert_problem, program

METHODS = {"get", "post", "patch", "put", "delete"}


@pytest.fixture(scope="module")
def schema(tmp_path_factory) -> dict:
    """The OpenAPI document; a warning while it is written fails every test here."""
    file = tmp_path_factory.mktemp("schema") / "schema.json"
    call_command("spectacular", file=str(file), format="openapi-json", validate=True, fail_on_warn=True)
    return json.loads(file.read_text())


def operations(schema: dict) -> dict[tuple[str, str], dict]:
    return {
        (method.upper(), path.removeprefix(V1)): operation
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


# --- Schema and documents -----------------------------------------------------------------------------------------


def test_the_schema_is_openapi_3_1_and_knows_the_token(schema):
    assert schema["openapi"].startswith("3.1")
    assert schema["components"]["securitySchemes"]["token"]["name"] == "Authorization"


PDFS = {"orders/{number}/invoices/{label}/"}


def test_every_operation_says_what_it_answers(schema):
    for (method, path), operation in operations(schema).items():
        good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        assert good, (method, path)
        if method != "DELETE":
            kind = "application/pdf" if path in PDFS else "application/json"
            assert all(kind in answer["content"] for answer in good), (method, path)


def test_names_of_operations_are_their_own(schema):
    names = [operation["operationId"] for operation in operations(schema).values()]
    assert len(set(names)) == len(names)


@pytest.mark.django_db
def test_the_schema_describes_a_card_as_it_is_sent(schema):
    ProductFactory()
    (card,) = program().get(V1 + "products/").json()["results"]
    described = schema["components"]["schemas"]["ProductCard"]["properties"]
    assert set(card) == set(described)
    assert set(card["image"]) == set(schema["components"]["schemas"]["Image"]["properties"])


def test_the_document_names_every_address_and_no_other(schema):
    text = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()
    documented = re.findall(r"^\| (GET|POST|PATCH|PUT|DELETE) `([^`?]*)` \|", text, re.MULTILINE)
    assert sorted(documented) == sorted(operations(schema))


def test_the_document_tells_the_limits_that_are_set():
    text = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    said = (
        "{anon} requests a minute without a token, {user} with one, {photo-search}\n"
        "photos, {interactions} interactions, {token} sign-ins"
    )
    assert said.format(**{scope: rate.removesuffix("/min") for scope, rate in rates.items()}) in text


def test_the_schema_is_served_and_the_page_needs_no_inline_script_or_style(client, db):
    assert client.get("/api/schema/").status_code == 200
    page = client.get("/api/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "unsafe" not in page["Content-Security-Policy"]
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=", text)
    script = client.get(re.search(r'src="(/api/docs/[^"]+)"', text).group(1))
    assert script["Content-Type"].startswith("application/javascript")
    assert b"SwaggerUIBundle" in script.content


# --- Errors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/v1/", "/api/v2/products/", "/api/v1/nothing/", f"/api/v1/products/{'9' * 5000}/", "/api/v1/%00/"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_an_address_that_is_none_is_a_problem_too(path, method, db):
    assert_problem(getattr(program(), method)(path), 404)


def test_a_forgotten_slash_is_pointed_out(db):
    assert "end with a slash" in assert_problem(program().get("/api/v1/products"), 404)["detail"]


def test_a_method_that_is_none_is_a_problem(shopper):
    for method in ("put", "delete", "patch"):
        assert_problem(getattr(program(shopper), method)(V1 + "products/"), 405)


@pytest.mark.parametrize(
    "body",
    ["{", "", "[" * 100_000, '{"product": NaN}', '{"product": 1e999, "kind": "view"}', f'{{"product": {"9" * 5000}}}',
     '"\\ud800"', b"\xff\xfe\x00", "null", '{"__proto__": {}}'],
    ids=lambda body: repr(body[:12]),
)  # fmt: skip
@pytest.mark.parametrize("path", ["interactions/", "token/"])
def test_json_that_is_none_or_means_nothing_is_a_problem(body, path, db):
    assert_problem(program().post(V1 + path, body, content_type="application/json"), 400)


def test_a_body_in_another_language_is_a_problem(db):
    for content_type in (
        "text/xml",
        "application/x-www-form-urlencoded",
        "nonsense",
        "multipart/form-data; boundary=\x00",
    ):
        answer = program().post(V1 + "interactions/", "a=b", content_type=content_type)
        assert_problem(answer, 415)


def test_a_form_that_breaks_off_is_a_problem(db):
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=x"):
        answer = program().post(V1 + "photo-search/", b"--x\r\nnonsense", content_type=content_type)
        assert_problem(answer, 400)


def test_an_answer_in_another_language_is_a_problem(db):
    assert_problem(program().get(V1 + "products/", headers={"Accept": "text/csv"}), 406)


@pytest.mark.parametrize("number", ["0", "999999999", "9" * 19, "9" * 30])
def test_a_number_that_nothing_has_is_not_found(number, db, shopper):
    client = program(shopper)
    for path in (f"products/{number}/", f"products/{number}/related/", f"products/{number}/complementary/"):
        assert_problem(client.get(V1 + path), 404)
    assert_problem(client.delete(f"{V1}wishlist/{number}/"), 404)
    assert_problem(client.delete(f"{V1}cart/items/{number}/"), 404)


@pytest.mark.parametrize(
    "word", ["\x00", "%", "'; DROP TABLE catalog_product; --", "x" * 10_000, "🧥", "\ud800", "\\"]
)
def test_strange_words_find_nothing_and_break_nothing(word, db):
    ProductFactory()
    for path, name in (
        ("products/", "q"),
        ("products/", "category"),
        ("products/", "size"),
        ("search/suggest/", "q"),
    ):
        answer = program().get(f"{V1}{path}?{name}={quote(word, errors='surrogatepass')}")
        assert answer.status_code == 200


def test_a_host_that_is_not_ours_is_a_problem(db):
    assert_problem(program().get(V1 + "products/", headers={"Host": "evil.example"}), 400)


def test_our_own_mistake_is_a_problem_without_its_details(db, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("catalog.api.listing", broken)
    client = program()
    client.raise_request_exception = False
    answer = client.get(V1 + "products/")
    assert_problem(answer, 500)
    assert b"secret" not in answer.content


def test_our_own_mistake_on_a_page_is_a_page(rf):
    request: HttpRequest = rf.get("/all/")
    assert server_error(request)["Content-Type"].startswith("text/html")


# --- Limits -------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_a_minute(monkeypatch):
    rates = dict.fromkeys(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "2/min")
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)


def test_who_asks_too_often_is_told_when_to_come_back(two_a_minute, db, shopper):
    for client in (program(), program(shopper)):
        for _ in range(2):
            assert client.get(V1 + "products/").status_code == 200
        answer = client.get(V1 + "products/")
        assert_problem(answer, 429)
        assert 0 < int(answer["Retry-After"]) <= 60


@pytest.mark.parametrize("path", ["photo-search/", "interactions/", "token/"])
def test_what_costs_more_has_a_limit_of_its_own(path):
    assert (
        resolve(V1 + path).func.view_class.throttle_scope in settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    )


def test_other_sites_pages_cannot_call_from_a_browser(db):
    answer = Client().options(
        V1 + "products/", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    )
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
