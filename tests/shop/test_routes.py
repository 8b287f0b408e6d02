"""Every address of the shop has a rule that says who may open it; a new address without a rule fails here.

Each rule is tried out: by a visitor, by the owner of what the address is about, and by somebody else.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from accounts.models import Address, User, WishlistItem
from accounts.shopper import VISITOR_KEY, Shopper
from recommendations import tasks
from shop.checkout.access import MINE_KEY
from shop.checkout.carts import add, cart_of
from shop.checkout.models import CartLine, Order, Payment
from shop.checkout.payments import pay
from shop.checkout.placing import Delivery, place_order
from tests.factories import PASSWORD, AddressFactory, CategoryFactory, ProductFactory, WishlistItemFactory
from vision.models import PhotoQuery

pytestmark = pytest.mark.django_db

HOME = Delivery("ada@example.com", "Ada Example", "1 Loom Lane", "1010", "Vienna", "AT")
JSON = "application/json"


@dataclass
class Owner:
    """Somebody to whom things belong, with their browser: a user, or a visitor known by the session."""

    client: Client
    user: User | None = None

    @property
    def shopper(self) -> Shopper:
        return Shopper(user_id=self.user.pk) if self.user else Shopper(visitor="the-owner")

    def remember(self, key: str, value: Any) -> None:
        session = self.client.session
        session[key] = value
        session.save()


# --- What the addresses are about: each function makes it for an owner and returns the address's arguments --------


def nothing(owner: Owner) -> dict[str, Any]:
    return {}


def a_product(owner: Owner) -> dict[str, Any]:
    return {"slug": ProductFactory().slug}


def a_product_id(name: str) -> Callable[[Owner], dict[str, Any]]:
    return lambda owner: {name: ProductFactory().pk}


def a_shelf(owner: Owner) -> dict[str, Any]:
    return {"slug": CategoryFactory().slug}


def a_rendition(owner: Owner) -> dict[str, Any]:
    return {"name": ProductFactory().images.get().rendition_name(320)}


def an_address(owner: Owner) -> dict[str, Any]:
    return {"pk": AddressFactory(user=owner.user).pk}


def a_wish(owner: Owner) -> dict[str, Any]:
    return {"product": WishlistItemFactory(user=owner.user).product_id}


def a_line(name: str) -> Callable[[Owner], dict[str, Any]]:
    def line(owner: Owner) -> dict[str, Any]:
        cart = cart_of(owner.shopper, create=True)
        return {name: add(cart, ProductFactory().variants.get()).line.pk}

    return line


def an_order(owner: Owner) -> dict[str, Any]:
    cart = cart_of(owner.shopper, create=True)
    add(cart, ProductFactory().variants.get())
    order = place_order(cart, owner.shopper, HOME)
    owner.remember(MINE_KEY, [order.number])
    return {"number": order.number}


def a_bank_question(owner: Owner) -> dict[str, Any]:
    order = Order.objects.get(**an_order(owner))
    pay(order, "ask", "token")
    return {"number": order.number, "reference": order.payments.get().reference}


def a_photo(owner: Owner) -> dict[str, Any]:
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "#aa5533").save(picture, "WEBP")
    query = PhotoQuery.objects.create(
        user=owner.user,
        session_key="" if owner.user else owner.shopper.visitor,
        picture=picture.getvalue(),
        width=60,
        height=80,
        status="done",
    )
    return {"pk": query.pk}


# --- The rules ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """``access``: "public", "shopper" (sign in first, then it is about yourself) or "own" (what it is about belongs
    to somebody; ``guests`` says whether it may belong to a visitor). ``methods``: what it answers to; any other of
    GET and POST is refused. ``data`` goes with every write."""

    access: Literal["public", "shopper", "own"]
    about: Callable[[Owner], dict[str, Any]] = nothing
    methods: tuple[str, ...] = ("get",)
    data: dict[str, Any] = field(default_factory=dict)
    guests: bool = False
    status: int = 0  # what a public address answers, where that is an error by design


def public(about: Callable[[Owner], dict[str, Any]] = nothing, *methods: str, **options: Any) -> Rule:
    return Rule("public", about, methods or ("get",), **options)


def shopper(*methods: str, **options: Any) -> Rule:
    return Rule("shopper", nothing, methods or ("get",), **options)


def own(about: Callable[[Owner], dict[str, Any]], *methods: str, **options: Any) -> Rule:
    return Rule("own", about, methods or ("get",), **options)


RULES = {
    # the storefront
    "home": public(),
    "listing": public(a_shelf),
    "all": public(),
    "search": public(),
    "suggest": public(),
    "product": public(a_product),
    "seen": public(),
    "contact": public(nothing, "get", "post", status=400),
    "delivery": public(),
    "returns": public(),
    "privacy": public(),
    "imprint": public(),
    "robots": public(),
    "sitemap": public(nothing, "get", "post"),  # Django's own views mind no method, and change nothing
    "sitemap_section": public(lambda owner: {"section": "pages"}, "get", "post"),
    "rendition": public(a_rendition),
    "photo_search": public(nothing, "get", "post", status=400),
    "photo_answer": own(a_photo, guests=True),
    "photo_status": own(a_photo, guests=True),
    "photo_picture": own(a_photo, guests=True),
    "photo_box": own(a_photo, "post", guests=True),
    "dismiss": public(a_product_id("product_id"), "post"),
    "history": public(),
    "forget_history": public(nothing, "post"),
    # the till
    "cart": public(),
    "cart_add": public(nothing, "post"),
    "cart_undo": public(nothing, "post"),
    "cart_line": own(a_line("line_id"), "post", data={"quantity": 2}, guests=True),
    "checkout": public(nothing, "get", "post"),
    "payment": own(an_order, "get", "post", data={"choice": "approve", "token": "abc"}, guests=True),
    "payment_bank": own(a_bank_question, "get", "post", data={"answer": "yes"}, guests=True),
    "order": own(an_order, guests=True),
    "order_cancel": own(an_order, "post", guests=True),
    "order_again": own(an_order, "post", guests=True),
    "orders": shopper(),
    # the account
    "wishlist": shopper(),
    "wishlist_toggle": Rule("shopper", a_product_id("product_id"), ("post",)),
    "account": shopper("get", "post", data={"first_name": "Ada"}),
    "account_addresses": shopper(),
    "account_address_add": shopper("get", "post"),
    "account_address": own(an_address, "get", "post", data={"name": "Eve"}),
    "account_address_delete": own(an_address, "post"),
    "account_address_default": own(an_address, "post"),
    "account_privacy": public(),
    "account_consent": public(nothing, "post"),
    "account_export": shopper(),
    "account_erase": shopper("post", data={"password": "a guess"}),
    "account_email": shopper("get", "post"),
    "account_change_password": shopper("get", "post"),
    "account_set_password": shopper("get", "post"),
    "account_reauthenticate": shopper("get", "post"),
    "account_login": public(nothing, "get", "post"),
    "account_logout": public(nothing, "get", "post"),
    "account_signup": public(nothing, "get", "post"),
    "account_inactive": public(),
    "account_email_verification_sent": public(),
    "account_confirm_email": public(lambda owner: {"key": "nonsense"}),
    "account_confirm_login_code": public(nothing, "get", "post"),
    "account_reset_password": public(nothing, "get", "post"),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": public(
        lambda owner: {"uidb36": "1", "key": "nonsense"}, "get", "post"
    ),
    "account_reset_password_from_key_done": public(),
    # for operators and programs
    "health_live": public(),
    "health_ready": public(),
    "metrics": public(),
    "api_schema": public(),
    "api_docs": public(),
    "api_nothing_here": public(status=404),
    "api_products": public(),
    "api_product": public(a_product_id("pk")),
    "api_related": public(a_product_id("pk")),
    "api_complementary": public(a_product_id("pk")),
    "api_categories": public(),
    "api_suggest": public(),
    "api_home": public(),
    "api_interactions": public(nothing, "post", status=400),
    "api_photo_search": public(nothing, "post", status=415),
    "api_photo_search_detail": own(a_photo, guests=True),
    "api_token": public(nothing, "post", status=400),
    "api_wishlist": shopper("get", "post"),
    "api_wish": own(a_wish, "delete"),
    "api_cart": shopper(),
    "api_cart_items": shopper("get", "post"),
    "api_cart_item": own(a_line("pk"), "patch", "delete", data={"quantity": 2}),
    "api_orders": shopper("get", "post"),
    "api_order": own(an_order),
    "api_order_payments": own(an_order, "post", data={"choice": "approve"}),
    "api_me": shopper("get", "patch"),
    "api_me_export": shopper(),
}


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
    models = (Address, WishlistItem, CartLine, Order, Payment, PhotoQuery)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


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
    ("name", "method"), [(n, m) for n, m in CASES if m != "get" and n not in {"api_token"}]
)
def test_every_write_from_a_browser_that_is_signed_in_needs_the_csrf_token(name, method, owner):
    """A token is bought with a password, not with a cookie: there is nothing to forge."""
    rule = RULES[name]
    url = reverse(name, kwargs=rule.about(owner))
    before = kept()
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(owner.user)
    assert send(forged, method, url, rule.data).status_code == 403
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
