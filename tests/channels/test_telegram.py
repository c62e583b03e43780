"""Telegram: what it delivers, and what others pretend that it does."""

import time
from collections.abc import Callable

import pytest
import requests

from channels.markup import plain
from channels.messenger import (
    ASK_DELETE,
    DELETED,
    EDITED,
    FAILED,
    HELP,
    KEPT,
    NOT_OFFERED,
    ONLY_TEXT,
    STOPPED,
)
from library.pictures.png import picture_png
from scripts.assistant import Assistant
from tests.channels.conftest import ADDRESS, TOKEN, WEBHOOK_SECRET, operate
from tests.channels.telegram_service import ME, TelegramPerson, TelegramService, visible
from tests.conversations.runner import read_events, read_slots
from tests.support.assistant import Person
from tests.support.local_server import until

Someone = Callable[..., TelegramPerson]
Said = Callable[[str], list[str]]
NUMB = "my foot is numb"


@pytest.fixture
def said(public: Assistant) -> Said:
    """What somebody new is told over REST, without markup."""
    return lambda text: [plain(reply["text"]) for reply in Person(public).say(text) if reply.get("text")]


def assert_nothing_more(person: TelegramPerson, said: Said) -> None:
    """Fails where an answer other than that to this message comes: answers of a chat come in order."""
    person.write("goodbye")
    expected = said("goodbye")
    assert person.hear(len(expected)) == expected
    assert person.receive() == []


def test_start_greets(on_telegram: Someone, said: Said) -> None:
    person = on_telegram()
    person.write("/start")
    greeting = said("/greet")
    assert person.hear(len(greeting)) == greeting


def test_help_names_the_commands(on_telegram: Someone, said: Said) -> None:
    person = on_telegram()
    person.write("/help")
    expected = [*said("/ask_help"), HELP.format(slash="/", days=30)]
    assert person.hear(len(expected)) == expected


def test_stop_ends_the_questions(on_telegram: Someone, public: Assistant) -> None:
    person = on_telegram()
    person.write("/start")
    person.hear()
    person.press("Find my cause")
    until(lambda: person.receive() and person.buttons())
    person.write("/stop")
    until(lambda: person.receive() and visible(person.last[-1]["message"]) == STOPPED)
    loops = [event["name"] for event in read_events(public, person.sender_id) if event["event"] == "active_loop"]
    assert loops == ["assessment_form", None]


def test_stop_when_nothing_runs(on_telegram: Someone) -> None:
    person = on_telegram()
    person.write("/STOP")
    assert person.hear() == [STOPPED]


def test_delete_really_deletes(on_telegram: Someone, public: Assistant) -> None:
    person = on_telegram()
    person.write(NUMB)
    person.hear()
    assert read_slots(public, person.sender_id)["safety_hold"] == "see_doctor"
    person.write("/delete")
    assert person.hear() == [ASK_DELETE]
    assert read_events(public, person.sender_id) != []
    person.press("Delete it")
    assert person.hear() == [DELETED.format(app="Telegram")]
    assert read_events(public, person.sender_id) == []


def test_delete_can_be_called_off(on_telegram: Someone, public: Assistant) -> None:
    person = on_telegram()
    person.write("hello")
    person.hear()
    person.write("/delete")
    person.hear()
    person.press("Keep it")
    assert person.hear() == [KEPT]
    assert read_events(public, person.sender_id) != []


def test_a_command_with_more_words_is_a_message(on_telegram: Someone, said: Said) -> None:
    person = on_telegram()
    person.write(f"/help {NUMB}")
    assert person.hear() == said(f"help {NUMB}")  # what was said is repeated


def test_typing_is_shown_before_the_answer(on_telegram: Someone, telegram: TelegramService) -> None:
    person = on_telegram()
    person.write("hello")
    person.hear()
    calls = [method for _, method, params in telegram.calls if params.get("chat_id") == person.chat]
    assert calls == ["sendChatAction", "sendMessage"]
    assert telegram.called("sendChatAction", person.chat) == [{"chat_id": person.chat, "action": "typing"}]


def test_answers_come_in_order(on_telegram: Someone, telegram: TelegramService, said: Said) -> None:
    person = on_telegram()
    for text in ("hello", NUMB, "/stop"):
        telegram.deliver({"update_id": update_id(), "message": person.message(text)}, WEBHOOK_SECRET)
    expected = [*said("hello"), *said(NUMB), STOPPED]
    assert person.hear(len(expected)) == expected


def test_a_typed_payload_is_only_text(on_telegram: Someone, public: Assistant) -> None:
    person = on_telegram()
    person.write('/affirm{"body_area": "knee"}')
    person.hear()
    person.write("  //deny")
    person.hear()
    users = [event for event in read_events(public, person.sender_id) if event["event"] == "user"]
    assert [event["text"] for event in users] == ['affirm{"body_area": "knee"}', "deny"]
    # It went through the language understanding: a payload has no finding.
    assert all("red_flag" in event["parse_data"] for event in users)


@pytest.mark.parametrize("kind", ["sticker", "voice", "photo", "video_note", "location", "contact"])
def test_what_is_no_text(on_telegram: Someone, kind: str) -> None:
    person = on_telegram()
    person.write(**{kind: [{"file_id": "x"}] if kind == "photo" else {"file_id": "x"}})
    assert person.hear() == [ONLY_TEXT]


def test_the_words_under_a_photo_are_read(on_telegram: Someone, said: Said) -> None:
    person = on_telegram()
    person.write(photo=[{"file_id": "x"}], caption=NUMB)
    assert person.hear() == said(NUMB)


def test_an_album_is_answered_once(on_telegram: Someone, said: Said) -> None:
    person = on_telegram()
    for _ in range(3):
        person.write(photo=[{"file_id": "x"}], media_group_id="12")
    assert person.hear() == [ONLY_TEXT]
    assert_nothing_more(person, said)


def test_notices_and_bots_are_not_answered(on_telegram: Someone, telegram: TelegramService, said: Said) -> None:
    person = on_telegram()
    person.write(pinned_message={"message_id": 1})
    bot = {**person.sender, "is_bot": True}
    start = update_id()
    for number, update in enumerate(
        [
            {"message": {**person.message("hello"), "from": bot}},
            {"channel_post": person.message("hello")},
            {"my_chat_member": {"chat": {"id": person.chat, "type": "private"}}},
            {"message": {key: value for key, value in person.message("hello").items() if key != "from"}},
            {"message": {**person.message("hello"), "chat": {"id": person.chat, "type": "channel"}}},
        ]
    ):
        assert telegram.deliver({"update_id": start + number, **update}, WEBHOOK_SECRET) == 200
    assert_nothing_more(person, said)


def test_an_edit_is_not_overlooked_in_silence(on_telegram: Someone, telegram: TelegramService) -> None:
    person = on_telegram()
    telegram.deliver({"update_id": update_id(), "edited_message": person.message(NUMB)}, WEBHOOK_SECRET)
    assert person.hear() == [EDITED]


def test_forged_deliveries_are_refused(on_telegram: Someone, telegram: TelegramService, said: Said) -> None:
    person = on_telegram()
    for secret in (None, "", "wrong", WEBHOOK_SECRET + "x", WEBHOOK_SECRET[:-1], "\xe9"):
        assert telegram.deliver({"update_id": update_id(), "message": person.message("hello")}, secret) == 403
    assert_nothing_more(person, said)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b'{"update_id": ' + b"9" * 5000 + b"}",
        b'{"update_id": "x", "message": {}}',
        b'{"message": {"text": "no id"}}',
        b'{"update_id": 1, "message": {"message_id": 1, "chat": {"id": 1}, "text": {"a": 1}}}',
        b'{"update_id": 2, "callback_query": {"id": "1", "from": {"id": 1}, "message": "x"}}',
        b'{"update_id": 3, "message": "' + b"x" * 2_000_000 + b'"}',
    ],
    ids=lambda body: repr(body[:30]),
)
def test_malformed_deliveries_are_taken_and_dropped(
    body: bytes, on_telegram: Someone, telegram: TelegramService, said: Said
) -> None:
    person = on_telegram()
    assert telegram.deliver(body, WEBHOOK_SECRET) == 200
    assert_nothing_more(person, said)


def test_duplicates_and_late_deliveries(on_telegram: Someone, telegram: TelegramService, said: Said) -> None:
    person = on_telegram()
    first = update_id()
    early = {"update_id": first, "message": person.message("hello")}
    late = {"update_id": first + 1, "message": person.message(NUMB)}
    for update in (late, late, early, late, early):
        assert telegram.deliver(update, WEBHOOK_SECRET) == 200
    assert person.hear(2)[0] == said(NUMB)[0]
    # Once each: the second is an answer during the hold.
    person.write("/stop")
    until(lambda: person.receive() and visible(person.last[-1]["message"]) == STOPPED)
    texts = [visible(sent["message"]) for sent in person.last]
    assert texts.count(said(NUMB)[0]) == 1
    assert texts.count(STOPPED) == 1


def test_a_used_button_is_gone(on_telegram: Someone, telegram: TelegramService, said: Said) -> None:
    person = on_telegram()
    person.write("/start")
    person.hear()
    offer, title = person.last[-1], person.buttons()[1]
    data = [key["callback_data"] for row in offer["message"]["reply_markup"]["inline_keyboard"] for key in row]
    person.press(title)
    answer = said("/ask_why_tight")
    assert title == "Why are they tight?"
    assert person.hear(len(answer)) == answer
    (edit,) = telegram.called("editMessageText", person.chat)
    assert edit["text"] == visible(offer["message"]) + "\n\n✓ Why are they tight?"
    assert edit["reply_markup"] == {"inline_keyboard": []}
    # A second press, of this or another of its buttons, is acknowledged and does nothing.
    before = len(telegram.called("answerCallbackQuery"))
    for times, token in enumerate(data, 1):
        person.press_data(token, offer)
        until(lambda: len(telegram.called("answerCallbackQuery")) == before + times)  # noqa: B023
    assert_nothing_more(person, said)


def test_a_long_payload(on_telegram: Someone, public: Assistant) -> None:
    person, other = on_telegram(), Person(public)
    person.write("/start")
    person.hear()
    person.press("Show exercises")
    replies = [reply for reply in other.say("/find_exercises") if reply.get("text")]
    person.hear(len(replies))
    buttons = [button for reply in replies for button in reply.get("buttons", [])]
    longest = max(buttons, key=lambda button: len(button["payload"]))
    person.press(longest["title"])
    expected = [plain(reply["text"]) for reply in other.say(longest["payload"]) if reply.get("text")]
    assert person.hear(len(expected)) == expected


@pytest.mark.parametrize("data", ["/affirm", '/find_exercises{"body_area":"knee"}', "", "x" * 64])
def test_forged_button_data(data: str, on_telegram: Someone, telegram: TelegramService, said: Said) -> None:
    person = on_telegram()
    person.write("/start")
    person.hear()
    before = len(telegram.called("answerCallbackQuery"))
    person.press_data(data, person.last[-1])
    until(lambda: len(telegram.called("answerCallbackQuery")) > before)
    assert telegram.called("answerCallbackQuery")[-1]["text"] == NOT_OFFERED
    assert telegram.called("answerCallbackQuery")[-1]["show_alert"] is True
    assert_nothing_more(person, said)


def test_a_button_answers_only_the_question_it_was_offered_with(on_telegram: Someone, public: Assistant) -> None:
    person = on_telegram()
    person.write("my legs feel strange")
    person.hear()
    screening = person.last[-1]
    assert "No" in person.buttons()
    person.write(NUMB)
    person.hear()
    person.write("a doctor has cleared me to exercise")
    person.hear()
    person.press("No", screening)
    assert person.hear()[-1].startswith("That question is closed")
    assert read_slots(public, person.sender_id)["safety_hold"] == "see_doctor"


def test_everyone_in_a_group_has_a_conversation_of_their_own(on_telegram: Someone, public: Assistant) -> None:
    group = -1_000_000 - update_id()
    ann, ben = on_telegram(group), on_telegram(group)
    ann.write(f"@TestNameBot {NUMB}")
    ann.hear()
    ben.write("/start@TestNameBot")
    ben.hear()
    assert read_slots(public, ann.sender_id)["safety_hold"] == "see_doctor"
    assert read_slots(public, ben.sender_id)["safety_hold"] is None
    assert [event["text"] for event in read_events(public, ann.sender_id) if event["event"] == "user"] == [NUMB]


def test_in_a_group_it_speaks_when_spoken_to(on_telegram: Someone, telegram: TelegramService, said: Said) -> None:
    person = on_telegram(-2_000_000 - update_id())
    to_bot = {"message_id": 3, "chat": {"id": person.chat, "type": "supergroup"}, "from": {"id": ME, "is_bot": True}}
    to_other = {**to_bot, "from": {"id": 5, "is_bot": False}}
    for chatter in ("hello everybody", "/help@SomeOtherBot", "mail me at x@example.org", "/weather"):
        person.write(chatter)
    person.write("hello", reply_to_message=to_other)
    person.write(sticker={"file_id": "x"})
    person.write("@testnamebot")
    assert person.hear() == said("/greet")
    person.write("/help")
    assert person.hear(2)[-1] == HELP.format(slash="/", days=30)
    person.write(NUMB, reply_to_message=to_bot)
    assert person.hear() == said(NUMB)
    # It refers to what it answers.
    refers = [call["reply_parameters"]["message_id"] for call in telegram.called("sendMessage", person.chat)]
    assert len(set(refers)) == 3


def test_only_the_one_who_was_asked_can_press(
    on_telegram: Someone, telegram: TelegramService, public: Assistant
) -> None:
    group = -3_000_000 - update_id()
    ann, ben = on_telegram(group), on_telegram(group)
    ann.write("/delete@TestNameBot")
    ann.hear()
    ben.last = list(ann.last)
    before = len(telegram.called("answerCallbackQuery"))
    ben.press("Delete it")
    until(lambda: len(telegram.called("answerCallbackQuery")) > before)
    assert telegram.called("answerCallbackQuery")[-1]["text"] == NOT_OFFERED
    ann.press("Delete it")  # the buttons are still there for her
    assert ann.hear() == [DELETED.format(app="Telegram")]


@pytest.mark.parametrize("question", ["how do i do the glute bridge", "show me a picture of the glute bridge"])
def test_a_picture_comes_with_an_exercise(
    on_telegram: Someone, telegram: TelegramService, said: Said, question: str
) -> None:
    person = on_telegram()
    person.write(question)
    assert person.hear() == said(question)
    (photo,) = telegram.called("sendPhoto", person.chat)
    assert photo["caption"] == "Glute bridge"
    methods = [method for _, method, params in telegram.calls if params.get("chat_id") == person.chat]
    assert methods == ["sendChatAction", "sendPhoto", "sendMessage"]


def test_a_picture_is_uploaded_once(on_telegram: Someone, telegram: TelegramService) -> None:
    for _ in range(2):
        person = on_telegram()
        person.write("how do i do the dead bug")
        person.hear()
        shown = telegram.called("sendPhoto", person.chat)[0]["photo"]
    # Others may have been shown it before: once by its content, to everyone else by its name.
    assert [call["photo"] for call in telegram.called("sendPhoto")].count(picture_png("dead-bug")) == 1
    assert shown in telegram.photos
    telegram.failing["sendPhoto"] = [
        {"ok": False, "error_code": 400, "description": "Bad Request: wrong file identifier"}
    ]
    person = on_telegram()
    person.write("how do i do the dead bug")
    person.hear()
    assert telegram.called("sendPhoto", person.chat)[-1]["photo"] == picture_png("dead-bug")


def test_where_photos_are_forbidden_the_words_come_alone(
    on_telegram: Someone, telegram: TelegramService, said: Said
) -> None:
    telegram.failing["sendPhoto"] = [{"ok": False, "error_code": 400, "description": "Bad Request: not enough rights"}]
    person = on_telegram()
    person.write("how do i do the plank")
    assert person.hear() == said("how do i do the plank")


def test_telegram_asks_for_patience(on_telegram: Someone, telegram: TelegramService) -> None:
    person = on_telegram()
    telegram.failing["sendMessage"] = [
        {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}},
        {"ok": False, "error_code": 502, "description": "Bad Gateway"},
    ]
    person.write("/stop")
    assert person.hear() == [STOPPED]
    assert telegram.failing["sendMessage"] == []


def test_a_person_who_blocked_the_bot_stops_nothing(
    on_telegram: Someone, telegram: TelegramService, said: Said
) -> None:
    person = on_telegram()
    telegram.failing["sendMessage"] = [
        {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    ] * 2
    person.write("/stop")
    until(lambda: not telegram.failing["sendMessage"])
    assert_nothing_more(person, said)


def test_a_message_that_could_not_be_sent_is_made_up_for(on_telegram: Someone, telegram: TelegramService) -> None:
    person = on_telegram()
    telegram.failing["sendMessage"] = [{"ok": False, "error_code": 400, "description": "Bad Request: whatever"}]
    person.write("/stop")
    assert person.hear() == [FAILED]


def test_nothing_can_set_the_webhook_over_http(public: Assistant) -> None:
    for path in ("set_webhook", "", "webhook"):
        assert requests.get(f"{public.url}/webhooks/telegram/{path}", timeout=30).status_code in (404, 405)


def test_the_operator_sees_and_deletes_the_webhook(telegram: TelegramService) -> None:
    other = "1:other-token"
    environment = {"TELEGRAM_TOKEN": other, "TELEGRAM_API_URL": telegram.url}
    assert operate("--show", **environment).stdout == "No webhook is set.\n"
    done = operate(**environment, TELEGRAM_WEBHOOK_SECRET="s", TELEGRAM_WEBHOOK_URL=ADDRESS)
    assert done.stdout == f"Telegram delivers to {ADDRESS}/webhooks/telegram/webhook.\n"
    call = next(params for token, method, params in telegram.calls if (token, method) == (other, "setWebhook"))
    assert call == {
        "url": f"{ADDRESS}/webhooks/telegram/webhook",
        "secret_token": "s",
        "allowed_updates": ["message", "edited_message", "callback_query"],
        "max_connections": 1,
    }
    assert operate("--delete", **environment).stdout == "The webhook is deleted.\n"
    assert operate("--show", **environment).stdout == "No webhook is set.\n"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "Set TELEGRAM_TOKEN to the token that @BotFather gave you."),
        (
            {"TELEGRAM_TOKEN": TOKEN},
            "Set TELEGRAM_WEBHOOK_SECRET to a long random word: letters, digits, _ and -.",
        ),
        (
            {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": "s", "TELEGRAM_WEBHOOK_URL": "http://x.example"},
            "Set TELEGRAM_WEBHOOK_URL to the public address of the assistant; it starts with https://.",
        ),
    ],
)
def test_the_operator_is_told_what_is_missing(settings: dict[str, str], sentence: str) -> None:
    done = operate(**{"TELEGRAM_TOKEN": "", "TELEGRAM_WEBHOOK_SECRET": "", **settings})
    assert (done.returncode, done.stderr) == (1, sentence + "\n")


def test_nothing_was_sent_that_telegram_refuses(telegram: TelegramService) -> None:
    assert telegram.refusals == []


_last = int(time.time()) * 1000


def update_id() -> int:
    """Returns numbers that telegram-test-api doesn't use."""
    global _last
    _last += 10
    return _last
