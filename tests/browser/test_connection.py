"""What a person sees when the line breaks, the server restarts, or several tabs are open."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, expect

from scripts.assistant import Assistant
from tests.browser.conftest import Chat

OFFLINE = "No connection. What you write is sent as soon as it is back."


@contextmanager
def frozen(site: Assistant) -> Iterator[None]:
    """Makes the assistant stop in the middle of whatever it does, for a while."""
    os.kill(site.server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(site.server.pid, signal.SIGCONT)


def test_reload_keeps_the_conversation(chat: Chat) -> None:
    chat.go()
    chat.press("Why am I so tight?")
    chat.say("<b>find</b> me a stretch for my low back")
    before = chat.transcript()
    chat.page.reload()
    expect(chat.mine).to_have_count(2)
    assert chat.transcript() == before


def test_two_tabs_show_one_conversation(chat: Chat, tab: Callable[[], Chat]) -> None:
    chat.go()
    chat.say("what are the hamstrings?")
    other = tab().go()
    expect(other.mine).to_have_count(1)
    other.say("why are they tight?")
    chat.answered(2)
    assert chat.transcript() == other.transcript()
    chat.picture("two-tabs")


def test_two_tabs_opened_at_once_meet(chat: Chat, tab: Callable[[], Chat]) -> None:
    other = tab()
    for each in (chat, other):
        each.page.goto(f"{each.site.url}/", wait_until="commit")
    for each in (chat, other):
        expect(each.page.locator(".welcome")).to_be_visible()
        expect(each.state).to_have_count(0)
    chat.say("what are the hamstrings?")
    other.answered(1)
    assert chat.transcript() == other.transcript()


def test_offline_and_back(chat: Chat, context: BrowserContext) -> None:
    chat.go()
    chat.say("what are the hamstrings?")
    context.set_offline(True)
    expect(chat.state).to_have_text(OFFLINE)
    expect(chat.page.locator(".footer")).to_contain_text("get help now")
    for text in ("why are they tight?", "does it affect my knee?"):
        chat.input.fill(text)
        chat.input.press("Enter")
    expect(chat.mine.last.locator(".note")).to_have_text("Waiting for a connection")
    chat.picture("offline")
    chat.accessible()
    context.set_offline(False)
    chat.answered(2)
    chat.answered(3)
    expect(chat.state).to_have_count(0)
    expect(chat.mine).to_have_count(3)
    expect(chat.answers).to_have_count(3)
    # The history has each answer below its question; live, both questions were already there.
    before = sorted(chat.transcript())
    chat.page.reload()
    expect(chat.mine).to_have_count(3)
    assert sorted(chat.transcript()) == before


def test_the_server_restarts_in_the_middle(chat: Chat) -> None:
    chat.go()
    chat.say("my toes are tingling")
    chat.site.server.stop()
    expect(chat.state).to_have_text(OFFLINE)
    chat.input.fill("show me a stretch")
    chat.input.press("Enter")
    expect(chat.mine.last.locator(".note")).to_have_text("Waiting for a connection")
    chat.site.server.start()
    expect(chat.mine.last).to_have_attribute("data-status", "answered", timeout=60_000)
    # It still knows what was reported, and so gives no exercise.
    expect(chat.answers.last).to_contain_text("holding exercises back")
    expect(chat.mine).to_have_count(2)
    expect(chat.answers).to_have_count(2)
    before = chat.transcript()
    chat.page.reload()
    expect(chat.mine).to_have_count(2)
    assert chat.transcript() == before


def test_an_unanswered_message_says_so_and_can_be_sent_again(chat: Chat) -> None:
    chat.page.clock.install()
    chat.go()
    chat.say("hello")
    with frozen(chat.site):
        chat.input.fill("what are the hamstrings?")
        chat.input.press("Enter")
        expect(chat.page.locator(".typing")).to_be_visible()
        chat.picture("typing")
        chat.accessible()
        chat.page.clock.run_for(21_000)
        expect(chat.mine.last.locator(".trouble")).to_have_text("No answer yet.")
        expect(chat.page.locator(".typing")).to_have_count(0)
        chat.picture("no-answer")
        chat.accessible()
        # While the server still hangs: its answer takes the button away.
        chat.page.get_by_role("button", name="Try again").click()
    chat.answered(2)
    expect(chat.mine).to_have_count(2)
    expect(chat.answers).to_have_count(2)


def test_no_movement_for_those_who_want_none(chat: Chat) -> None:
    chat.page.emulate_media(reduced_motion="reduce")
    chat.go()
    chat.say("hello")
    with frozen(chat.site):
        chat.input.fill("what are the hamstrings?")
        chat.input.press("Enter")
        dot = chat.page.locator(".typing i").first
        expect(dot).to_be_visible()
        assert dot.evaluate("dot => getComputedStyle(dot).animationName") == "none"
    chat.answered(2)
