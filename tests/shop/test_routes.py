"""Every address of the shop has a rule that says who may open it; a new address without a rule fails here.

Each rule is tried out: by a visitor, by the owner of what the address is about, and by somebody else.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Address, StockAlert, User, WishList, WishlistItem
from accounts.shopper import VISITOR_KEY
from recommendations import tasks
from shop.checkout.models import CartLine, Order, Payment
from tests.factories import PASSWORD
from tests.shop.route_rules import RULES, Owner
from vision.models import PhotoQuery

pytestmark = pytest.mark.django_db

JSON = "application/json"


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield where, pattern
        else:
            yield from routes(pattern.url_patterns, where)


ALL = list(routes(get_resolver().url_patterns))
PAGES = [(where, pattern) for where, pattern in ALL if not where.startswith("admin/")]
ADMIN = [where for where, _ in ALL if where.startswith("admin/")]


def test_every_address_has_a_name_of_its_own_and_a_rule():
    names = [pattern.name for _, pattern in PAGES]
    assert sorted(names) == sorted(set(names))
    assert set(names) == set(RULES)


# --- Trying them out ----------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr(tasks.answer_photo, "delay", lambda pk: None)


@pytest.fixture
def owner(shopper) -> Owner:
    client = Client()
    client.force_login(shopper)
    return Owner(client, shopper)


@pytest.fixture
def guest() -> Owner:
    owner = Owner(Client())
    owner.remember(VISITOR_KEY, owner.shopper.visitor)
    return owner


def send(client: Client, method: str, url: str, data: dict[str, Any]) -> Any:
    if method == "get":
        return client.get(url)
    if url.startswith("/api/"):
        return client.generic(
            method.upper(), url, json.dumps(data), content_type=JSON, headers={"Idempotency-Key": "key"}
        )
    return getattr(client, method)(url, data)


def sends_to_sign_in(response: Any) -> bool:
    if response.status_code == 302:
        return response.url.startswith("/account/login/")
    return response.status_code == 401


def kept() -> list[list[tuple[Any, ...]]]:
    """All rows that belong to somebody."""
    models = (Address, WishList, WishlistItem, StockAlert, CartLine, Order, Payment, PhotoQuery)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


WITHOUT_COOKIES = {"api_token", "payment_webhook"}
CASES = [(name, method) for name, rule in RULES.items() for method in rule.methods]


def cases(access: str, guests: bool | None = None) -> list[tuple[str, str]]:
    return [
        (name, method)
        for name, method in CASES
        if RULES[name].access == access and (guests is None or RULES[name].guests == guests)
    ]


@pytest.mark.parametrize(("name", "method"), cases("public"))
def test_a_public_address_opens_for_a_visitor(name, method, guest):
    rule = RULES[name]
    response = send(guest.client, method, reverse(name, kwargs=rule.about(guest)), rule.data)
    expected = (rule.status,) if rule.status and (method != "get" or rule.methods == ("get",)) else (200, 302)
    assert response.status_code in expected


@pytest.mark.parametrize(("name", "method"), cases("shopper"))
def test_what_is_about_the_shopper_asks_a_visitor_to_sign_in(name, method, owner, guest):
    rule = RULES[name]
    url = reverse(name, kwargs=rule.about(owner))
    assert sends_to_sign_in(send(guest.client, method, url, rule.data))
    answer = send(owner.client, method, url, rule.data)
    assert not sends_to_sign_in(answer)
    assert answer.status_code < 500


@pytest.mark.parametrize(("name", "method"), cases("own"))
def test_what_is_somebody_elses_is_not_there(name, method, owner, stranger, guest):
    rule = RULES[name]
    url = reverse(name, kwargs=rule.about(owner))
    before = kept()
    other = Client()
    other.force_login(stranger)
    assert send(other, method, url, rule.data).status_code == 404
    answer = send(guest.client, method, url, rule.data)
    assert answer.status_code == 404 or sends_to_sign_in(answer)
    assert kept() == before
    assert send(owner.client, method, url, rule.data).status_code < 400  # so it was no mistake in the address


@pytest.mark.parametrize(("name", "method"), cases("own", guests=True))
def test_what_is_a_visitors_is_not_there_for_others(name, method, guest, stranger):
    rule = RULES[name]
    url = reverse(name, kwargs=rule.about(guest))
    before = kept()
    signed_in, another = Client(), Client()
    signed_in.force_login(stranger)
    Owner(another).remember(VISITOR_KEY, "another-visitor")
    for other in (signed_in, another, Client()):
        assert send(other, method, url, rule.data).status_code == 404
    assert kept() == before
    assert send(guest.client, method, url, rule.data).status_code < 400


@pytest.mark.parametrize("name", RULES)
def test_looking_changes_nothing_and_only_what_takes_a_write_gets_one(name, owner):
    rule = RULES[name]
    url = reverse(name, kwargs=rule.about(owner))
    before = kept()
    for method in {"get", "post"} - set(rule.methods):
        assert send(owner.client, method, url, rule.data).status_code in {401, 404, 405}, method
    if "get" in rule.methods:
        send(owner.client, "get", url, {})
    assert kept() == before


@pytest.mark.parametrize(
    ("name", "method"),
    [(name, method) for name, method in CASES if method != "get" and name not in WITHOUT_COOKIES],
)
def test_every_write_from_a_browser_needs_the_csrf_token(name, method, owner):
    """Except where no cookie counts, so that there is nothing to forge: a token of the API is bought with a password,
    and a payment provider's message is known by its signature."""
    rule = RULES[name]
    url = reverse(name, kwargs=rule.about(owner))
    before = kept()
    forged, visitor = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    forged.force_login(owner.user)
    assert send(forged, method, url, rule.data).status_code == 403
    if not url.startswith("/api/"):  # no form of another site sends JSON there, nor our cookie (SameSite)
        assert send(visitor, method, url, rule.data).status_code == 403
    assert kept() == before


# --- The admin ----------------------------------------------------------------------------------------------------

OPEN_TO_ALL = {"admin/login/", "admin/logout/", "admin/jsi18n/"}
# The last one searches in what the member of staff may look at.
FOR_ALL_STAFF = {
    "admin/",
    "admin/password_change/",
    "admin/password_change/done/",
    "admin/search/",
    *OPEN_TO_ALL,
}


def admin_address(where: str) -> str:
    """The pattern with something in each of its gaps."""
    where = re.sub(r"\^\(\?P<app_label>(\w+)[^)]*\)/\$", r"\1/", where)
    where = where.replace("(?P<url>.*)$", "nothing/here/")
    return "/" + re.sub(r"<(?:slug|str):\w+>", "word", re.sub(r"<(?:(?:int|path):)?\w+>", "1", where))


def is_at_the_door(response: Any) -> bool:
    return response.status_code == 302 and response.url.startswith("/admin/login/")


def is_refused(response: Any) -> bool:
    """Forbidden, not there, or sent back to the first page, which is empty for who may look at nothing."""
    back = bool(response.redirect_chain) and response.redirect_chain[-1][0] == "/admin/"
    return response.status_code in {403, 404, 405} or back


def test_behind_the_counter_is_nobody_but_staff(owner, guest):
    addresses = [admin_address(where) for where in ADMIN if where not in OPEN_TO_ALL]
    assert len(addresses) > 80
    for client in (owner.client, guest.client):
        open_to_them = [
            (method, url)
            for url in addresses
            for method in ("get", "post")
            if not is_at_the_door(getattr(client, method)(url))
        ]
        assert open_to_them == []


def test_staff_without_a_permission_see_and_change_nothing(stranger):
    stranger.is_staff = True
    stranger.save()
    client = Client()
    client.force_login(stranger)
    addresses = [admin_address(where) for where in ADMIN if where not in FOR_ALL_STAFF]
    open_to_them = [
        (method, url)
        for url in addresses
        for method in ("get", "post")
        if not is_refused(getattr(client, method)(url, follow=True))
    ]
    assert open_to_them == []


def test_an_account_that_is_erased_is_erased_by_its_own_password_alone(owner, stranger):
    other = Client()
    other.force_login(stranger)
    other.post("/account/privacy/erase/", {"password": PASSWORD, "user": owner.user.pk})
    assert User.objects.filter(pk=owner.user.pk).exists()
