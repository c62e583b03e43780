"""The answer reader in real trackers: what is on the screen decides what a message answers."""

import re
from typing import Any

import pytest
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.nlu.training_data.message import Message

from components.nlu.answer_reader import AnswerReader
from components.nlu.quote_remover import QuoteRemover
from library.questions import questions
from tests.unit.trackers import RESPONSES, pause, said, small_talk, talk

QUESTIONS = {name: question for name, question in questions().items() if name not in ("answers_confirmed",)}
OFFERS = [name for name, variants in RESPONSES.items() if any(v.get("buttons") for v in variants[-1:])]
OFFERS = [
    name for name in OFFERS if all(re.match("/(?!answer_q)", b["payload"]) for b in RESPONSES[name][-1]["buttons"])
]


def read(
    text: str, *events: Event, intent: str = "nlu_fallback", sure: float = 0.5, **entities: Any
) -> tuple[str, dict[str, Any]]:
    """Returns intent and entities of a message, as the reader leaves them."""
    known = [{"entity": name, "value": value} for name, value in entities.items()]
    ranking = [{"name": intent, "confidence": sure}]
    message = Message({"text": text, "intent": ranking[0], "intent_ranking": ranking, "entities": known})
    tracker = talk(*events)
    messages = QuoteRemover().process([message], tracker)
    AnswerReader().process(messages, tracker)
    return message.get("intent")["name"], {e["entity"]: e["value"] for e in message.get("entities")}


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    "between", [[], pause(), [*pause(), *pause()]], ids=["at once", "an hour later", "a day later"]
)
@pytest.mark.parametrize("before", range(0, 21, 4))
def test_the_last_question_is_answered(name: str, between: list[Event], before: int) -> None:
    question = QUESTIONS[name]
    for number, button in enumerate(question.buttons, 1):
        events = [*small_talk(before), UserUttered("go on"), said(question.ask), *between]
        answer = ("answer_question", {"question": name, "value": button["value"]})
        assert read(button["title"], *events) == answer
        if question.kind != "number":
            assert read(f"{number}.", *events) == answer


@pytest.mark.parametrize("name", OFFERS)
def test_yes_and_numbers_take_an_offer_however_much_was_said_before(name: str) -> None:
    buttons = RESPONSES[name][-1]["buttons"]
    for before in range(21):
        events = [*small_talk(before), UserUttered("hm"), said(name)]
        for number, button in enumerate(buttons, 1):
            if button["payload"].startswith("/"):
                assert read(str(number), *events)[0] == button["payload"][1:].partition("{")[0]
        assert read("yes", *events) == read("yes", *small_talk(0), UserUttered("hm"), said(name))
        if buttons[0]["payload"].startswith("/"):
            assert read("yes", *events)[0] != "nlu_fallback"


def test_a_button_in_words_is_read_like_words_and_never_meant_by_a_yes() -> None:
    events = [UserUttered("hm"), said("utter_hold_check")]
    for text, read_as in {"1": "That was a mistake", "2": "A doctor has cleared me", "yes": "yes", "ok": "ok"}.items():
        message = Message({"text": text, "intent": {"name": "nlu_fallback"}, "intent_ranking": [], "entities": []})
        AnswerReader().process([message], talk(*events))
        assert message.get("text") == read_as


def test_the_payload_of_an_offer_brings_its_entities() -> None:
    events = [UserUttered("my knee?"), said("utter_knee_pain")]
    assert read("yes please", *events, ordinal=1) == ("find_exercises", {"body_area": "knee"})


@pytest.mark.parametrize("offer", ["utter_cause_neural_tension", "utter_side_effects", "utter_see_doctor_advice"])
def test_a_yes_that_may_be_a_sign_is_asked_about(offer: str) -> None:
    assert read("yes", UserUttered("hm"), said(offer))[0] == "report_unclear_sign"


@pytest.mark.parametrize("text", ["ok", "and now?", "yes", "no", "2", "why do you ask?"])
def test_nothing_changes_where_nothing_was_asked(text: str) -> None:
    events = [UserUttered("bye"), said("utter_goodbye")]
    assert read(text, *events, intent="affirm") == ("affirm", {})
    assert read(text, intent="affirm") == ("affirm", {})


def test_no_to_an_offer_stays_no() -> None:
    assert read("no", UserUttered("hi"), said("utter_greet"), intent="deny") == ("deny", {})


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    "text",
    [
        "just show me the exercises",
        "what causes tight hamstrings?",
        "how do I do the glute bridge?",
        "my hamstrings got tight after I started my new job in the spring where I stand all day long in a shop, and "
        "since then nothing that I tried has really changed it",
    ],
)
def test_wishes_questions_and_stories_are_left_alone(name: str, text: str) -> None:
    assert read(text, UserUttered("hm"), said(QUESTIONS[name].ask), intent="ask_causes") == ("ask_causes", {})


def test_a_question_without_its_mark_is_no_vague_answer() -> None:
    events = [UserUttered("hm"), said("utter_ask_screening")]
    assert (
        read("hip drop drill how many reps", *events, sure=0.9, intent="ask_exercise_howto")[0] == "ask_exercise_howto"
    )
    assert read("hip drop when I walk", *events, sure=0.4, intent="ask_exercise_howto")[1]["value"] == "partly"
    for text in ("only when I sit", "not when I sit", "sometimes while sitting", "it comes and goes"):
        assert read(text, *events, sure=0.9, intent="ask_cause_sitting")[1]["value"] == "partly"


def test_facts_beside_an_answer_stay() -> None:
    events = [UserUttered("hm"), said("utter_ask_assessment_form_sitting_hours")]
    answer = {"question": "sitting_hours", "value": 9.0, "training_load": "a_lot"}
    assert read("9 hours, and I train a lot", *events, training_load="a_lot") == ("answer_question", answer)


def test_a_correction_answers_the_question_it_is_about() -> None:
    events = [UserUttered("hm"), said("utter_ask_assessment_form_posture_sign")]
    for text in (
        "wait, I said 9 hours but it's 3",
        "sorry, I meant 3 hours",
        "change the hours to 3",
        "3 hours, not 9",
    ):
        assert read(text, *events) == ("answer_question", {"question": "sitting_hours", "value": 3})
    answer = {"question": "pain_area", "value": "knee", "pain_area": "knee"}
    assert read("my knee hurts too", *events, pain_area="knee") == ("answer_question", answer)


def test_an_offer_after_a_question_does_not_hide_it() -> None:
    events = [UserUttered("back?"), said("utter_back_pain"), said("utter_ask_assessment_form_pain_area")]
    assert read("1", *events) == ("answer_question", {"question": "pain_area", "value": "back"})


@pytest.mark.parametrize(("payload", "value"), [("/affirm", "yes"), ("/deny", "no")])
def test_old_payloads_answer_an_open_question(payload: str, value: str) -> None:
    message = Message({"text": payload, "intent": {"name": None}})
    old = BotUttered(
        "Numb?", {"buttons": [{"title": "Yes", "payload": "/affirm"}]}, {"utter_action": "utter_ask_screening"}
    )
    AnswerReader().process([message], talk(UserUttered("hm"), old))
    assert message.get("text") == questions()["screening"].payload(value)
    message = Message({"text": payload, "intent": {"name": None}})
    AnswerReader().process([message], talk(UserUttered("hm"), said("utter_goodbye")))
    assert message.get("text") == payload


SCREENING = RESPONSES["utter_ask_screening"][0]["text"]
CAUTION = "Stop and see a doctor if you feel tingling, numbness or burning."
LIST = BotUttered(f"Here are stretches:\n1. Toe touch: lengthens the back of the thigh.\n{CAUTION}")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"> {SCREENING}\nNo", "No"),
        (f"> {SCREENING[:60]}\n> {SCREENING[60:]}\n\nNo", "No"),
        (f"{SCREENING} No", "No"),
        (f"&gt; {CAUTION}\nok got it, show me number 2", "ok got it, show me number 2"),
        (f"{CAUTION}\nok got it", "ok got it"),
        ("> my foot is numb since friday, wrote my brother\nwhat should he do?", None),
        ("my foot is numb and it is burning", None),
        ("1. Toe touch: lengthens the back of the thigh. how?", None),
        ("tingling, numbness, burning, weakness or shooting pain", None),
        ("no\n\nreally", None),
    ],
)
def test_the_assistants_own_words_are_taken_out(text: str, left: str | None) -> None:
    message = Message({"text": text})
    tracker = talk(UserUttered("hm"), LIST, UserUttered("my leg feels odd"), said("utter_ask_screening"))
    QuoteRemover().process([message], tracker)
    assert message.get("text") == (left or text.replace("> ", ""))


def test_an_answer_under_the_quoted_question() -> None:
    events = [UserUttered("my leg feels odd"), said("utter_ask_screening")]
    assert read(f"> {SCREENING}\nNo", *events) == ("answer_question", {"question": "screening", "value": "no"})
