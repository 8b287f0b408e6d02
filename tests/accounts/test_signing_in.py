"""Signing up, in and out; forgotten passwords; guessing in vain."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import Client

from accounts.models import User
from shop.celery import app
from tests.factories import PASSWORD

NEW_PASSWORD = "another-good-password"


@pytest.fixture
def eager_tasks():
    """Tasks run at once, in the test's own process."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def sign_in(client: Client, email: str, password: str = PASSWORD, **form: str):
    return client.post("/account/login/", {"login": email, "password": password, **form})


def who(client: Client) -> str:
    return client.session.get("_auth_user_id", "")


def test_a_newcomer_signs_up_with_an_address_and_a_password(
    client, db, eager_tasks, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/account/signup/", {"email": "New@Example.com", "password1": NEW_PASSWORD})
    user = User.objects.get()
    assert response.url == "/"
    assert user.email == "new@example.com"
    assert who(client) == str(user.pk)
    (message,) = mail.outbox
    assert message.to == ["new@example.com"]
    link = re.search(r"/account/confirm-email/\S+", message.body).group()
    assert "Is this your address?" in client.get(link).content.decode()
    assert not EmailAddress.objects.get().verified  # looking confirms nothing
    client.post(link)
    assert EmailAddress.objects.get().verified


def test_passwords_are_kept_as_argon2_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert make_password(NEW_PASSWORD).startswith("argon2")


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123"])
def test_a_weak_password_is_refused(client, db, password):
    response = client.post("/account/signup/", {"email": "new@example.com", "password1": password})
    assert response.status_code == 200
    assert not User.objects.exists()


def test_an_address_with_an_account_is_sent_to_the_sign_in(client, shopper):
    page = client.post("/account/signup/", {"email": "ADA@example.com", "password1": NEW_PASSWORD})
    assert "There is an account with this address already." in page.content.decode()
    assert who(client) == ""


def test_a_shopper_signs_in_in_capitals_and_out_again(client, shopper):
    assert sign_in(client, "ADA@example.com").url == "/"
    assert who(client) == str(shopper.pk)
    assert "Sign out?" in client.get("/account/logout/").content.decode()
    assert who(client)  # looking signs nobody out
    client.post("/account/logout/")
    assert who(client) == ""


def test_signing_in_leads_on_to_where_the_shopper_was_going(client, shopper):
    page = client.get("/account/addresses/")
    assert page.url == "/account/login/?next=/account/addresses/"
    assert sign_in(client, shopper.email, next="/account/addresses/").url == "/account/addresses/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_never_leads_out_of_the_shop(client, shopper, elsewhere):
    assert sign_in(client, shopper.email, next=elsewhere).url == "/"


def test_a_wrong_password_says_no_more_than_needed(client, shopper):
    wrong = sign_in(client, shopper.email, "not-the-password").content.decode()
    unknown = sign_in(client, "nobody@example.com", "not-the-password").content.decode()
    sentence = "The e-mail address or the password is not right."
    assert sentence in wrong
    assert sentence in unknown


def test_guessing_is_stopped_after_eight_attempts_however_the_address_is_written(client, shopper):
    for number in range(8):
        guess = sign_in(client, shopper.email.upper() if number % 2 else shopper.email, f"guess-{number}")
    assert guess.status_code == 429
    assert "Let us pause for a moment." in guess.content.decode()
    assert sign_in(client, shopper.email).status_code == 429  # even the right one, for a while
    assert who(client) == ""


def test_guessing_at_one_account_does_not_lock_another(client, shopper, stranger):
    for number in range(8):
        sign_in(client, shopper.email, f"guess-{number}")
    assert sign_in(client, stranger.email).url == "/"


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(
    client, shopper, eager_tasks, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/password/reset/", {"email": shopper.email})
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[0].body).group()
    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert sign_in(client, shopper.email, NEW_PASSWORD).status_code == 302
    assert "This link has run out." in Client().get(link).content.decode()


def test_a_reset_for_an_unknown_address_looks_the_same_on_the_page(
    client, shopper, eager_tasks, django_capture_on_commit_callbacks
):
    pages = []
    for email in (shopper.email, "nobody@example.com"):
        with django_capture_on_commit_callbacks(execute=True):
            pages.append(client.post("/account/password/reset/", {"email": email}, follow=True))
    assert pages[0].redirect_chain == pages[1].redirect_chain
    assert "There is no account with this address" in mail.outbox[1].body


def test_the_password_is_changed_by_who_knows_the_current_one(client, shopper):
    client.force_login(shopper)
    form = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "Type your current password." in client.post("/account/password/change/", form).content.decode()
    client.post("/account/password/change/", form | {"oldpassword": PASSWORD})
    shopper.refresh_from_db()
    assert shopper.check_password(NEW_PASSWORD)


@pytest.mark.parametrize(
    "page",
    ["login/", "signup/", "password/reset/", "password/reset/done/", "password/reset/key/done/", "inactive/",
     "confirm-email/", "confirm-email/nonsense/"],
)  # fmt: skip
def test_every_page_on_the_way_in_is_in_the_shops_own_frame(client, db, page):
    response = client.get(f"/account/{page}", follow=True)
    assert response.status_code == 200
    assert 'class="site-header"' in response.content.decode()


@pytest.mark.parametrize("page", ["", "addresses/", "addresses/add/", "privacy/", "email/", "password/change/",
                                  "reauthenticate/", "orders/"])  # fmt: skip
def test_every_account_page_opens_for_the_shopper(client, shopper, page):
    client.force_login(shopper)
    response = client.get(f"/account/{page}", follow=True)
    assert response.status_code == 200
    assert 'class="site-header"' in response.content.decode()
    assert 'style="' not in response.content.decode()  # the content security policy would refuse it


@pytest.mark.parametrize(
    "page", ["", "addresses/", "addresses/add/", "privacy/export/", "email/", "password/change/"]
)
def test_account_pages_ask_a_visitor_to_sign_in(client, db, page):
    assert client.get(f"/account/{page}").url == f"/account/login/?next=/account/{page}"


def test_private_pages_are_kept_in_no_cache(client, shopper):
    client.force_login(shopper)
    for page in (
        "/account/",
        "/account/addresses/",
        "/wishlist/",
        "/bag/",
        "/account/orders/",
        "/account/privacy/",
    ):
        response = client.get(page, follow=True)
        assert "private" in response["Cache-Control"] or "no-store" in response["Cache-Control"], page


def test_a_form_from_another_site_signs_nobody_in(shopper):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, shopper.email).status_code == 403


def test_the_name_is_changed_and_greets(client, shopper):
    client.force_login(shopper)
    client.post("/account/", {"first_name": "Grace", "last_name": "<b>"})
    page = client.get("/account/").content.decode()
    assert "Hello, Grace." in page
    assert "<b>" not in page
