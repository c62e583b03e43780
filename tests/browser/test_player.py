"""An exercise that is played: a whole session with virtual time, keyboard, a reload, and what ends it."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Chat


def start(chat: Chat, name: str = "bird dog") -> Locator:
    """Opens the chat, asks for an exercise and starts it; the clock stands still from then on."""
    chat.page.set_viewport_size({"width": 390, "height": 844})
    chat.page.clock.install()
    chat.go()
    chat.say(f"how do I do the {name}?").get_by_role("button", name="Start", exact=True).click()
    player = chat.page.locator("hamstring-player")
    expect(player.get_by_role("heading")).to_be_visible()
    return player


def test_a_whole_session(chat: Chat) -> None:
    player = start(chat)
    phase, time, place = player.locator(".phase"), player.locator(".time"), player.locator(".place")
    expect(phase).to_have_text("Get into position")
    expect(player.locator("ol li").first).to_be_visible()
    assert player.get_by_role("img").evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
    chat.picture("player-ready")
    chat.accessible()
    player.get_by_role("button", name="I'm ready").click()
    expect(phase).to_have_text("Get ready")
    chat.page.clock.run_for(5_500)
    box = time.bounding_box()
    assert box and box["height"] >= 844 / 5
    chat.picture("player")
    chat.accessible()
    places = []
    for _ in range(2 * 5):
        expect(phase).to_have_text("Hold")
        places.append(place.inner_text())
        chat.page.clock.run_for(5_000)  # the hold
        chat.page.clock.run_for(3_000 if len(places) != 5 else 5_000)  # relax, or change sides
    assert places == [f"Side {side} of 2 · Repetition {n} of 5" for side in (1, 2) for n in range(1, 6)]
    expect(phase).to_have_text("Done. Well held.")
    chat.picture("player-end")
    chat.accessible()
    player.get_by_role("button", name="Fine").click()
    expect(player).to_have_count(0)
    expect(chat.mine.last).to_contain_text("Fine")
    expect(chat.answered(2).locator("hamstring-exercise")).to_have_count(0)


def test_pause_skip_and_back_by_keyboard(chat: Chat) -> None:
    player = start(chat)
    phase, time, keyboard = player.locator(".phase"), player.locator(".time"), chat.page.keyboard
    keyboard.press("Space")
    expect(phase).to_have_text("Get ready")
    expect(player.locator(".next")).to_have_text("Next: Hold, 5 seconds")
    keyboard.press("ArrowRight")
    expect(phase).to_have_text("Hold")
    keyboard.press("Space")
    left = time.inner_text()
    chat.page.clock.run_for(9_000)
    expect(time).to_have_text(left)
    keyboard.press("ArrowLeft")
    expect(phase).to_have_text("Get ready")
    keyboard.press("Escape")
    expect(player).to_have_count(0)
    expect(chat.log).to_be_visible()


def test_repetitions_without_a_time_are_counted_by_the_person(chat: Chat) -> None:
    player = start(chat, "dead bug")
    player.get_by_role("button", name="I'm ready").click()
    chat.page.clock.run_for(5_500)
    for side in (1, 2):
        expect(player.locator(".place")).to_have_text(f"Side {side} of 2 · 8 times")
        player.get_by_role("button", name="Done").click()
        chat.page.clock.run_for(5_500 if side == 1 else 0)
    expect(player.locator(".phase")).to_have_text("Done. Well held.")


def test_a_reload_goes_on_where_it_was(chat: Chat) -> None:
    player = start(chat)
    player.get_by_role("button", name="I'm ready").click()
    player.get_by_role("button", name="Skip").click()
    chat.page.clock.run_for(2_100)
    chat.page.reload()
    expect(player.locator(".phase")).to_have_text("Hold")
    expect(player.locator(".time")).to_have_text("3")
    expect(player.get_by_role("button", name="Go on")).to_be_visible()


def test_something_feels_wrong_ends_it_and_is_asked_about(chat: Chat) -> None:
    player = start(chat)
    player.get_by_role("button", name="Something feels wrong").click()
    expect(player).to_have_count(0)
    expect(chat.mine.last).to_contain_text("Something feels wrong")
    expect(chat.answered(2)).to_contain_text("do you have any tingling, numbness, burning")
    chat.press("Yes")
    expect(chat.alert).to_be_visible()


def test_cues_are_off_until_wanted_and_remembered(chat: Chat) -> None:
    player = start(chat)
    sound = player.get_by_role("button", name="Sound")
    expect(sound).to_have_attribute("aria-pressed", "false")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    chat.page.reload()
    chat.page.locator("hamstring-exercise").get_by_role("button", name="Start", exact=True).click()
    expect(sound).to_have_attribute("aria-pressed", "true")
