"""Slack: what it delivers, and what others pretend that it does."""

import json
import re
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
import yaml
from slack_sdk.signature import SignatureVerifier

from channels.markup import plain
from channels.messenger import ASK_DELETE, DELETED, EDITED, HELP, KEPT, NOT_OFFERED, ONLY_TEXT, STOPPED
from channels.slack.channel import IN_DIRECT_MESSAGE
from library.pictures.png import picture_png
from scripts.assistant import Assistant
from scripts.processes import StartError
from settings import ROOT
from tests.channels.slack_service import BOT_TOKEN, BOT_USER, SECRET, SlackPerson, SlackService, elements, seen
from tests.conversations.runner import read_events, read_slots
from tests.support.assistant import Person, make_assistant
from tests.support.local_server import until

Someone = Callable[..., SlackPerson]
Said = Callable[[str], list[str]]
NUMB = "my foot is numb"


@pytest.fixture
def said(public: Assistant) -> Said:
    """What somebody new is told over REST, without markup."""
    return lambda text: [plain(reply["text"]) for reply in Person(public).say(text) if reply.get("text")]


def assert_nothing_more(person: SlackPerson, said: Said) -> None:
    """Fails where an answer other than that to this message comes: answers of a conversation come in order."""
    person.write("goodbye")
    expected = said("goodbye")
    assert person.hear(len(expected)) == expected
    assert person.receive() == []


def channel() -> str:
    """Returns a channel that nobody used before."""
    return f"C{uuid.uuid4().hex[:9].upper()}"


def test_a_direct_message(on_slack: Someone, slack: SlackService, said: Said) -> None:
    person = on_slack()
    person.write(NUMB)
    assert person.hear() == said(NUMB)
    (call,) = slack.called("chat.postMessage", person.channel)
    assert "as_user" not in call
    assert "thread_ts" not in call


def test_it_acknowledges_before_it_answers(on_slack: Someone, slack: SlackService, said: Said) -> None:
    person = on_slack()
    slack.gate.clear()
    try:
        person.write("hello")  # returns with Slack's 200, while Slack itself still keeps the bot waiting
        assert person.receive() == []
    finally:
        slack.gate.set()
    assert person.hear() == said("hello")


def test_a_mention_is_answered_in_a_thread(
    on_slack: Someone, slack: SlackService, public: Assistant, said: Said
) -> None:
    person = on_slack(channel())
    person.write(NUMB, ts="1700000000.000100")
    assert person.hear() == said(NUMB)
    (call,) = slack.called("chat.postMessage", person.channel)
    assert call["thread_ts"] == "1700000000.000100"
    users = [event["text"] for event in read_events(public, person.sender_id) if event["event"] == "user"]
    assert users == [NUMB]


def test_a_mention_in_a_thread_is_answered_there(on_slack: Someone, slack: SlackService) -> None:
    person = on_slack(channel())
    person.write("hello", thread_ts="1600000000.000100")
    person.hear()
    (call,) = slack.called("chat.postMessage", person.channel)
    assert call["thread_ts"] == "1600000000.000100"


def test_only_the_name_is_a_greeting(on_slack: Someone, said: Said) -> None:
    person = on_slack(channel())
    person.write("")
    assert person.hear() == said("/greet")


def test_everyone_in_a_channel_has_a_conversation_of_their_own(on_slack: Someone, public: Assistant) -> None:
    place = channel()
    ann, ben = on_slack(place), on_slack(place)
    ann.write(NUMB)
    ann.hear()
    ben.write("hello")
    ben.hear(2)  # hers and his
    assert read_slots(public, ann.sender_id)["safety_hold"] == "see_doctor"
    assert read_slots(public, ben.sender_id)["safety_hold"] is None


def test_the_slash_command_answers_in_direct_messages(on_slack: Someone, said: Said) -> None:
    person = on_slack()
    shown = {"response_type": "ephemeral", "text": IN_DIRECT_MESSAGE}
    assert person.command("") == shown
    assert person.hear() == said("/greet")
    assert person.command("help") == shown
    expected = [*said("/ask_help"), HELP.format(slash="/hamstring ", days=30)]
    assert person.hear(len(expected)) == expected
    assert person.command("stop") == shown
    assert person.hear() == [STOPPED]
    assert person.command(NUMB) == shown
    assert person.hear() == said(NUMB)


def test_delete_really_deletes(on_slack: Someone, public: Assistant) -> None:
    person = on_slack()
    person.write(NUMB)
    person.hear()
    assert read_slots(public, person.sender_id)["safety_hold"] == "see_doctor"
    person.command("delete")
    assert person.hear() == [ASK_DELETE]
    person.press("Keep it")
    assert person.hear() == [KEPT]
    assert read_events(public, person.sender_id) != []
    person.write("/delete")  # with a space before it, Slack sends it as a message
    assert person.hear() == [ASK_DELETE]
    person.press("Delete it")
    assert person.hear() == [DELETED.format(app="Slack")]
    assert read_events(public, person.sender_id) == []


def test_a_used_button_is_replaced_by_the_choice(on_slack: Someone, slack: SlackService, said: Said) -> None:
    person = on_slack()
    person.write("hello")
    person.hear()
    offer, title = dict(person.last[-1]), person.buttons()[1]
    assert title == "Why are they tight?"
    person.press(title)
    answer = said("/ask_why_tight")
    assert person.hear(len(answer)) == answer
    (update,) = slack.called("chat.update", person.channel)
    assert update["ts"] == offer["ts"]
    assert [block["type"] for block in update["blocks"]] == ["section", "context"]
    assert update["blocks"][1]["elements"] == [{"type": "plain_text", "text": "✓ Why are they tight?"}]
    # Somebody's second click was already on its way.
    for element in elements(offer):
        slack.deliver("interactive", person.interaction(element["value"], offer))
    assert_nothing_more(person, said)
    assert len(slack.called("chat.update", person.channel)) == 1


def test_only_the_one_who_was_asked_can_press(on_slack: Someone, slack: SlackService, said: Said) -> None:
    place = channel()
    ann, ben = on_slack(place), on_slack(place)
    ann.write("hello")
    ann.hear()
    value = elements(ann.last[-1])[0]["value"]
    slack.deliver("interactive", ben.interaction(value, ann.last[-1]))
    until(lambda: slack.called("chat.postEphemeral", place))
    (refusal,) = slack.called("chat.postEphemeral", place)
    assert (refusal["user"], refusal["text"]) == (ben.user, NOT_OFFERED)
    assert slack.called("chat.update", place) == []


@pytest.mark.parametrize("value", ["/affirm", '/find_exercises{"body_area":"knee"}', "", "x" * 2000])
def test_forged_values(value: str, on_slack: Someone, slack: SlackService, said: Said) -> None:
    person = on_slack()
    person.write("hello")
    person.hear()
    slack.deliver("interactive", person.interaction(value, person.last[-1]))
    until(lambda: slack.called("chat.postEphemeral", person.channel))
    assert slack.called("chat.postEphemeral", person.channel)[0]["text"] == NOT_OFFERED
    assert_nothing_more(person, said)


def test_a_typed_payload_is_only_text(on_slack: Someone, public: Assistant) -> None:
    person = on_slack()
    person.write('/affirm{"body_area": "knee"}')
    person.hear()
    (user,) = [event for event in read_events(public, person.sender_id) if event["event"] == "user"]
    assert user["text"] == 'affirm{"body_area": "knee"}'
    assert "red_flag" in user["parse_data"]  # a payload has no finding


def test_what_people_type_arrives_as_they_see_it(on_slack: Someone, public: Assistant) -> None:
    person = on_slack()
    person.write("is 3 < 4 & 5 > 4?")
    person.hear()
    (user,) = [event for event in read_events(public, person.sender_id) if event["event"] == "user"]
    assert user["text"] == "is 3 < 4 & 5 > 4?"


def test_files_edits_bots_and_notices(on_slack: Someone, slack: SlackService, said: Said) -> None:
    person = on_slack()
    person.write("", subtype="file_share", files=[{"id": "F1"}])
    assert person.hear() == [ONLY_TEXT]
    person.write(NUMB, subtype="file_share", files=[{"id": "F1"}])
    assert person.hear() == said(NUMB)
    before, after = {"user": person.user, "text": "a"}, {"user": person.user, "text": NUMB}
    person.write("", subtype="message_changed", user=None, message=after, previous_message=before)
    assert person.hear() == [EDITED]
    person.write("", subtype="message_changed", user=None, message=after, previous_message=after)  # a link's preview
    ours = {"user": BOT_USER, "bot_id": "B1", "text": "✓"}
    person.write("", subtype="message_changed", user=None, message=ours, previous_message={**ours, "text": "?"})
    person.write("", subtype="message_deleted", user=None)
    person.write("hello", bot_id="B1", user=BOT_USER)
    person.write("hello", subtype="bot_message", user=None)
    person.write("hello", channel_type="channel", channel="C0OTHER")
    slack.deliver("events_api", person.event("", type="reaction_added"))
    person.command("stop")
    assert person.hear() == [STOPPED]
    assert person.receive() == []


def forgeries(slack: SlackService, body: str) -> list[requests.Response]:
    """Returns what the bot answers to requests that are not Slack's, or no longer."""
    now = str(int(time.time()))
    verifier = SignatureVerifier(SECRET)
    valid = verifier.generate_signature(timestamp=now, body=body) or ""
    old = str(int(time.time()) - 301)
    other = SignatureVerifier("another secret").generate_signature(timestamp=now, body=body) or ""
    headers: list[dict[str, str]] = [
        {"X-Slack-Signature": "", "X-Slack-Request-Timestamp": now},
        {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": now},
        {"X-Slack-Signature": other, "X-Slack-Request-Timestamp": now},
        {"X-Slack-Signature": valid + "0", "X-Slack-Request-Timestamp": now},
        {"X-Slack-Signature": valid, "X-Slack-Request-Timestamp": ""},
        {"X-Slack-Signature": valid, "X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Signature": valid, "X-Slack-Request-Timestamp": "9" * 5000},
        {"X-Slack-Signature": verifier.generate_signature(timestamp=old, body=body) or "",
         "X-Slack-Request-Timestamp": old},
    ]  # fmt: skip
    answers = [slack.post(body, **entry) for entry in headers]
    unsigned = requests.post(slack.bot, data=body, headers={"Content-Type": "application/json"}, timeout=30)
    changed = slack.post(body + " ", **{"X-Slack-Signature": valid, "X-Slack-Request-Timestamp": now})
    return [*answers, unsigned, changed]


def test_forged_and_old_deliveries_are_refused(on_slack: Someone, slack: SlackService, said: Said) -> None:
    person = on_slack()
    answers = forgeries(slack, json.dumps(person.event("hello")))
    assert [answer.status_code for answer in answers] == [401] * len(answers)
    challenge = forgeries(slack, json.dumps({"type": "url_verification", "challenge": "c"}))
    assert {(answer.status_code, answer.text) for answer in challenge} == {(401, "")}
    assert slack.post(b"\xff\xfe").status_code == 401
    assert_nothing_more(person, said)


def test_slack_verifies_the_address(on_slack: Someone, slack: SlackService) -> None:
    answer = slack.post(json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}))
    assert (answer.status_code, answer.text) == (200, "3eZbrw1aB")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", ""),
        ("application/json", "{"),
        ("application/json", "[]"),
        ("application/json", "null"),
        ("application/json", "[" * 100_000),
        ("application/json", "{}"),
        ("application/json", '{"type": "event_callback", "event": "x"}'),
        ("application/json", '{"type": "event_callback", "event_id": "E", "team_id": "T", "event": {"type": {}}}'),
        ("text/plain", "hello"),
        ("application/x-www-form-urlencoded", ""),
        ("application/x-www-form-urlencoded", "payload="),
        ("application/x-www-form-urlencoded", urlencode({"payload": "[]"})),
        ("application/x-www-form-urlencoded", urlencode({"payload": '{"type": "block_actions"}'})),
        ("application/x-www-form-urlencoded", urlencode({"payload": '{"type": "view_submission"}'})),
        ("application/x-www-form-urlencoded", urlencode({"command": "/hamstring"})),
    ],
    ids=lambda value: value[:40],
)
def test_malformed_deliveries_are_dropped(
    content_type: str, body: str, on_slack: Someone, slack: SlackService, said: Said
) -> None:
    person = on_slack()
    assert slack.post(body, content_type).status_code == 200
    assert_nothing_more(person, said)


def test_an_oversized_delivery_is_refused(on_slack: Someone, slack: SlackService, said: Said) -> None:
    person = on_slack()
    assert slack.post(json.dumps(person.event("x" * 2_000_000))).status_code == 413
    assert_nothing_more(person, said)


def test_each_delivery_counts_once(on_slack: Someone, slack: SlackService, said: Said) -> None:
    person = on_slack()
    event = person.event("hello")
    for _ in range(3):  # as Slack retries: signed anew, the same event
        slack.deliver("events_api", event)
    slack.deliver("events_api", {**event, "event_id": "EvOTHER"})  # the same message, by way of another subscription
    assert person.hear() == said("hello")
    press = person.interaction(elements(person.last[-1])[1]["value"], person.last[-1])
    for _ in range(3):
        slack.deliver("interactive", press)
    answer = said("/ask_why_tight")
    assert person.hear(len(answer)) == answer
    assert_nothing_more(person, said)


def test_a_replay_counts_once(on_slack: Someone, slack: SlackService, said: Said) -> None:
    person = on_slack()
    body, stamp = json.dumps(person.event("hello")), str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
    for _ in range(3):
        answer = slack.post(body, **{"X-Slack-Signature": signature, "X-Slack-Request-Timestamp": stamp})
        assert answer.status_code == 200
    assert person.hear() == said("hello")
    assert_nothing_more(person, said)


def test_late_deliveries_are_answered(on_slack: Someone, slack: SlackService, said: Said) -> None:
    person = on_slack()
    early, late = person.event("hello", ts="1700000001.0"), person.event(NUMB, ts="1700000002.0")
    slack.deliver("events_api", late)
    slack.deliver("events_api", early)
    assert person.hear(2)[0] == said(NUMB)[0]
    users = person.service.called("chat.postMessage", person.channel)
    assert len([call for call in users if seen(call) == said(NUMB)[0]]) == 1


@pytest.mark.parametrize("question", ["how do i do the glute bridge", "show me a picture of the glute bridge"])
def test_a_picture_comes_with_an_exercise(on_slack: Someone, slack: SlackService, said: Said, question: str) -> None:
    person = on_slack(channel())
    person.write(question)
    assert person.hear() == said(question)
    (file,) = [file for file in slack.files.values() if file.get("channel") == person.channel]
    assert file["content"] == picture_png("glute-bridge")
    assert (file["filename"], file["title"]) == ("glute-bridge.png", "Glute bridge")
    assert file["alt_txt"].startswith("Drawn in 2 pictures. 1. Lie on your back, knees bent")
    (message,) = slack.called("chat.postMessage", person.channel)
    assert file["thread_ts"] == message["thread_ts"]


def test_without_leave_for_files_the_words_come_alone(on_slack: Someone, slack: SlackService, said: Said) -> None:
    slack.failing["files.getUploadURLExternal"] = [(403, {})]
    person = on_slack()
    person.write("how do i do the plank")
    assert person.hear() == said("how do i do the plank")
    assert not any(file.get("channel") == person.channel for file in slack.files.values())


def test_no_picture_during_a_hold(on_slack: Someone, slack: SlackService) -> None:
    person = on_slack()
    for text in (NUMB, "show me a picture of the glute bridge"):
        person.write(text)
        person.hear()
    assert not any(file.get("channel") == person.channel for file in slack.files.values())


def test_slack_asks_for_patience(on_slack: Someone, slack: SlackService) -> None:
    person = on_slack()
    slack.failing["chat.postMessage"] = [(429, {"Retry-After": "1"})]
    person.command("stop")
    assert person.hear() == [STOPPED]
    assert slack.failing["chat.postMessage"] == []


def test_it_refuses_to_start_without_a_signing_secret(tmp_path: Any) -> None:
    unsafe = make_assistant(tmp_path, slack_bot_token=BOT_TOKEN)
    try:
        with pytest.raises(StartError):
            unsafe.start()
    finally:
        unsafe.stop()
    assert (
        "SLACK_BOT_TOKEN is set. Set SLACK_SIGNING_SECRET too, without which anybody could speak for Slack; or, for a "
        "computer without a public address, SLACK_APP_TOKEN. See docs/slack.md."
    ) in (tmp_path / "server.log").read_text()


def test_the_manifest_asks_for_what_is_used_and_no_more(slack: SlackService) -> None:
    text = (ROOT / "deploy" / "slack-manifest.yml").read_text(encoding="utf-8")
    manifest = yaml.safe_load(text)
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == ["app_mention", "message.im"]
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    assert [command["command"] for command in manifest["features"]["slash_commands"]] == ["/hamstring"]
    assert manifest["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    scopes = {
        "chat.postMessage": "chat:write",
        "chat.update": "chat:write",
        "chat.postEphemeral": "chat:write",
        "conversations.open": "im:write",
        "files.getUploadURLExternal": "files:write",
        "files.completeUploadExternal": "files:write",
    }
    used = {scopes[method] for method, _ in slack.calls}
    asked = {"app_mentions:read", "im:history", "commands"}  # for what it hears
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == used | asked
    assert len(re.findall("# (?:request_)?url: https://bot.example.org/webhooks/slack/webhook\n", text)) == 3
    # The same file serves a public address, once those lines are in force.
    served = yaml.safe_load(text.replace("# url:", "url:").replace("# request_url:", "request_url:"))
    assert served["settings"]["event_subscriptions"]["request_url"].endswith("/webhooks/slack/webhook")


def test_nothing_was_sent_that_slack_refuses(slack: SlackService) -> None:
    assert slack.refusals == []
