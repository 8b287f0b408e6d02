"""A second proof beside the password: codes from an app, recovery codes, passkeys; and where somebody is signed in."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.factories import PASSWORD
from tests.rest import V1, assert_problem, program

SECURITY = "/account/security/"


def code_of(secret: str) -> str:
    """What an app shows at this moment."""
    return format_hotp_value(hotp_value(secret, sorted(counters())[len(list(counters())) // 2]))


def protect(user: User) -> tuple[str, list[str]]:
    """Give ``user`` an app and recovery codes: the app's key and the codes."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret, RecoveryCodes.activate(user).get_unused_codes()


def sign_in(client: Client, user: User):
    return client.post("/account/login/", {"login": user.email, "password": PASSWORD})


def who(client: Client) -> str:
    return client.session.get("_auth_user_id", "")


@pytest.fixture
def sure(client, shopper):
    """A shopper who has just given the password once more."""
    client.force_login(shopper)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


# --- Codes from an app --------------------------------------------------------------------------------------------


def test_codes_are_switched_on_with_the_first_code_and_off_again(sure, shopper):
    page = sure.get(SECURITY + "totp/activate/").content.decode()
    secret = re.search(r'readonly value="([A-Z2-7]+)"', page).group(1)
    assert "data:image/svg+xml" in page
    sure.post(SECURITY + "totp/activate/", {"code": "000000"})
    assert not Authenticator.objects.exists()
    sure.post(SECURITY + "totp/activate/", {"code": code_of(secret)})
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert "Switch codes off" in sure.get(SECURITY).content.decode()
    sure.post(SECURITY + "totp/deactivate/")
    assert not Authenticator.objects.exists()


def test_the_password_alone_does_not_open_a_protected_account(client, shopper):
    secret, _codes = protect(shopper)
    answer = sign_in(client, shopper)
    assert answer.url == SECURITY + "authenticate/"
    assert not who(client)
    page = client.post(answer.url, {"code": "000000"}).content.decode()
    assert "Incorrect code." in page
    assert not who(client)
    client.post(answer.url, {"code": code_of(secret)})
    assert who(client) == str(shopper.pk)


def test_a_code_opens_the_account_once(client, shopper):
    secret, _codes = protect(shopper)
    code = code_of(secret)
    for visitor, is_in in ((client, True), (Client(), False)):
        visitor.post(sign_in(visitor, shopper).url, {"code": code})
        assert bool(who(visitor)) is is_in


def test_a_recovery_code_opens_the_account_once(client, shopper):
    _secret, codes = protect(shopper)
    for visitor, is_in in ((client, True), (Client(), False)):
        visitor.post(sign_in(visitor, shopper).url, {"code": codes[0]})
        assert bool(who(visitor)) is is_in


def test_recovery_codes_are_seen_and_made_anew(sure, shopper):
    _secret, codes = protect(shopper)
    assert codes[3] in sure.get(SECURITY + "recovery-codes/").content.decode()
    sure.post(SECURITY + "recovery-codes/generate/")
    assert codes[3] not in sure.get(SECURITY + "recovery-codes/").content.decode()


def test_codes_are_guessed_in_vain(client, shopper):
    secret, _codes = protect(shopper)
    where = sign_in(client, shopper).url
    for number in range(12):
        client.post(where, {"code": f"{number:06d}"})
    client.post(where, {"code": code_of(secret)})
    assert not who(client)


@pytest.mark.parametrize("page", ["totp/activate/", "webauthn/add/", "recovery-codes/generate/"])
def test_a_step_that_matters_asks_for_the_password_once_more(client, shopper, page):
    client.force_login(shopper)
    protect(shopper) if "recovery" in page else None
    assert client.get(SECURITY + page).url.startswith("/account/reauthenticate/")
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get(SECURITY + page).url.startswith("/account/reauthenticate/")
    client.post("/account/reauthenticate/", {"password": "a guess"})
    assert client.get(SECURITY + page).status_code == 302
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get(SECURITY + page).status_code == 200


def test_a_token_of_the_api_needs_the_code_as_well(shopper):
    secret, codes = protect(shopper)
    asked = {"email": shopper.email, "password": PASSWORD}
    assert "second step" in assert_problem(program().post(V1 + "token/", asked), 401)["detail"]
    assert_problem(program().post(V1 + "token/", asked | {"code": "000000"}), 401)
    assert program().post(V1 + "token/", asked | {"code": code_of(secret)}).status_code == 200
    assert program().post(V1 + "token/", asked | {"code": codes[0]}).status_code == 200
    assert_problem(program().post(V1 + "token/", asked | {"code": codes[0]}), 401)


# --- Passkeys -----------------------------------------------------------------------------------------------------


def test_the_pages_of_passkeys_open_in_the_shops_frame(sure, shopper):
    assert 'class="site-header"' in sure.get(SECURITY + "webauthn/add/").content.decode()
    key = Authenticator.objects.create(user=shopper, type="webauthn", data={"name": "My phone"})
    for page in ("", "webauthn/", f"webauthn/keys/{key.pk}/edit/"):
        text = sure.get(SECURITY + page).content.decode()
        assert 'class="site-header"' in text
    assert "My phone" in sure.get(SECURITY + "webauthn/").content.decode()
    sure.post(f"{SECURITY}webauthn/keys/{key.pk}/remove/")
    assert not Authenticator.objects.exists()


def test_somebody_elses_passkey_is_not_there(sure, stranger):
    theirs = Authenticator.objects.create(user=stranger, type="webauthn", data={"name": "Their phone"})
    for button in ("edit", "remove"):
        assert (
            sure.post(f"{SECURITY}webauthn/keys/{theirs.pk}/{button}/", {"name": "Mine"}).status_code == 404
        )
    assert Authenticator.objects.get().data["name"] == "Their phone"


def test_signing_in_offers_passkeys_and_asks_the_browser_for_one(client, db):
    assert "Sign in with a passkey" in client.get("/account/login/").content.decode()
    options = client.get(SECURITY + "webauthn/login/", headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["challenge"]


def test_a_made_up_passkey_opens_nothing(client, shopper):
    client.get(SECURITY + "webauthn/login/", headers={"accept": "application/json"})
    client.post(
        SECURITY + "webauthn/login/", {"credential": '{"id": "AAAA", "rawId": "AAAA", "response": {}}'}
    )
    assert not who(client)


# --- Behind the counter -------------------------------------------------------------------------------------------


def test_staff_come_in_with_a_second_step_alone(client, curator, settings):
    settings.STAFF_MFA = True
    client.force_login(curator)
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[0][0] == SECURITY
    assert "Staff need a passkey or codes from an app." in page.content.decode()
    secret, _codes = protect(curator)
    where = client.get("/admin/catalog/product/").url
    assert where == "/account/security/reauthenticate/?next=%2Fadmin%2Fcatalog%2Fproduct%2F"
    client.post(where, {"code": code_of(secret), "next": "/admin/"})
    assert client.get("/admin/").status_code == 200


def test_staff_who_gave_a_code_at_sign_in_are_let_in(client, curator, settings):
    settings.STAFF_MFA = True
    secret, _codes = protect(curator)
    client.post(sign_in(client, curator).url, {"code": code_of(secret)})
    assert client.get("/admin/").status_code == 200


def test_the_counter_asks_for_a_password_alone_where_that_is_wanted(client, curator, settings):
    settings.STAFF_MFA = False
    client.force_login(curator)
    assert client.get("/admin/").status_code == 200


# --- Where somebody is signed in ----------------------------------------------------------------------------------


def test_the_others_are_signed_out_and_this_browser_stays(client, shopper):
    phone = Client(headers={"user-agent": "A phone"})
    for browser in (client, phone):
        sign_in(browser, shopper)
    page = client.get("/account/browsers/").content.decode()
    assert "A phone" in page
    assert "This one" in page
    client.post("/account/browsers/")
    assert client.get("/account/").status_code == 200
    assert phone.get("/account/").url == "/account/login/?next=/account/"


def test_somebody_elses_browsers_are_not_there(client, shopper, stranger):
    phone = Client(headers={"user-agent": "A phone"})
    sign_in(phone, stranger)
    sign_in(client, shopper)
    assert "A phone" not in client.get("/account/browsers/").content.decode()
    client.post("/account/browsers/")
    assert phone.get("/account/").status_code == 200
