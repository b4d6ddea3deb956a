"""The system's Chromium for tests that look at pages as a person does."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# The phone is looked at in every run; the same pages in other sizes and modes by make test-slow.
SIZES = ("390", *(pytest.param(size, marks=pytest.mark.slow) for size in ("1280", "390-elder", "1280-elder")))
SCREENSHOTS = Path(__file__).resolve().parent.parent / "var" / "screenshots"


def chromium_path() -> str:
    """Where the browser stands; its absence is a failure, never a skip."""
    wanted = os.environ.get("PINGYI_CHROMIUM")
    found = wanted or next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "no Chromium: run make test, which finds or installs one"
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """One browser for the whole session."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a free port of this machine: its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def person(browser: Browser, **how: object) -> BrowserContext:
    """A fresh person: no cookies, a phone unless told otherwise, every request remembered in `context.seen`."""
    context = browser.new_context(**{"viewport": PHONE, "locale": "zh-CN", **how})
    context.seen = []
    context.on("request", lambda request: context.seen.append(request.url))
    context.set_default_timeout(15_000)
    return context


def picture(page: Page, name: str) -> None:
    """A screenshot of the whole page into var/screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def sideways(page: Page) -> int:
    """How many pixels the page can be moved sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
