"""What protects shoppers on every page, and what keeps a careless installation from starting."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from recommendations import tasks
from tests.eyes import jpeg, uploaded
from tests.factories import PASSWORD, CategoryFactory, ProductFactory
from vision.models import PhotoQuery

ROOT = Path(settings.BASE_DIR)
PRODUCTION = {
    "DEBUG": "0",
    "ALLOWED_HOSTS": "shop.example.com",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "DATABASE_URL": "postgres://shop:secret@database:5432/shop",
    "REDIS_URL": "redis://redis:6379",
}


# --- Starting -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def start(tmp_path_factory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs ``manage.py`` in a process of its own, as an operator does, with nothing but this environment."""
    home = tmp_path_factory.mktemp("installation")

    def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "VAR_DIR": str(home), **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )

    return start


def told(setting: str) -> str:
    return f"from django.conf import settings; print(settings.{setting})"


def test_a_country_that_nobody_knows_stops_the_start_with_a_sentence(start):
    run = start("check", **(PRODUCTION | {"DEFAULT_COUNTRY": "XX"}))
    assert run.returncode != 0
    assert "such as AT or DE, not 'XX'" in run.stderr


def test_a_production_like_installation_passes_djangos_own_checks_without_a_warning(start):
    run = start("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout


@pytest.mark.parametrize(
    "key", ["", "short", "a" * 80, "insecure-key-for-a-laptop-only-never-for-a-shop-that-is-open-to-others"]
)
def test_a_shop_that_is_open_to_others_does_not_start_with_a_key_that_others_know(start, key):
    run = start("check", **(PRODUCTION | {"SECRET_KEY": key}))
    assert run.returncode != 0
    assert "SECRET_KEY must be a random text" in run.stderr


def test_in_production_cookies_travel_encrypted_and_passwords_are_kept_as_argon2(start):
    wanted = {
        "SESSION_COOKIE_SECURE": "True",
        "CSRF_COOKIE_SECURE": "True",
        "SESSION_COOKIE_HTTPONLY": "True",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SECURE_SSL_REDIRECT": "True",
        "SECURE_HSTS_SECONDS": str(60 * 60 * 24 * 365),
        "PASSWORD_HASHERS[0]": "django.contrib.auth.hashers.Argon2PasswordHasher",
        "DEBUG": "False",
        "REST_FRAMEWORK['NUM_PROXIES']": "0",
    }
    run = start("shell", "--no-imports", "-c", "\n".join(map(told, wanted)), **PRODUCTION)
    assert run.stdout.split() == list(wanted.values()), run.stderr


# --- Cookies and headers ------------------------------------------------------------------------------------------


def test_cookies_have_their_flags_when_the_shop_is_on_https(settings, client, db):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.get("/account/login/", secure=True)
    client.post(f"/not-for-me/{ProductFactory().pk}/", secure=True)
    session, csrf = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert session["httponly"]
    for cookie in (session, csrf):
        assert cookie["secure"]
        assert cookie["samesite"] == "Lax"


def test_looking_around_sets_no_cookie(client, db):
    ProductFactory()
    for page in ("/", "/all/", "/delivery/"):
        client.get(page, headers={"User-Agent": "a-crawler/1.0 (bot)"})
    assert "sessionid" not in client.cookies


PAGES = ["/", "/all/", "/search/?q=tee", "/photo/", "/contact/", "/bag/", "/account/login/", "/account/signup/",
         "/api/docs/", "/nothing-here/"]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_page_brings_a_strict_policy_and_keeps_to_it(client, db, page):
    ProductFactory(category=CategoryFactory())
    response = client.get(page)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "frame-ancestors 'none'" in policy
    text = response.content.decode()
    assert not re.search(r"\sstyle=\"|\son[a-z]+=\"|javascript:", text)
    nonce = re.search(r"'nonce-([^']+)'", policy)
    for opening in re.findall(r"<(?:script|style)\b[^>]*>", text):
        has_nonce = nonce is not None and f'nonce="{nonce.group(1)}"' in opening
        is_data = 'type="application/ld+json"' in opening
        assert has_nonce or is_data or 'src="/' in opening, opening


def test_each_page_has_a_nonce_of_its_own(client, db):
    nonces = [
        re.search(r"'nonce-([^']+)'", client.get("/")["Content-Security-Policy"]).group(1) for _ in range(3)
    ]
    assert len(set(nonces)) == 3


def test_the_admin_alone_is_relaxed(client, curator):
    client.force_login(curator)
    policy = client.get("/admin/")["Content-Security-Policy"]
    assert "'unsafe-eval'" in policy  # its theme evaluates what stands in its own templates
    assert "script-src 'self'" in policy
    assert "unsafe" not in client.get("/account/")["Content-Security-Policy"]


def test_pages_cannot_be_framed_sniffed_or_told_about_elsewhere(client, db):
    response = client.get("/")
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


# --- Uploads ------------------------------------------------------------------------------------------------------


def test_a_product_picture_is_never_served_as_it_came(client, db):
    image = uploaded(jpeg(1))
    kept = image.upload.storage
    assert kept.exists(image.upload.name)
    name = image.upload.name
    for path in (
        f"/media/{name}",
        f"/media/../incoming/{name}",
        f"/media/%2e%2e/incoming/{name}",
        image.upload.url,
    ):
        assert client.get(path).status_code in {400, 404}
    assert not Path(kept.location).is_relative_to(settings.MEDIA_ROOT)


def test_a_shoppers_photo_is_never_served_as_it_came(client, db, monkeypatch):
    monkeypatch.setattr(tasks.answer_photo, "delay", lambda pk: None)
    with_script = jpeg(1) + b"<script>alert(1)</script>"
    answer = client.post("/photo/", {"photo": SimpleUploadedFile("x.html", with_script, "text/html")})
    query = PhotoQuery.objects.get()
    assert bytes(query.upload) == with_script
    assert client.get(f"{answer.url}picture.jpg").status_code == 404  # until a worker has drawn it anew
    assert b"alert(1)" not in client.get(answer.url).content


@pytest.mark.parametrize("path", ["/media/../shop/settings.py", "/media/%2e%2e/%2e%2e/manage.py", "/media//etc/passwd",
                                  "/static/../manage.py", "/media/%00", "/media/"])  # fmt: skip
def test_nothing_outside_of_the_pictures_is_served(client, db, path):
    assert client.get(path).status_code in {400, 404}


@pytest.fixture
def flood(settings) -> bytes:
    """A body that is a little more than anything takes."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    return b"x" * (2**20 + 1)


def test_a_body_that_no_page_takes_is_refused_before_it_is_kept(client, db, flood):
    page = client.post("/photo/", flood, content_type="multipart/form-data; boundary=x")
    assert page.status_code == 413
    assert "We read up to 1 MB at once." in page.content.decode()
    assert "default-src 'none'" in page["Content-Security-Policy"]
    api = client.post("/api/v1/photo-search/", flood, content_type="multipart/form-data; boundary=x")
    assert api.status_code == 413
    assert api["Content-Type"].startswith("application/problem+json")


def test_only_staff_may_send_more_to_the_admin(client, shopper, curator, flood):
    for someone, status in ((None, 413), (shopper, 413), (curator, 404)):
        if someone:
            client.force_login(someone)
        assert client.post("/admin/nothing-here/", flood, content_type="text/plain").status_code == status


# --- Signing in ---------------------------------------------------------------------------------------------------


def test_the_admins_door_closes_after_eight_guesses(client, curator):
    for number in range(8):
        guess = client.post("/admin/login/", {"username": curator.email, "password": f"guess-{number}"})
    assert guess.status_code == 429
    assert 0 < int(guess["Retry-After"]) <= 900


def test_a_session_gets_a_new_number_at_sign_in(client, shopper):
    client.post(f"/not-for-me/{ProductFactory().pk}/")
    before = client.cookies["sessionid"].value
    client.post("/account/login/", {"login": shopper.email, "password": PASSWORD})
    assert client.cookies["sessionid"].value != before


def test_a_write_without_the_csrf_token_gets_a_page_that_says_what_to_do(db):
    response = Client(enforce_csrf_checks=True).post("/contact/", {"message": "hello"})
    assert response.status_code == 403
    assert 'class="site-header"' in response.content.decode() or "<h1" in response.content.decode()


@pytest.mark.parametrize(
    ("is_behind", "forwarded", "seen"),
    [(True, "6.6.6.6, 10.0.0.7", "10.0.0.7"), (True, "2001:db8::1", "2001:db8::1"), (True, "nonsense", "127.0.0.1"),
     (True, "", "127.0.0.1"), (False, "10.0.0.7", "127.0.0.1")],
)  # fmt: skip
def test_limits_count_by_the_address_that_our_own_proxy_has_seen(
    settings, client, shopper, is_behind, forwarded, seen
):
    settings.BEHIND_PROXY = is_behind
    form = {"login": shopper.email, "password": "a guess"}
    client.post("/account/login/", form, headers={"X-Forwarded-For": forwarded})
    assert AccessAttempt.objects.get().ip_address == seen


# --- Strange requests ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/all/?cursor=%00", "/all/?cursor=WyJ4Il0", "/all/?min_price=1e999&max_price=NaN", "/search/?q=%00%ff%27--",
     "/c/tops/?sort=%00&page=9999999999999999999999", "/search/suggest/?q=%F0%9F%A7%A5", "/p/%00/", "/c/%2e%2e/",
     "/photo/00000000-0000-0000-0000-000000000000/", "/orders/AAAAAAAAAA/?key=%00", "/all/?q=%00",
     "/account/login/?next=%00", "/wishlist/?removed=%D9%A1", "/?utm=" + "x" * 5000, "/all/?" + "colour=x&" * 500],
)  # fmt: skip
def test_a_strange_address_breaks_nothing(client, db, shopper, path):
    CategoryFactory()
    ProductFactory()
    for someone in (None, shopper):
        if someone:
            client.force_login(someone)
        assert client.get(path).status_code < 500


@pytest.mark.parametrize(
    ("path", "data"),
    [("/bag/add/", {"variant": "\x00"}), ("/bag/add/", {"variant": "9" * 40, "quantity": "9" * 40}),
     ("/checkout/", {"seen": "1*1*sNaN", "token": "\x00", "email": "\x00"}), ("/contact/", {"message": "\x00"}),
     ("/account/login/", {"login": "\x00", "password": "\x00"}), ("/account/signup/", {"email": "\x00@x.example"}),
     ("/account/password/reset/", {"email": "x" * 5000}), ("/account/history/forget/", {"product": "\x00"}),
     ("/photo/", {"photo": "no file"}), ("/not-for-me/99999999999999999999/", {}),
     ("/account/privacy/consent/", {"next": "\x00"})],
)  # fmt: skip
def test_a_strange_form_breaks_nothing(client, shopper, path, data):
    variant = ProductFactory().variants.get()
    for someone in (None, shopper):
        if someone:
            client.force_login(someone)
        client.post("/bag/add/", {"variant": variant.pk})
        assert client.post(path, data).status_code < 500
