"""A passkey, in a browser whose device has a finger on it all the time (Chromium's virtual authenticator)."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.stage import OpenShop

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
EMAIL = "shopper@example.com"


def say_it_is_you(page: Page, password: str) -> None:
    """Give the password once more, as a change to how an account opens asks for."""
    page.locator("input[type=password]").fill(password)
    page.get_by_role("button", name="Go on").click()


def test_a_passkey_is_added_opens_the_account_and_is_removed(open_page: Callable[..., Page], shop: OpenShop):
    # Browsers keep passkeys for names, not for numbers.
    page = open_page(base_url=shop.url.replace("127.0.0.1", "localhost"))
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    password = shop.password_of(EMAIL)

    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("body[data-signed-in]")).to_be_attached()

    page.goto("/account/security/webauthn/add/")
    say_it_is_you(page, password)
    page.locator("input[name=name]").fill("Laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")

    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("body[data-signed-in]")).to_be_attached()

    page.goto("/account/security/webauthn/")
    page.get_by_role("main").get_by_role("link", name="Remove").click()
    say_it_is_you(page, password)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("main")).to_contain_text("No passkey yet.")
