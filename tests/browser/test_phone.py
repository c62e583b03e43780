"""On a phone: the keyboard comes when it is wanted, and what matters is in view."""

import pytest
from playwright.sync_api import Browser, expect

from scripts.assistant import Assistant
from tests.browser.conftest import Chat


def on_phone(chromium: Browser, site: Assistant, width: int, height: int) -> Chat:
    """Opens the page that embeds the chat on a phone of that size."""
    context = chromium.new_context(
        viewport={"width": width, "height": height}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    chat = Chat(context.new_page(), site).go("/embed-demo")
    chat.page.locator("button.launcher").tap()
    expect(chat.panel).to_be_visible()
    return chat


# The heights are what a keyboard leaves of 844 and 568.
@pytest.mark.parametrize(("width", "height", "share"), [(390, 508, 1 / 2), (320, 308, 1 / 3)])
def test_a_question_and_its_buttons_above_the_keyboard(
    chromium: Browser, site: Assistant, width: int, height: int, share: float
) -> None:
    chat = on_phone(chromium, site, width, height)
    expect(chat.input).not_to_be_focused()
    chat.page.locator(".choices button").get_by_text("Find my cause").tap()
    chat.answered(1)
    expect(chat.input).not_to_be_focused()
    for button in chat.page.locator(".choices button:enabled").all()[:2]:
        expect(button).to_be_in_viewport(ratio=1)
    log = chat.log.bounding_box()
    assert log and log["height"] >= height * share
    header = chat.panel.locator(".header").bounding_box()
    assert header and header["height"] <= 52
    chat.picture(f"phone-{width}-keyboard")
    chat.accessible()
    chat.page.context.close()


def test_the_panel_stays_within_what_is_seen(chromium: Browser, site: Assistant) -> None:
    chat = on_phone(chromium, site, 390, 844)
    chat.page.set_viewport_size({"width": 390, "height": 500})
    expect(chat.panel).to_have_css("height", "500px")
    expect(chat.input).to_be_in_viewport(ratio=1)
    chat.page.context.close()


def test_the_button_to_the_newest_covers_no_text(chat: Chat) -> None:
    chat.page.set_viewport_size({"width": 390, "height": 600})
    chat.go()
    for text in ("what are the hamstrings?", "why are they tight?"):
        chat.say(text)
    chat.log.evaluate("log => log.scrollTo(0, 0)")
    down = chat.page.get_by_role("button", name="Go to the newest")
    expect(down).to_be_visible()
    log, button = chat.log.bounding_box(), down.bounding_box()
    assert log and button and button["y"] >= log["y"] + log["height"]
    down.click()
    expect(down).to_have_count(0)
