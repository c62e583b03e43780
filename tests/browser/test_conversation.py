"""Whole conversations in Chromium with the real assistant."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Chat

FOOTER = "Tingling, numbness, burning, or trouble with bladder or bowel: see a doctor. This is not a diagnosis."


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
    expect(chat.page.locator(".footer")).to_have_text(FOOTER)
    expect(chat.state).to_have_count(0)
    chat.picture("first-visit")
    chat.accessible()


def test_from_a_question_to_an_exercise_with_its_timer(chat: Chat) -> None:
    chat.page.clock.install()
    chat.go()
    answer = chat.press("Why am I so tight?")
    expect(chat.mine).to_have_text([re.compile("Why am I so tight\\?")])
    expect(answer.locator("li").first).to_have_text("long hours of sitting")  # Markdown
    chat.picture("answer")
    answer = chat.say("find me a stretch for my low back")
    expect(answer).to_contain_text("Seated hamstring stretch")
    chat.picture("search")
    card = chat.press("Seated hamstring stretch").locator("hamstring-exercise")
    expect(card.get_by_role("heading", name="Seated hamstring stretch")).to_be_visible()
    for words in ("How much", "Hold 30 seconds on each side", "You need", "chair", "Keep in mind", "Stop if", "Source"):
        expect(card).to_contain_text(words)
    assert card.locator("ol li").count() >= 3
    expect(card).to_contain_text("you feel tingling, numbness or burning: see a doctor")
    chat.picture("card")
    chat.accessible()

    card.get_by_role("button", name="Start the timer").click()
    phase, seconds, place = card.locator(".phase"), card.locator(".seconds"), card.locator(".place")
    expect(phase).to_have_text("Get ready")
    expect(card.get_by_role("button", name="Pause")).to_be_focused()
    chat.page.clock.run_for(3_500)
    expect(phase).to_have_text("Hold")
    expect(place).to_have_text("Side 1 of 2")
    card.get_by_role("button", name="Pause").click()
    left = seconds.inner_text()
    chat.page.clock.run_for(5_000)
    expect(seconds).to_have_text(left)
    chat.picture("timer")
    chat.accessible()
    card.get_by_role("button", name="Go on").click()
    chat.page.clock.run_for(int(left) * 1000 + 500)
    expect(phase).to_have_text("Change sides")
    chat.page.clock.run_for(6_000)
    expect(phase).to_have_text("Hold")
    expect(place).to_have_text("Side 2 of 2")
    expect(card.get_by_role("status")).to_have_text("Hold. Side 2 of 2. 30 seconds")
    chat.page.clock.run_for(31_000)
    expect(phase).to_have_text("Done. Well held.")
    expect(card.get_by_role("button", name="Start again")).to_be_focused()


def test_a_timer_counts_repetitions(chat: Chat) -> None:
    chat.page.clock.install()
    chat.go()
    card = chat.say("how do I do the bird dog?").locator("hamstring-exercise")
    card.get_by_role("button", name="Start the timer").click()
    chat.page.clock.run_for(3_500)
    places = []
    for _ in range(2 * 5):
        expect(card.locator(".phase")).to_have_text("Hold")
        places.append(card.locator(".place").inner_text())
        chat.page.clock.run_for(5_000)  # the hold
        chat.page.clock.run_for(3_000 if len(places) != 5 else 5_000)  # relax, or change sides
    assert places == [f"Side {side} of 2 · Repetition {n} of 5" for side in (1, 2) for n in range(1, 6)]
    expect(card.locator(".phase")).to_have_text("Done. Well held.")


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
    expect(chat.alert.get_by_role("heading")).to_have_text("Stop stretching and see a doctor.")
    expect(chat.alert).to_contain_text("See a doctor within a few days")
    expect(chat.alert).to_be_in_viewport()
    expect(chat.page.locator(".assertive[role=alert]")).to_contain_text("Stop stretching and see a doctor.")
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


def test_emergency(chat: Chat) -> None:
    chat.go()
    chat.say("I can't feel when I need to pee")
    expect(chat.alert).to_have_class(re.compile("emergency"))
    expect(chat.alert.get_by_role("heading")).to_have_text("This can be an emergency. Get help now.")
    chat.picture("emergency")
    chat.accessible()


def test_injury(chat: Chat) -> None:
    chat.go()
    chat.say("I heard a pop in my hamstring and can't walk")
    expect(chat.alert.get_by_role("heading")).to_have_text("Stop and rest. See a doctor.")
    chat.picture("injury")
    chat.accessible()


def test_a_long_message_is_counted_and_answered_kindly(chat: Chat) -> None:
    chat.go()
    chat.input.fill("a" * 799)
    expect(chat.page.locator("#count")).to_be_hidden()
    chat.input.fill("a" * 990)
    expect(chat.page.locator("#count")).to_have_text("Characters left: 10")
    chat.input.fill("a" * 1001)
    expect(chat.page.locator("#count")).to_have_text("Characters too many: 1. Please shorten your message.")
    chat.picture("too-long")
    chat.accessible()
    chat.input.press("Enter")
    expect(chat.answered(1)).to_contain_text(
        "That message is too long for me: I read up to 1,000 characters at a time."
    )


def test_start_over(chat: Chat) -> None:
    chat.go()
    chat.press("Find my cause")
    chat.page.get_by_text("More", exact=True).click()
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
    chat.page.get_by_text("More", exact=True).click()
    chat.page.get_by_role("button", name="Delete my conversation").click()
    dialog = chat.page.get_by_role("dialog", name="Delete my conversation")
    expect(dialog).to_contain_text("Delete everything that was said here? This can't be undone.")
    chat.picture("delete")
    chat.accessible()
    dialog.get_by_role("button", name="Keep it").click()
    expect(chat.alert).to_be_visible()
    chat.page.get_by_text("More", exact=True).click()
    chat.page.get_by_role("button", name="Delete my conversation").click()
    dialog.get_by_role("button", name="Delete", exact=True).click()
    for each in (chat, other):
        expect(each.state).to_have_text("Your conversation was deleted.")
        expect(each.mine).to_have_count(0)
        expect(each.alert).to_have_count(0)
    chat.page.reload()
    expect(chat.page.locator(".welcome")).to_be_visible()
    expect(chat.mine).to_have_count(0)
