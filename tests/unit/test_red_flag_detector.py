"""The Rasa component: what it sets on a message, and that it alone makes reports."""

import pytest
import yaml
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.nlu.red_flag_detector import RedFlagDetector
from safety.levels import LEVELS, of_intent
from settings import ROOT
from tests.support.domain import whole_domain


@pytest.fixture(scope="module")
def detector():
    return RedFlagDetector(RedFlagDetector.get_default_config())


def parse(detector, text, **ranking):
    message = Message({"text": text})
    message.set("intent_ranking", [{"name": n, "confidence": c} for n, c in ranking.items()], add_to_output=True)
    message.set("intent", next(iter(message.get("intent_ranking")), None), add_to_output=True)
    return detector.process([message])[0].as_dict(only_output_properties=True)


def test_rules_override_the_intent_and_keep_the_ranking(detector):
    parsed = parse(detector, "my foot is numb", greet=0.9, report_red_flag=0.05)
    assert parsed["intent"] == {"name": "report_red_flag", "confidence": 1.0}
    assert parsed["intent_ranking"] == [
        {"name": "report_red_flag", "confidence": 1.0},
        {"name": "greet", "confidence": 0.9},
    ]
    assert parsed["red_flag"] == {
        "level": "see_doctor",
        "intent": "report_red_flag",
        "findings": [
            {
                "sign": "numbness",
                "level": "see_doctor",
                "rule": "numbness",
                "words": "numb",
                "pattern": "<numb>",
                "body_part": "foot",
                "whose": "self",
                "context": None,
                "when": "days",
            }
        ],
        "language": "en",
        "trigger": "rules",
        "certainty": None,
        "clearance": False,
        "correction": False,
        "dismissed": False,
    }


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I wet myself", "report_emergency"),
        ("I felt a pop in my hamstring", "report_acute_injury"),
        ("my legs feel heavy", "report_unclear_sign"),
        ("my doctor has cleared me", "greet"),
        ("I mistyped, no numbness", "greet"),
        ("hello", "greet"),
    ],
)
def test_intent(detector, text, intent):
    assert parse(detector, text, greet=0.9)["intent"]["name"] == intent


def test_classifier_learns_no_report():
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    (classifier,) = (part for part in pipeline if part["name"].endswith(".IntentClassifier"))
    reports = {intent for intent in whole_domain()["intents"] if of_intent(intent)}
    assert {level.intent for level in LEVELS.values()} <= reports
    assert reports <= set(classifier["leave_out"])


@pytest.mark.parametrize(
    ("text", "flag"), [("my doctor has cleared me", "clearance"), ("I mistyped, no numbness", "correction")]
)
def test_what_may_lift_a_hold_is_marked(detector, text, flag):
    assert parse(detector, text, greet=0.9)["red_flag"][flag] is True


def test_message_without_text_or_ranking(detector):
    assert detector.process([Message({})])[0].get("red_flag")["level"] == "none"


def test_training_data_is_left_alone(detector):
    data = TrainingData([Message({"text": "my foot is numb", "intent": "greet"})])
    assert detector.process_training_data(data) is data
    assert data.training_examples[0].get("intent") == "greet"
