"""Tokens, the wish list and the shopper's own data over REST."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts.models import WishlistItem
from recommendations.models import Interaction
from tests.factories import PASSWORD, ProductFactory, UserFactory, WishlistItemFactory
from tests.rest import V1, assert_problem, program

pytestmark = pytest.mark.django_db


# --- Tokens -------------------------------------------------------------------------------------------------------


def ask_for_token(email: str, password: str = PASSWORD, client=None):
    return (client or program()).post(V1 + "token/", {"email": email, "password": password})


def test_a_password_buys_a_token_and_the_token_opens_what_is_the_shoppers(shopper):
    answer = ask_for_token("ADA@example.com")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"token", "expires"}
    assert parse_datetime(body["expires"]) > timezone.now() + timedelta(days=29)
    client = program()
    client.credentials(HTTP_AUTHORIZATION=f"Token {body['token']}")
    assert client.get(V1 + "me/").json()["email"] == shopper.email


def test_the_shop_keeps_no_token_in_plain_text(shopper):
    token = ask_for_token(shopper.email).json()["token"]
    kept = AuthToken.objects.values_list("digest", "token_key").get()
    assert token not in kept


def test_a_wrong_password_says_no_more_than_an_unknown_address(shopper):
    wrong = assert_problem(ask_for_token(shopper.email, "not-the-password"), 401)
    unknown = assert_problem(ask_for_token("nobody@example.com", "not-the-password"), 401)
    assert wrong == unknown
    assert not AuthToken.objects.exists()


def test_an_account_that_is_switched_off_gets_no_token():
    assert_problem(ask_for_token(UserFactory(is_active=False).email), 401)


def test_guessing_is_stopped_with_a_time_to_come_back(shopper):
    for number in range(8):
        last = ask_for_token(shopper.email.upper() if number % 2 else shopper.email, f"guess-{number}")
    for answer in (last, ask_for_token(shopper.email)):  # even the right one, for a while
        assert_problem(answer, 429)
        assert answer["Retry-After"] == "900"
    assert not AuthToken.objects.exists()


def test_guesses_on_the_page_count_over_rest_too(client, shopper):
    for number in range(8):
        client.post("/account/login/", {"login": shopper.email, "password": f"guess-{number}"})
    assert_problem(ask_for_token(shopper.email), 429)


def test_the_right_password_wipes_the_slate(shopper):
    for number in range(7):
        ask_for_token(shopper.email, f"guess-{number}")
    assert ask_for_token(shopper.email).status_code == 200
    assert_problem(ask_for_token(shopper.email, "one-more-guess"), 401)


def test_twenty_attempts_a_minute_are_enough_for_one_sender():
    for number in range(20):
        ask_for_token(f"shopper{number}@example.com")
    answer = ask_for_token("another@example.com")
    assert_problem(answer, 429)
    assert 0 < int(answer["Retry-After"]) <= 60


def test_an_invented_sender_is_no_way_round_the_limit():
    for number in range(20):
        ask_for_token(f"s{number}@example.com", client=program(**{"X-Forwarded-For": f"10.0.0.{number}"}))
    assert_problem(ask_for_token("s@example.com", client=program(**{"X-Forwarded-For": "10.0.1.1"})), 429)


def test_signing_out_ends_this_device_alone(shopper):
    phone, laptop = program(shopper), program(shopper)
    assert phone.delete(V1 + "token/").status_code == 204
    assert_problem(phone.get(V1 + "me/"), 401)
    assert laptop.get(V1 + "me/").status_code == 200
    assert_problem(program().delete(V1 + "token/"), 401)


def test_a_token_runs_out_and_its_owner_gets_a_new_one_with_it_still_in_hand(shopper):
    client = program(shopper)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert_problem(client.get(V1 + "me/"), 401)
        assert ask_for_token(shopper.email, client=client).status_code == 200


def test_the_oldest_device_goes_when_there_is_one_too_many(shopper):
    first = program(shopper)
    AuthToken.objects.update(created=timezone.now() - timedelta(days=1))
    for _ in range(19):
        AuthToken.objects.create(shopper)
    assert first.get(V1 + "me/").status_code == 200
    assert ask_for_token(shopper.email).status_code == 200
    assert_problem(first.get(V1 + "me/"), 401)
    assert shopper.auth_token_set.count() == 20


def test_a_new_password_signs_every_device_out(client, shopper):
    device = program(shopper)
    client.force_login(shopper)
    new = "another-good-password"
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert_problem(device.get(V1 + "me/"), 401)


@pytest.mark.parametrize(
    "header", ["Token", "Token nonsense", "Token a b", "Token \xff", "Token " + "x" * 5000]
)
def test_a_token_that_is_none_opens_nothing(header):
    client = program()
    client.credentials(HTTP_AUTHORIZATION=header)
    assert_problem(client.get(V1 + "me/"), 401)


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "ada@example.com"}, {"email": "no address", "password": "x"}, {"email": ["a"], "password": {}},
     {"email": "ada@example.com", "password": "x" * 5000}, {"email": "a\x00@example.com", "password": "\x00"}],
)  # fmt: skip
def test_credentials_that_make_no_sense_are_refused_by_field(body):
    assert assert_problem(program().post(V1 + "token/", body), 400)["errors"]


# --- Wish list ----------------------------------------------------------------------------------------------------


def test_a_product_is_saved_once_and_taken_off(shopper):
    client, tee = program(shopper), ProductFactory(name="Breton tee")
    first = client.post(V1 + "wishlist/", {"product": tee.pk})
    again = client.post(V1 + "wishlist/", {"product": tee.pk})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["product"]["name"] == "Breton tee"
    page = client.get(V1 + "wishlist/").json()
    assert page == {"next": None, "previous": None, "results": [first.json()]}
    assert [i.kind for i in Interaction.objects.all()] == ["wish"]
    assert client.delete(f"{V1}wishlist/{tee.pk}/").status_code == 204
    assert_problem(client.delete(f"{V1}wishlist/{tee.pk}/"), 404)
    assert client.get(V1 + "wishlist/").json()["results"] == []


def test_a_long_wish_list_comes_in_pages(shopper):
    products = [ProductFactory() for _ in range(3)]
    for product in products:
        WishlistItemFactory(user=shopper, product=product)
    client = program(shopper)
    first = client.get(V1 + "wishlist/", {"limit": 2}).json()
    second = client.get(first["next"]).json()
    ids = [wish["product"]["id"] for wish in first["results"] + second["results"]]
    assert ids == [product.pk for product in reversed(products)]
    assert client.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    "cursor", ["nonsense", "cD1ub25zZW5zZQ==", "cD0lMDA=", "bz05OTk5OTk5OTk5OTk5OTk5OTk5OTk5"]
)
def test_a_cursor_that_was_made_up_is_refused(shopper, cursor):
    """Nonsense, p=nonsense, p=%00, and an offset without end."""
    WishlistItemFactory(user=shopper)
    answer = program(shopper).get(V1 + "wishlist/", {"cursor": cursor})
    if answer.status_code != 200:  # an offset that is too large is cut down
        assert list(assert_problem(answer, 400)["errors"]) == ["cursor"]


def test_what_is_not_sold_cannot_be_wished_and_is_not_shown(shopper):
    hidden = ProductFactory(status="archived")
    client = program(shopper)
    assert "product" in assert_problem(client.post(V1 + "wishlist/", {"product": hidden.pk}), 400)["errors"]
    WishlistItemFactory(user=shopper, product=hidden)
    assert client.get(V1 + "wishlist/").json()["results"] == []
    assert client.delete(f"{V1}wishlist/{hidden.pk}/").status_code == 204  # but it may still be taken off


def test_a_wish_list_is_the_shoppers_own(shopper, stranger):
    wish = WishlistItemFactory(user=shopper)
    other = program(stranger)
    assert other.get(V1 + "wishlist/").json()["results"] == []
    assert_problem(other.delete(f"{V1}wishlist/{wish.product_id}/"), 404)
    assert WishlistItem.objects.exists()


def test_a_long_wish_list_needs_no_more_queries_than_a_short_one(shopper, django_assert_max_num_queries):
    for _ in range(8):
        WishlistItemFactory(user=shopper)
    client = program(shopper)
    with django_assert_max_num_queries(6):
        client.get(V1 + "wishlist/")


def test_lists_are_begun_shared_and_deleted_over_rest(shopper):
    client, tee = program(shopper), ProductFactory(name="Breton tee")
    begun = client.post(V1 + "wishlists/", {"name": "Summer"})
    assert begun.status_code == 201
    summer = begun.json()
    assert (summer["name"], summer["pieces"], summer["shared_url"]) == ("Summer", 0, None)
    wish = client.post(V1 + "wishlist/", {"product": tee.pk, "list": summer["id"]}).json()
    assert wish["list"] == summer["id"]
    assert wish["saved_price"] == {"amount": "39.00", "currency": "EUR"}
    one = f"{V1}wishlists/{summer['id']}/"
    shared = client.patch(one, {"is_shared": True, "name": "Sea"}).json()
    assert (shared["name"], shared["pieces"]) == ("Sea", 1)
    assert "Breton tee" in APIClient().get(shared["shared_url"]).content.decode()
    assert client.patch(one, {"is_shared": False}).json()["shared_url"] is None
    assert [row["name"] for row in client.get(V1 + "wishlists/").json()["results"]] == ["Wish list", "Sea"]
    assert client.delete(one).status_code == 204
    assert client.get(V1 + "wishlist/").json()["results"][0]["list"] != summer["id"]


def test_the_list_that_hearts_fill_stays_over_rest(shopper):
    wish = WishlistItemFactory(user=shopper)
    assert_problem(program(shopper).delete(f"{V1}wishlists/{wish.list_id}/"), 409)


def test_a_saved_product_is_noted_and_moved_over_rest(shopper, stranger):
    wish = WishlistItemFactory(user=shopper)
    client = program(shopper)
    summer = client.post(V1 + "wishlists/", {"name": "Summer"}).json()["id"]
    size = wish.product.variants.get().pk
    one = f"{V1}wishlist/{wish.product_id}/"
    changed = client.patch(one, {"note": "for Mum", "variant": size, "list": summer}).json()
    assert (changed["note"], changed["variant"], changed["list"]) == ("for Mum", size, summer)
    theirs = WishlistItemFactory(user=stranger)
    for wrong in (
        {"list": theirs.list_id},
        {"variant": theirs.product.variants.get().pk},
        {"note": "x" * 201},
    ):
        assert assert_problem(client.patch(one, wrong), 400)["errors"]


# --- Me -----------------------------------------------------------------------------------------------------------


def test_the_shopper_reads_and_changes_what_is_theirs(shopper):
    client = program(shopper)
    assert client.get(V1 + "me/").json()["first_name"] == "Ada"
    changed = client.patch(V1 + "me/", {"last_name": "Lovelace", "personalised": False})
    assert changed.status_code == 200
    shopper.refresh_from_db()
    assert (shopper.last_name, shopper.personalised) == ("Lovelace", False)


def test_nobody_becomes_staff_or_somebody_else_by_asking(shopper):
    asked = {"is_staff": True, "is_superuser": True, "email": "eve@example.com", "id": 1, "password": "x"}
    assert program(shopper).patch(V1 + "me/", asked).status_code == 200
    shopper.refresh_from_db()
    assert not shopper.is_staff
    assert not shopper.is_superuser
    assert shopper.email == "ada@example.com"
    assert shopper.check_password(PASSWORD)


@pytest.mark.parametrize(
    "body", [{"first_name": "x" * 500}, {"personalised": "perhaps"}, {"first_name": "\x00"}, []]
)
def test_a_change_that_makes_no_sense_is_refused_by_field(shopper, body):
    assert assert_problem(program(shopper).patch(V1 + "me/", body), 400)["errors"]


def test_the_export_holds_what_is_known_of_the_shopper_alone(shopper, stranger):
    WishlistItemFactory(user=shopper, product=ProductFactory(name="Breton tee"))
    mine = program(shopper).get(V1 + "me/export/").json()
    assert mine["account"]["email"] == "ada@example.com"
    assert mine["wish_list"][0]["product__name"] == "Breton tee"
    assert "Breton tee" not in program(stranger).get(V1 + "me/export/").content.decode()


def test_a_browser_needs_the_csrf_token_that_a_device_does_not(shopper):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(shopper)
    assert browser.get(V1 + "me/").status_code == 200
    assert_problem(browser.patch(V1 + "me/", {"first_name": "Eve"}, format="json"), 403)
    shopper.refresh_from_db()
    assert shopper.first_name == "Ada"
