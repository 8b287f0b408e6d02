"""Headless Chromium, and a whole shop that it visits."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

from tests.browser.stage import OpenShop

PATIENCE = 30_000  # milliseconds; what a busy machine may take for a page
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def shop() -> Iterator[OpenShop]:
    """The shop, open and stocked; its visitors tell themselves apart by their cookies, as everywhere."""
    home = Path(tempfile.mkdtemp(prefix="shop-"))  # short enough for sockets
    shop = OpenShop(home)
    try:
        shop.open()
        yield shop
    finally:
        shop.close()
        shutil.rmtree(home)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser. It ends with each module: while Playwright runs, Django's queries are refused in its thread."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert program, (
        "The browser tests need Chromium and found none. Install it (Debian: apt-get install chromium), "
        "or leave them out: pytest -m 'not browser'."
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, shop: OpenShop) -> Iterator[Callable[..., Page]]:
    """``open_page()`` is somebody new at a screen of their own; keywords are those of Playwright's contexts.

    Whatever goes wrong in any of their pages, seen or not, fails the test, unless it ``may_fail``.
    """
    faults: list[str] = []
    contexts = []

    def hear(message: ConsoleMessage) -> None:
        # A status is heard below, where it is known what was asked for.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(f"{message.location.get('url', '')}: {message.text}")

    def look(response: Response) -> None:
        is_part = response.request.resource_type not in ("document", "xhr", "fetch")
        if response.status >= 500 or (is_part and response.status >= 400):
            faults.append(f"{response.url}: {response.status}")

    def somebody(*, may_fail: bool = False, **options: object) -> Page:
        usual = {
            "viewport": {"width": 1440, "height": 900},
            "reduced_motion": "reduce",  # a page that is left in the middle of its transition complains
            "base_url": shop.url,
        }
        context = chromium.new_context(**usual | options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        if not may_fail:
            page.on("console", hear)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("response", look)
        return page

    yield somebody
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A newcomer's page at a wide screen."""
    return open_page()
