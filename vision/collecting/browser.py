"""Chromium, driven by Selenium: opens a page, scrolls until it shows no more, and tells which images are there.

The only module that imports Selenium. Chromium loads no pictures (``fetching`` fetches those that are wanted, once and
at a polite pace), and has no way into the world but ``proxy``.
"""

import os
import shutil
import time
import warnings
from collections.abc import Iterator
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.chrome.service import Service
from urllib3.exceptions import HTTPError

from vision.collecting.candidates import Seen
from vision.collecting.network import Refused
from vision.collecting.proxy import Proxy

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DRIVER = "chromedriver"
LOST = (
    WebDriverException,
    HTTPError,
)  # a page that fails, Chromium that has ended, its driver that has ended
MOST_IMAGES = 5000  # of one page; one that brings more is no shop's
QUIET_STEPS = 3  # at the end of a page, each of QUIET_SECONDS, without anything new: it shows no more
QUIET_SECONDS = 0.7

# Answers the images that were not told before, of at most arguments[0] on the page.
_IMAGES = """
const cut = (text, length = 300) => String(text ?? "").replace(/\\s+/g, " ").trim().slice(0, length);
const attributes = (element, names, length) =>
  names.map((name) => element.getAttribute(name)?.slice(0, length)).filter(Boolean);
const told = (window.__told ??= new WeakMap());
// The products that a box shows: pictures in links to different pages. A link to a larger picture leads to none.
const doors = (box) => new Set(
  [...box.querySelectorAll("a[href] img")].map((img) => img.closest("a").href)
    .filter((href) => !/\\.(jpe?g|png|webp)([?#]|$)/i.test(href)));
const found = [];
for (const img of [...document.images].slice(0, arguments[0])) {
  const sources = [...(img.closest("picture")?.querySelectorAll("source") ?? [])]
    .filter((source) => !/avif|svg|gif/.test(source.type));
  const srcsets = [...sources, img].flatMap((it) => attributes(it, ["srcset", "data-srcset"], 8000));
  const addresses = attributes(img, ["data-src", "data-original", "data-lazy-src", "src"], 2000);
  const key = JSON.stringify([srcsets, addresses]);
  if (told.get(img) === key) continue;
  told.set(img, key);
  const around = [];
  for (let box = img.parentElement, level = 0; box && box !== document.documentElement && level < 8; level++) {
    if (doors(box).size > 1) break;
    around.push(cut(box.innerText, 600));
    box = box.parentElement;
  }
  found.push({
    srcsets, addresses, around,
    base: document.baseURI,
    names: [img.alt, img.title, img.closest("a")?.title].map((name) => cut(name)).filter(Boolean),
    width: Number(img.getAttribute("width")) || 0,
    height: Number(img.getAttribute("height")) || 0,
  });
}
return found;
"""

# Goes one screen down and calls back with [at the end, height] as soon as the page has grown, or after arguments[0] ms.
_SCROLL = """
const [patience, done] = [arguments[0], arguments[arguments.length - 1]];
const root = document.scrollingElement ?? document.documentElement;
const before = [root.scrollHeight, document.images.length].join();
window.scrollBy({ top: window.innerHeight, behavior: "instant" });
const end = () => root.scrollTop + window.innerHeight >= root.scrollHeight - 2;
const started = performance.now();
const look = () => {
  const grown = [root.scrollHeight, document.images.length].join() !== before;
  const waited = performance.now() - started;
  // Scripts that load when something comes into view need a moment, in the middle of a page too.
  if (grown || waited > (end() ? patience : patience / 5)) done([end(), grown]);
  else setTimeout(look, 50);
};
setTimeout(look, 50);
"""


class BrowserMissing(Exception):
    """Chromium or its driver is not installed, or does not start; the text says what to install."""


class Browser:
    """A headless Chromium for as long as its ``with`` block lasts.

    Raises:
        BrowserMissing: when there is none.
    """

    def __init__(self, proxy: Proxy, user_agent: str, page_seconds: float = 60.0) -> None:
        self._proxy = proxy
        self._page_seconds = page_seconds
        # With a profile of our own it puts its things away at the end; from the driver's it leaves some behind.
        self._profile = TemporaryDirectory(prefix="collecting-", ignore_cleanup_errors=True)
        try:
            self._driver = _start(proxy, user_agent, page_seconds, self._profile.name)
        except BaseException:
            self._profile.cleanup()
            raise

    def __enter__(self) -> "Browser":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._driver.quit()
        finally:
            self._profile.cleanup()

    @property
    def address(self) -> str:
        """Where the open page is now; pages move on by themselves. Raises ``Refused`` when it is gone."""
        try:
            return str(self._driver.current_url)
        except LOST as error:
            raise Refused(f"The page stopped answering ({_said(error)}).") from error

    def open(self, address: str) -> None:
        """Open a page.

        Raises:
            Refused: when it is not there, not allowed to be there, or takes too long.
        """
        self._proxy.refused.clear()
        try:
            self._close_windows()
            self._driver.get(address)
            status = self._ask("return performance.getEntriesByType('navigation')[0]?.responseStatus ?? 0")
        except TimeoutException as error:
            raise Refused(
                f"The page did not open within {self._page_seconds:.0f} seconds. Try again later."
            ) from error
        except LOST as error:
            # No part of a page has been asked for yet: what was refused is the page, or where it leads.
            refused = list(self._proxy.refused.values())
            raise Refused(refused[-1] if refused else f"The page did not open ({_said(error)}).") from error
        if not isinstance(status, int) or not 200 <= status < 400:
            reason = self._proxy.refused.get(urlsplit(self.address).hostname or "")
            # Chromium's own error page has no status: a redirect to file:, for one, ends there.
            raise Refused(
                reason or f"The page answers {status or 'nothing that can be shown'}. Check its address."
            )

    def scroll(self) -> Iterator[list[Seen]]:
        """The images of the open page, and again, screen by screen, those that came new.

        Ends when the page shows no more, or has taken its seconds; the time between two steps is not counted.

        Raises:
            Refused: when the page goes wrong on the way.
        """
        spent, quiet = 0.0, 0
        while quiet < QUIET_STEPS and spent < self._page_seconds:
            started = time.monotonic()
            try:
                images = self._ask(_IMAGES, MOST_IMAGES)
                moved = self._driver.execute_async_script(_SCROLL, QUIET_SECONDS * 1000)
            except LOST as error:
                raise Refused(f"The page stopped answering ({_said(error)}).") from error
            spent += time.monotonic() - started
            at_end, grown = moved if isinstance(moved, list) and len(moved) == 2 else (True, False)
            new = [Seen.from_page(image) for image in images if isinstance(image, dict)] if images else []
            quiet = 0 if new or grown or not at_end else quiet + 1
            yield new

    def _ask(self, script: str, *arguments: Any) -> Any:
        return self._driver.execute_script(script, *arguments)

    def _close_windows(self) -> None:
        first, *others = self._driver.window_handles
        for handle in others:  # what a page has opened by itself
            self._driver.switch_to.window(handle)
            self._driver.close()
        self._driver.switch_to.window(first)


def _start(proxy: Proxy, user_agent: str, page_seconds: float, profile: str) -> webdriver.Chrome:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which(DRIVER)
    missing = [
        name for name, path in (("Chromium", program), ("its driver (chromedriver)", driver)) if not path
    ]
    if not program or not driver:
        raise BrowserMissing(
            f"Collecting pictures needs {' and '.join(missing)}. Install it (Debian: apt-get install chromium "
            "chromium-driver; macOS: brew install chromium chromedriver) and run the same command again."
        )
    options = webdriver.ChromeOptions()
    options.binary_location = program
    options.page_load_strategy = "eager"  # what comes after the page itself is waited for while scrolling
    options.unhandled_prompt_behavior = "dismiss"
    with warnings.catch_warnings():
        # The driver is on this machine, whatever HTTP_PROXY says. The way that Selenium 4.51 wants this to be said
        # instead is not open to its Chrome class yet.
        warnings.simplefilter("ignore", DeprecationWarning)
        options.ignore_local_proxy_environment_variables()
    options.add_experimental_option(
        "prefs",
        {
            "download_restrictions": 3,  # nothing is downloaded
            # No pictures. Blink's own switch for that is forgotten where a page takes a new process.
            "profile.managed_default_content_settings.images": 2,
            "webrtc.ip_handling_policy": "disable_non_proxied_udp",  # the only way around a proxy
        },
    )
    for argument in (
        "--headless=new",
        f"--user-data-dir={profile}",
        f"--user-agent={user_agent}",
        "--window-size=1280,1600",
        f"--proxy-server={proxy.address}",
        "--proxy-bypass-list=<-loopback>",  # not even this machine without the proxy
        "--disable-background-networking",
        "--disable-features=NetworkTimeServiceQuerying,OptimizationHints",  # its own errands
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-dev-shm-usage",
    ):
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # as root Chromium does not start with it
    # The driver leads a session of its own: Ctrl-C reaches us alone, and we close the browser in good order.
    service = Service(driver, popen_kw={"start_new_session": True})
    try:
        started = webdriver.Chrome(options, service)
    except WebDriverException as error:
        raise BrowserMissing(
            f"Chromium does not start ({_said(error)}). Check that chromium and chromedriver have the same version."
        ) from error
    started.set_page_load_timeout(page_seconds)
    started.set_script_timeout(page_seconds)
    return started


def _said(error: Exception) -> str:
    return f"{getattr(error, 'msg', None) or type(error).__name__}".splitlines()[0].rstrip(".")
