"""A real Chromium that talks to a real assistant, and pages of another site that embed the widget."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from scripts.assistant import Assistant
from settings import ROOT
from tests.support.assistant import free_port, make_assistant

ARTEFACTS = Path(__file__).parent / "artefacts"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

expect.set_options(timeout=20_000)


@dataclass
class OtherSite:
    """Somebody else's site: its address, and a way to put pages on it."""

    url: str
    folder: Path

    def put(self, name: str, html: str) -> str:
        """Writes a page and returns its address."""
        (self.folder / name).write_text(html)
        return f"{self.url}/{name}"


# Package scope: Playwright keeps an event loop running, in which no asynchronous test of another folder could run.
@pytest.fixture(scope="package")
def other_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherSite]:
    """A site of another origin with a strict Content-Security-Policy of its own."""
    folder = tmp_path_factory.mktemp("other")

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            policy = folder / "policy"
            if policy.exists():
                self.send_header("Content-Security-Policy", policy.read_text())
            super().end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield OtherSite(f"http://localhost:{server.server_port}", folder)
    server.shutdown()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, other_site: OtherSite) -> Iterator[Assistant]:
    """The assistant that the browser talks to; tests may restart it."""
    folder = tmp_path_factory.mktemp("site")
    limits = {"session_messages_per_minute": 600, "address_messages_per_minute": 6000}
    with make_assistant(
        folder, state_dir=folder / "state", allowed_origins=other_site.url, port=free_port(), **limits
    ) as running:
        yield running


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


class Chat:
    """The chat in one tab, as a person sees it."""

    def __init__(self, page: Page, site: Assistant) -> None:
        self.page = page
        self.site = site
        self.panel = page.locator("hamstring-chat .panel")
        self.log = page.locator("[role=log]")
        self.input = page.locator("hamstring-chat textarea")
        self.answers = page.locator(".entry.said")
        self.mine = page.locator(".entry.mine")
        self.alert = page.locator("section.alert")
        self.state = page.locator(".state")
        self.menu = page.locator("hamstring-chat .header summary")
        self.buttons = page.locator(".choices button")

    def go(self, path: str = "/") -> "Chat":
        """Opens a page of the assistant and waits until the chat is connected."""
        self.page.goto(f"{self.site.url}{path}")
        return self

    def say(self, text: str) -> Locator:
        """Types and sends a message, waits until it is answered, and returns the last answer."""
        count = self.mine.count()
        self.input.fill(text)
        self.input.press("Enter")
        return self.answered(count + 1)

    def press(self, title: str) -> Locator:
        """Presses the newest button of that name and returns the answer."""
        count = self.mine.count()
        self.page.locator(".choices button:enabled").get_by_text(title, exact=True).click()
        return self.answered(count + 1)

    def answered(self, count: int) -> Locator:
        """Waits until the message of that number is answered and returns the last answer."""
        expect(self.mine.nth(count - 1)).to_have_attribute("data-status", "answered")
        return self.answers.last

    def transcript(self) -> list[str]:
        """Returns every message, the person's and the assistant's, as shown."""
        return [text.strip() for text in self.page.locator(".log .bubble, .log section.alert").all_inner_texts()]

    def picture(self, name: str) -> None:
        """Keeps a screenshot for people to look at."""
        ARTEFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{name}.png")

    def accessible(self) -> None:
        """Fails where axe finds something, at WCAG 2.2 AA and its best practices."""
        # Through the debugger: the pages' own policy lets no script of another origin in.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(result => result.violations)",
            WCAG,
        )
        assert [(v["id"], v["help"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser of a new person."""
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    yield context
    context.close()


@pytest.fixture
def tab(context: BrowserContext, site: Assistant) -> Iterator[Callable[[], Chat]]:
    """Opens tabs of one browser; fails if a page had an error or a script ran that came in as text."""
    errors: list[str] = []
    opened: list[Page] = []

    def open_tab() -> Chat:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if _is_error(message) else None)
        opened.append(page)
        return Chat(page, site)

    yield open_tab
    assert errors == []
    assert [page.evaluate("'hacked' in window") for page in opened] == [False] * len(opened)


def _is_error(message: Any) -> bool:
    # A server that is away, or a site that is not allowed, is what some tests are about.
    return message.type == "error" and "WebSocket connection" not in message.text and "ERR_" not in message.text


@pytest.fixture
def chat(tab: Callable[[], Chat]) -> Chat:
    """A tab in which nothing has been opened yet."""
    return tab()
