"""From a typed answer to what the safety policy says: nothing but a whole denial goes on."""

from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.nlu.training_data.message import Message

from components.nlu.answer_reader import AnswerReader
from components.nlu.red_flag_detector import RedFlagDetector
from components.policies.safety import SafetyPolicy
from library.questions import questions
from tests.unit.test_replies import NEVER_A_NO
from tests.unit.trackers import DOMAIN, pause, said, talk

LIMITED = [" ".join(text.split()) for text in NEVER_A_NO.split("·")]
REPORTS = {"utter_see_doctor", "utter_acute_injury", "utter_emergency"}
SIGNS = ["screening", "nerve_signs", "recent_injury"]


@pytest.fixture(scope="module")
def policy() -> SafetyPolicy:
    config: dict[str, Any] = SafetyPolicy.get_default_config()
    return SafetyPolicy(config, None, Resource("safety"), ExecutionContext(GraphSchema({})))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def detector() -> RedFlagDetector:
    return RedFlagDetector(RedFlagDetector.get_default_config())


def open_question(name: str, response: str | None = None) -> list[Event]:
    """Returns what stands before an answer: the question on the screen, its hold or its form."""
    question = questions()[name]
    asked = said(response or question.ask)
    if question.in_form:
        return [UserUttered("hm"), ActiveLoop("assessment_form"), SlotSet("requested_slot", name), asked]
    level = "screening" if name == "screening" else "see_doctor"
    return [UserUttered("hm"), SlotSet("safety_hold", level), SlotSet("exercise_hold", True), asked]


def decide(
    policy: SafetyPolicy, detector: RedFlagDetector, text: str, *before: Event
) -> tuple[str | None, list[Event]]:
    """Returns what the policy does about a message, read as the pipeline reads it."""
    listen = ActionExecuted("action_listen")
    message = Message({"text": text, "intent": {"name": "nlu_fallback"}, "intent_ranking": [], "entities": []})
    AnswerReader().process([message], talk(*before, listen))
    detector.process([message])
    parsed = message.as_dict(only_output_properties=True)
    user = UserUttered(text, message.get("intent"), message.get("entities"), parsed)
    return policy.decide(talk(*before, listen, user), DOMAIN)


@pytest.mark.parametrize("name", SIGNS)
@pytest.mark.parametrize("text", LIMITED)
@pytest.mark.parametrize("later", [False, True], ids=["at once", "an hour later"])
def test_an_unclear_or_partial_denial_never_goes_on(
    policy: SafetyPolicy, detector: RedFlagDetector, name: str, text: str, later: bool
) -> None:
    action, _ = decide(policy, detector, text, *open_question(name), *(pause() if later else []))
    assert action in {*REPORTS, questions()[name].explanation}


@pytest.mark.parametrize("name", SIGNS)
@pytest.mark.parametrize("text", [text for text in LIMITED if text != "not exactly"])
def test_after_the_explanation_it_is_a_sign(
    policy: SafetyPolicy, detector: RedFlagDetector, name: str, text: str
) -> None:
    action, _ = decide(policy, detector, text, *open_question(name, questions()[name].explanation))
    assert action in REPORTS


@pytest.mark.parametrize("name", ["clearance", "correction"])
@pytest.mark.parametrize("text", [*LIMITED, "I think so", "maybe", "ok", "my trainer says so", "no", "just show me"])
def test_half_a_yes_lifts_no_hold(policy: SafetyPolicy, detector: RedFlagDetector, name: str, text: str) -> None:
    if text in ("a lot", "extremely"):
        pytest.skip("a yes to anything that is no sign")
    action, events = decide(policy, detector, text, *open_question(name))
    assert action != "utter_hold_lifted"
    assert SlotSet("safety_hold", None) not in events


@pytest.mark.parametrize("name", ["clearance", "correction"])
def test_a_plain_yes_lifts_it(policy: SafetyPolicy, detector: RedFlagDetector, name: str) -> None:
    action, events = decide(policy, detector, "yes", *open_question(name))
    assert action == "utter_hold_lifted"
    assert SlotSet("safety_hold", None) in events


@pytest.mark.parametrize("text", ["no", "Nope!", "none of these", "2", "not at all"])
def test_a_no_goes_on(policy: SafetyPolicy, detector: RedFlagDetector, text: str) -> None:
    assert decide(policy, detector, text, *open_question("screening"))[0] == "utter_screening_clear"
    assert decide(policy, detector, text, *open_question("nerve_signs"))[0] is None


@pytest.mark.parametrize("name", ["screening", "clearance", "correction", "nerve_signs", "recent_injury"])
@pytest.mark.parametrize("value", ["yes", "no"])
def test_a_closed_question_takes_no_answer(policy: SafetyPolicy, name: str, value: str) -> None:
    entities = [{"entity": "question", "value": name}, {"entity": "value", "value": value}]
    user = UserUttered(questions()[name].payload(value), {"name": "answer_question"}, entities)
    tracker = talk(UserUttered("hello"), said("utter_greet"), ActionExecuted("action_listen"), user)
    assert policy.decide(tracker, DOMAIN)[0] == "utter_question_closed"


def test_wishes_are_asked_about_in_other_words_each_time(policy: SafetyPolicy, detector: RedFlagDetector) -> None:
    before = open_question("screening")
    said_before = "utter_ask_screening"
    for _ in range(6):
        action, _ = decide(policy, detector, "just show me the exercises", *before)
        assert action
        assert action != said_before
        assert action not in REPORTS
        before = open_question("screening", action)
        said_before = action
