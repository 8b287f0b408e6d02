"""Users in the admin: who may give powers, and what deleting means."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.test import Client
from knox.models import AuthToken

from accounts.models import User
from shop.checkout.models import Order
from tests import factories
from tests.forms_on_pages import filled_form

USERS = "/admin/accounts/user/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(curator) -> Client:
    return signed_in(curator)


@pytest.fixture
def clerk(db) -> Client:
    """Staff who may change users, but is no superuser."""
    user = factories.UserFactory(email="clerk@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    return signed_in(user)


def order_of(user: User, **fields: object) -> Order:
    address = {"name": "Ada", "street": "1 Loom Lane", "postcode": "1010", "city": "Vienna", "country": "AT"}
    sums = {"currency": "EUR", "subtotal": 20, "shipping": 0, "total": 20}
    return Order.objects.create(user=user, email=user.email, **{**address, **sums, **fields})


def test_staff_sign_in_with_their_address(curator):
    client = Client()
    form = {"username": curator.email, "password": factories.PASSWORD}
    assert client.post("/admin/login/?next=/admin/", form).url == "/admin/"
    assert "Overview" in client.get("/admin/").content.decode()


def test_guessing_a_password_is_stopped_in_the_admin_too(curator, settings):
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post("/admin/login/", {"username": curator.email, "password": "a guess"})
    right = client.post("/admin/login/", {"username": curator.email, "password": factories.PASSWORD})
    assert right.status_code == 429
    assert client.get("/admin/").status_code == 302


def test_a_user_is_found_and_changed(desk, shopper):
    assert "ada@example.com" in desk.get(USERS, {"q": "ada@"}).content.decode()
    address = f"{USERS}{shopper.pk}/change/"
    desk.post(address, filled_form(desk.get(address), "user_form", first_name="Augusta"))
    shopper.refresh_from_db()
    assert (shopper.first_name, shopper.is_active) == ("Augusta", True)
    assert shopper.check_password(factories.PASSWORD)


def test_a_new_user_gets_an_address_and_a_password(desk):
    desk.post(
        f"{USERS}add/",
        {
            "email": "New@Example.com",
            "usable_password": "true",
            "password1": "quite-long-and-odd",
            "password2": "quite-long-and-odd",
            "addresses-TOTAL_FORMS": "0",
            "addresses-INITIAL_FORMS": "0",
        },
    )
    assert User.objects.get(email="new@example.com").check_password("quite-long-and-odd")


def test_only_a_superuser_gives_powers(clerk, desk, shopper):
    address = f"{USERS}{shopper.pk}/change/"
    powers = {"is_staff": "on", "is_superuser": "on"}
    clerk.post(address, {**filled_form(clerk.get(address), "user_form"), **powers})
    shopper.refresh_from_db()
    assert (shopper.is_staff, shopper.is_superuser) == (False, False)
    desk.post(address, {**filled_form(desk.get(address), "user_form"), "is_staff": "on"})
    shopper.refresh_from_db()
    assert shopper.is_staff


def test_a_clerk_cannot_take_over_a_superuser(clerk, curator):
    passwords = {"password1": "mine-now-and-long", "password2": "mine-now-and-long"}
    assert clerk.post(f"{USERS}{curator.pk}/password/", passwords).status_code == 403
    assert clerk.post(f"{USERS}{curator.pk}/change/", {"email": "mine@example.com"}).status_code == 403
    curator.refresh_from_db()
    assert curator.email == "curator@example.com"
    assert curator.check_password(factories.PASSWORD)


def test_a_clerk_cannot_take_over_a_colleague(clerk):
    colleague = factories.UserFactory(is_staff=True)
    passwords = {"password1": "mine-now-and-long", "password2": "mine-now-and-long"}
    assert clerk.post(f"{USERS}{colleague.pk}/password/", passwords).status_code == 403


def test_a_clerk_opens_no_door_by_roles_addresses_or_keys(clerk, curator):
    everything = Permission.objects.filter(content_type__app_label__in=["auth", "account", "knox"])
    User.objects.get(email="clerk@example.com").user_permissions.add(*everything)
    role = Group.objects.create(name="Clerks")
    assert clerk.post(f"/admin/auth/group/{role.pk}/change/", {"name": "Bosses"}).status_code == 403
    address = {"user": curator.pk, "email": "clerk@example.com", "verified": "on", "primary": "on"}
    assert clerk.post("/admin/account/emailaddress/add/", address).status_code == 403
    assert clerk.post("/admin/knox/authtoken/add/", {"user": curator.pk}).status_code == 403
    assert clerk.get("/admin/auth/group/").status_code == 200


def test_an_address_that_was_changed_opens_the_account_no_more(desk, shopper, client):
    EmailAddress.objects.create(user=shopper, email=shopper.email, verified=True, primary=True)
    address = f"{USERS}{shopper.pk}/change/"
    desk.post(address, filled_form(desk.get(address), "user_form", email="Augusta@example.com"))
    login = {"login": "ada@example.com", "password": factories.PASSWORD}
    client.post("/account/login/", login)
    assert "_auth_user_id" not in client.session
    client.post("/account/login/", {**login, "login": "augusta@example.com"})
    assert client.session["_auth_user_id"] == str(shopper.pk)


def test_keys_to_the_api_are_taken_away(desk, shopper):
    token, _ = AuthToken.objects.create(user=shopper)
    assert "ada@example.com" in desk.get("/admin/knox/authtoken/", {"q": "ada"}).content.decode()
    desk.post(f"/admin/knox/authtoken/{token.pk}/delete/", {"post": "yes"})
    assert not AuthToken.objects.exists()


def test_deleting_an_account_erases_the_person_and_keeps_the_books(desk, shopper):
    order = order_of(shopper, status=Order.Status.DELIVERED)
    factories.AddressFactory(user=shopper)
    question = desk.get(f"{USERS}{shopper.pk}/delete/").content.decode()
    assert "Orders stay without the person." in question
    desk.post(f"{USERS}{shopper.pk}/delete/", {"post": "yes"})
    order.refresh_from_db()
    assert not User.objects.filter(pk=shopper.pk).exists()
    assert (order.name, order.email, order.street) == ("Erased", "", "")


def test_an_account_whose_order_must_still_be_sent_stays(desk, shopper):
    order = order_of(shopper, status=Order.Status.PAID)
    page = desk.post(f"{USERS}{shopper.pk}/delete/", {"post": "yes"}, follow=True).content.decode()
    assert f"Order {order.number} is paid and not sent yet" in page
    shopper.refresh_from_db()


def test_staff_are_switched_off_not_deleted(desk):
    colleague = factories.UserFactory(is_staff=True)
    assert desk.post(f"{USERS}{colleague.pk}/delete/", {"post": "yes"}).status_code == 403
    colleague.refresh_from_db()


def test_roles_and_sign_ins_have_their_pages(desk):
    Group.objects.create(name="Curators")
    assert "Curators" in desk.get("/admin/auth/group/").content.decode()
    for page in ("accessattempt", "accesslog", "accessfailurelog"):
        assert desk.get(f"/admin/axes/{page}/").status_code == 200


@pytest.mark.parametrize("address", ["/admin/accounts/user/", "/admin/accounts/address/"])
def test_a_clerk_of_other_things_sees_no_people(db, address):
    user = factories.UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_product"))
    assert signed_in(user).get(address).status_code == 403
