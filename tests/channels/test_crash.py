"""A crash at the worst moment: what was acknowledged is answered, what was shown is on record."""

from collections.abc import Iterator

import pytest

from scripts.assistant import Assistant
from tests.channels.slack_service import BOT_TOKEN, SECRET, SlackPerson, SlackService
from tests.conversations.runner import read_events
from tests.support.assistant import make_assistant
from tests.support.web_client import Tab

NEEDS_ACTIONS = "show me exercises for my knee"
ALERT = "Please stop stretching and see a doctor"
REFUSAL = "I'm holding exercises back"


@pytest.fixture(scope="module")
def slack_of_its_own() -> Iterator[SlackService]:
    service = SlackService()
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, slack_of_its_own: SlackService) -> Iterator[Assistant]:
    slack = {"slack_bot_token": BOT_TOKEN, "slack_signing_secret": SECRET, "slack_api_url": slack_of_its_own.url}
    with make_assistant(tmp_path_factory.mktemp("crash"), **slack) as running:
        slack_of_its_own.bot = f"{running.url}/webhooks/slack/webhook"
        yield running


async def test_what_was_acknowledged_is_answered_after_a_crash(site: Assistant, slack_of_its_own: SlackService) -> None:
    person = SlackPerson(slack_of_its_own, "UCRASH")
    tab = await Tab.open(site)
    site.actions.stop()
    site.actions.spawn()  # so that an answer takes a while
    person.write("hello")  # returns once Slack was told that it had arrived
    person.write("my foot is numb")
    for number, text in enumerate(["my foot is numb", NEEDS_ACTIONS]):
        await tab.send(type="message", id=f"{number}", text=text)
    await tab.until("ack", id="1")
    site.server.kill()
    site.actions.wait_until_it_answers()
    site.server.start()
    heard = person.hear(2)
    while ALERT not in heard[-1]:
        heard += person.hear()
    # What was sent but not yet noted as answered is said again, in the same words.
    greeting, alert = dict.fromkeys(heard)
    assert greeting.startswith("Hello!")
    assert ALERT in alert
    assert person.receive() == []
    events = read_events(site, person.sender_id)
    assert [event["text"] for event in events if event["event"] == "user"] == ["hello", "my foot is numb"]
    again = await Tab.open(site, tab.token)
    said = [message["text"] for message in again.history]
    assert [text for text in said if text in ("my foot is numb", NEEDS_ACTIONS)] == ["my foot is numb", NEEDS_ACTIONS]
    assert [sum(ALERT in text for text in said), REFUSAL in said[-1]] == [1, True]
    await again.close()


async def test_what_was_shown_is_on_record_after_a_crash(site: Assistant) -> None:
    tab = await Tab.open(site)
    await tab.send(type="message", id="a", text="my foot is numb")
    await tab.until("bot")
    site.server.kill()
    site.server.start()
    again = await Tab.open(site, tab.token)
    assert ALERT in again.history[-1]["text"]
    assert REFUSAL in (await again.say(NEEDS_ACTIONS))[0]["text"]
    await again.close()
