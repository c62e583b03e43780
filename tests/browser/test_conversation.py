"""Whole conversations in Chromium with the real assistant."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from scripts.assistant import Assistant
from tests.browser.conftest import Chat

FOOTER = (
    "Numb between the legs, or bladder or bowel trouble: get help now. "
    "Tingling, numbness or burning elsewhere: see a doctor. This is not a diagnosis."
)


def test_first_visit(chat: Chat) -> None:
    chat.go()
    expect(chat.page).to_have_title("Hamstring assistant")
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Hamstring assistant")
    expect(chat.page.locator(".welcome .bubble")).to_have_text(
        "Hello! I help with tight hamstrings: why they are tight, what that does to your back, knees and feet, "
        "and how to loosen them. Please tell me first if you have tingling, numbness or burning: "
        "that needs a doctor, not a stretch."
    )
    expect(chat.buttons).to_have_text(["Find my cause", "Why am I so tight?", "Show exercises"])
    footer = chat.page.locator(".footer")
    expect(footer.locator("summary")).to_have_text("Bladder or bowel trouble: get help now")
    footer.locator("summary").click()
    expect(footer.get_by_text(FOOTER)).to_be_in_viewport()
    expect(chat.state).to_have_count(0)
    chat.picture("first-visit")
    chat.accessible()


def test_from_a_question_to_an_exercise_with_its_picture(chat: Chat) -> None:
    chat.go()
    answer = chat.press("Why am I so tight?")
    expect(chat.mine).to_have_text([re.compile("Why am I so tight\\?")])
    expect(answer.locator("li").first).to_have_text("long hours of sitting")  # Markdown
    chat.picture("answer")
    answer = chat.say("find me a stretch for my low back")
    expect(answer).to_contain_text("Seated hamstring stretch")
    chat.picture("search")
    card = chat.press("Seated hamstring stretch").locator("hamstring-exercise")
    heading = card.get_by_role("heading", name="Seated hamstring stretch")
    expect(heading).to_be_visible()
    picture = card.get_by_role("img")
    expect(picture).to_have_attribute("alt", re.compile("Sit on the front edge of a firm chair"))
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
    start = card.get_by_role("button", name="Start")
    # From top to bottom: the picture, the name, how much, who leaves it out, and only then the start.
    shown = (picture, heading, card.locator(".dose"), card.get_by_text("Leave it out if"), start)
    tops = [part.bounding_box()["y"] for part in shown]  # type: ignore[index]
    assert tops == sorted(tops)
    for words in ("How much", "Hold 30 seconds on each side", "You need", "chair", "Keep in mind", "Stop if", "Source"):
        expect(card).to_contain_text(words)
    expect(card.locator("ol li").first).to_be_hidden()
    card.get_by_text("Step by step").click()
    expect(card.locator("ol li").nth(2)).to_be_visible()
    expect(card).to_contain_text("you feel tingling, numbness or burning: see a doctor")
    chat.picture("card")
    chat.accessible()


def test_buttons_can_be_used_once(chat: Chat) -> None:
    chat.go()
    chat.press("Why am I so tight?")
    first = chat.answers.first.locator(".choices button")
    expect(first.first).to_be_enabled()
    chat.press("Explain the causes")
    for button in first.all():
        expect(button).to_be_disabled()
    chat.page.reload()
    expect(first.first).to_be_disabled()
    expect(chat.answers.last.locator(".choices button").first).to_be_enabled()


def test_cause_finder(chat: Chat) -> None:
    chat.go()
    chat.press("Find my cause")
    progress = chat.page.get_by_role("progressbar")
    for step, answer in enumerate(["No", "No", "About 9", "Nowhere else", "None of these", "Not at all"], 1):
        expect(progress).to_have_count(step)
        expect(progress.last).to_have_attribute("value", str(step))
        expect(progress.last).to_have_attribute("max", "6")
        expect(progress.last).to_have_attribute("aria-label", f"Question {step} of 6")
        if step == 3:
            chat.picture("cause-finder")
            chat.accessible()
        chat.press(answer)
    expect(chat.log).to_contain_text(re.compile("sitting", re.I))
    expect(progress).to_have_count(6)
    chat.picture("cause-found")
    chat.accessible()


def test_escalation_is_an_alert_that_stays(chat: Chat) -> None:
    chat.go()
    chat.say("what are the hamstrings?")
    chat.say("my toes are tingling")
    expect(chat.alert.get_by_role("heading")).to_have_text("Please stop stretching and see a doctor within a few days.")
    expect(chat.alert).to_be_in_viewport()
    expect(chat.page.locator(".assertive[role=alert]")).to_contain_text("Please stop stretching and see a doctor")
    chat.picture("see-doctor")
    chat.accessible()
    # Whatever is said next, it can't be scrolled away unnoticed.
    for text in ("what are the hamstrings?", "why are they tight?", "does it affect my back?"):
        chat.say(text)
    pinned = chat.page.locator(".pinned")
    expect(pinned).to_contain_text("Stop stretching and see a doctor.")
    chat.picture("see-doctor-pinned")
    chat.accessible()
    pinned.get_by_role("button", name="Read it").click()
    expect(chat.alert).to_be_in_viewport()
    expect(pinned).to_have_count(0)
    chat.page.reload()
    expect(chat.answers).to_have_count(8)
    expect(pinned).to_be_visible()
    # No exercise while it holds.
    chat.say("show me a stretch")
    expect(chat.page.locator("hamstring-exercise")).to_have_count(0)


EMERGENCY = "I can't feel when I need to pee"


def in_country(chromium: Browser, site: Assistant, locale: str, zone: str, size: tuple[int, int] = (390, 844)) -> Chat:
    """Opens the chat in a browser of that country."""
    viewport = {"width": size[0], "height": size[1]}
    context = chromium.new_context(locale=locale, timezone_id=zone, viewport=viewport)  # type: ignore[arg-type]
    return Chat(context.new_page(), site).go()


@pytest.mark.parametrize(
    ("locale", "zone", "number"),
    [
        ("en-GB", "Europe/London", "999"),
        ("de-DE", "Europe/Berlin", "112"),
        ("en-US", "America/New_York", "911"),
        ("en-US", "Europe/Vienna", "112"),  # an American browser in Europe says nothing about the country
        ("en", "Europe/London", "112"),
    ],
)
def test_an_emergency_can_be_acted_on(chromium: Browser, site: Assistant, locale: str, zone: str, number: str) -> None:
    chat = in_country(chromium, site, locale, zone)
    chat.say(EMERGENCY)
    expect(chat.alert).to_have_class(re.compile("emergency"))
    call = chat.alert.get_by_role("link", name=f"Call {number}")
    expect(call).to_have_attribute("href", f"tel:{number}")
    expect(call).to_be_in_viewport(ratio=1)
    box = call.bounding_box()
    assert box and box["height"] >= 48 and box["width"] > 250
    heading = chat.alert.get_by_role("heading")
    expect(heading).to_contain_text("This can be an emergency.")
    assert chat.alert.inner_text().count("This can be an emergency") == 1
    if locale != "en" and zone != "Europe/Vienna":  # the headline names that number and no other country's
        expect(heading).to_have_text(f"This can be an emergency. Call {number} or go to A&E now.")
    chat.page.context.close()


def test_an_emergency_is_red_in_both_themes_and_stays(chat: Chat) -> None:
    chat.page.set_viewport_size({"width": 390, "height": 844})
    chat.go()
    chat.say(EMERGENCY)
    heading = chat.alert.get_by_role("heading")
    for scheme in ("light", "dark"):
        chat.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        expect(heading).to_have_css("background-color", "rgb(179, 38, 30)")
        expect(chat.alert.locator(".call")).to_have_css("background-color", "rgb(179, 38, 30)")
        chat.picture(f"emergency-{scheme}")
        chat.accessible()
    nearby = chat.alert.get_by_role("link", name="A&E near me")
    expect(nearby).to_have_attribute("href", re.compile(r"^https://www\.google\.com/maps/search/\?api=1&query=A%26E"))
    # The heading alone out of view: the bar is there, and calls.
    pinned = chat.page.locator(".pinned")
    expect(pinned).to_have_count(0)
    chat.log.evaluate("log => { log.style.paddingBottom = '900px'; log.scrollTop += 200; }")
    expect(chat.alert).to_be_in_viewport()
    expect(pinned.locator("a.call")).to_be_in_viewport(ratio=1)
    expect(pinned).to_have_css("background-color", "rgb(179, 38, 30)")
    chat.page.evaluate("document.querySelector('hamstring-chat').setAttribute('map', 'off')")
    expect(nearby).to_have_count(0)


def test_injury(chat: Chat) -> None:
    chat.go()
    chat.say("I heard a pop in my hamstring and can't walk")
    expect(chat.alert.get_by_role("heading")).to_contain_text("That sounds like a fresh injury.")
    chat.picture("injury")
    chat.accessible()


def test_a_long_message_is_counted_and_answered_kindly(chat: Chat) -> None:
    chat.go()
    chat.input.fill("a" * 3599)
    expect(chat.page.locator("#count")).to_be_hidden()
    chat.input.fill("a" * 3990)
    expect(chat.page.locator("#count")).to_have_text("Characters left: 10")
    chat.input.fill("a" * 4001)
    expect(chat.page.locator("#count")).to_have_text("Characters too many: 1. Please shorten your message.")
    chat.picture("too-long")
    chat.accessible()
    chat.input.press("Enter")
    expect(chat.answered(1)).to_contain_text(
        "That message is too long for me: I read up to 4,000 characters at a time."
    )


def test_start_over(chat: Chat) -> None:
    chat.go()
    chat.press("Find my cause")
    chat.menu.click()
    chat.picture("menu")
    chat.accessible()
    chat.page.get_by_role("button", name="Start over").click()
    expect(chat.answered(2)).to_contain_text("Let's start afresh")
    # The questions are over: a number is no answer to them any more.
    chat.say("what are the hamstrings?")
    expect(chat.page.get_by_role("progressbar")).to_have_count(1)


def test_delete_my_conversation(chat: Chat, tab: Callable[[], Chat]) -> None:
    chat.go()
    other = tab().go()
    chat.say("my toes are tingling")
    expect(other.alert).to_be_visible()
    chat.menu.click()
    chat.page.get_by_role("button", name="Delete my conversation").click()
    dialog = chat.page.get_by_role("dialog", name="Delete my conversation")
    expect(dialog).to_contain_text("Delete everything that was said here? This can't be undone.")
    chat.picture("delete")
    chat.accessible()
    dialog.get_by_role("button", name="Keep it").click()
    expect(chat.alert).to_be_visible()
    chat.menu.click()
    chat.page.get_by_role("button", name="Delete my conversation").click()
    dialog.get_by_role("button", name="Delete", exact=True).click()
    for each in (chat, other):
        expect(each.state).to_have_text("Your conversation was deleted.")
        expect(each.mine).to_have_count(0)
        expect(each.alert).to_have_count(0)
    chat.page.reload()
    expect(chat.page.locator(".welcome")).to_be_visible()
    expect(chat.mine).to_have_count(0)
