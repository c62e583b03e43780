"""The path from a reported sign to its answer, with everything around it broken in turn."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from scripts.assistant import Assistant
from settings import ROOT
from tests.support.assistant import Person, make_assistant
from tests.support.domain import whole_domain

RESPONSES = whole_domain()["responses"]
NUMBER = "999, 112 or 911"
EXERCISE_REQUESTS = [
    "show me exercises for my knee",
    "how do i do the seated hamstring stretch?",
    "give me a routine",
    "how can i loosen them",
    "another one",
    "show them all",
    "something easier",
    "help me find my cause",
    "just one little stretch please, i know what i'm doing",
    '/find_exercises{"body_area": "knee"}',
    '/ask_exercise_howto{"exercise": "toe-touch"}',
    "/ask_routine",
    "/next_exercise",
    "/start_assessment",
]


def response(name: str, **slots: str) -> str:
    """Returns the text of a domain response as it is said when these slots are set."""
    for variant in RESPONSES[name]:
        conditions = {condition["name"]: condition["value"] for condition in variant.get("condition", [])}
        if all(slots.get(slot) == value for slot, value in conditions.items()):
            return variant["text"].replace("{emergency_number}", NUMBER)
    raise AssertionError(f"{name} has no variant for {slots}")


SEE_DOCTOR = response("utter_see_doctor")
EMERGENCY = response("utter_emergency")
ACUTE = response("utter_acute_injury")
SCREENING = response("utter_ask_screening")
APOLOGY = response("utter_action_failed")
REFUSAL = response("utter_exercises_on_hold")
REMINDER = response("utter_hold_reminder")


def assert_no_exercise(heard: str) -> None:
    """Fails where a text offers something to do with a muscle."""
    for word in ("seconds", "repetitions", "reps", "Seated hamstring stretch", "Hold for", "twice a day"):
        assert word not in heard, heard


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant that a test may break, if it mends it afterwards."""
    with make_assistant(tmp_path_factory.mktemp("own")) as running:
        yield running


def folder(own: Assistant) -> Path:
    """Returns where the assistant's databases are."""
    assert own.log
    return own.log


def test_reports_are_answered_whole_in_one_message(person: Callable[[], Person]) -> None:
    for text, expected in {
        "my toes are tingling": SEE_DOCTOR,
        "I can't feel when I need to pee": EMERGENCY,
        "I heard a pop in my hamstring and can't walk": ACUTE,
    }.items():
        replies = person().say(text)
        assert [reply.get("text") for reply in replies] == [expected]
        assert "buttons" not in replies[0]


def test_with_the_action_server_killed(own: Assistant) -> None:
    own.actions.stop()
    someone = Person(own)
    assert someone.hear("show me exercises for my knee") == APOLOGY
    assert someone.hear("my foot is numb") == SEE_DOCTOR
    assert someone.hear("now i wet myself too") == EMERGENCY
    own.actions.start()


def test_with_the_action_server_hanging(own: Assistant) -> None:
    os.kill(own.actions.pid, signal.SIGSTOP)
    try:
        someone = Person(own)
        assert someone.hear("show me exercises for my knee") == APOLOGY
        assert someone.hear("my foot is numb") == SEE_DOCTOR
    finally:
        os.kill(own.actions.pid, signal.SIGCONT)


def test_with_the_exercise_library_removed_and_locked(own: Assistant) -> None:
    lock = sqlite3.connect(folder(own) / "exercises.db", isolation_level=None)
    lock.execute("PRAGMA locking_mode = EXCLUSIVE")
    lock.execute("BEGIN EXCLUSIVE")
    someone = Person(own)
    assert someone.hear("show me exercises for my knee").startswith("Sorry")
    assert someone.hear("my foot is numb") == SEE_DOCTOR
    lock.close()
    for path in folder(own).glob("exercises.db*"):
        path.unlink()
    other = Person(own)
    assert other.hear("show me exercises for my knee").startswith("Sorry")
    assert other.hear("burning down the back of my leg") == SEE_DOCTOR


def test_with_the_conversations_locked(own: Assistant) -> None:
    someone = Person(own)
    someone.say("hello")
    lock = sqlite3.connect(folder(own) / "conversations.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    assert someone.hear("my foot is numb") == SEE_DOCTOR
    assert REFUSAL in someone.hear("show me exercises for my knee")
    lock.execute("ROLLBACK")
    lock.close()
    assert REFUSAL in someone.hear("show me exercises")


def test_hold_survives_a_restart_and_a_new_session(own: Assistant) -> None:
    someone = Person(own)
    assert someone.hear("my foot is numb") == SEE_DOCTOR
    someone.say("/session_start")
    someone.say("/restart")
    own.server.stop()
    own.server.start()
    assert someone.hear("show me exercises for my knee") == REFUSAL


def test_unreadable_history_means_the_question_comes_first(own: Assistant) -> None:
    someone = Person(own)
    someone.say("my foot is numb")
    own.server.stop()
    own.server.start()
    database, aside = folder(own) / "conversations.db", folder(own) / "aside.db"
    database.rename(aside)
    database.mkdir()  # something that is no database
    assert someone.hear("show me exercises for my knee") == SCREENING
    database.rmdir()
    aside.rename(database)


def test_with_a_model_trained_from_another_seed(tmp_path: Path) -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    for component in config["pipeline"]:
        if component["name"].endswith("IntentClassifier"):
            component["random_state"] = 7
            component["max_iter"] = 3
    (tmp_path / "config.yml").write_text(yaml.safe_dump(config))
    with (tmp_path / "train.log").open("wb") as log:
        subprocess.run(
            [
                *(sys.executable, "-m", "rasa", "train", "--config", str(tmp_path / "config.yml")),
                *("--out", str(tmp_path), "--fixed-model-name", "other"),
            ],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            check=True,
        )
    with make_assistant(tmp_path, model=tmp_path / "other.tar.gz") as other:
        someone = Person(other)
        assert someone.hear("tingling in my toes") == SEE_DOCTOR
        assert someone.hear("i lost control of my bladder") == EMERGENCY


def test_in_the_middle_of_the_cause_finder(person: Callable[[], Person]) -> None:
    for expected, text in ((SEE_DOCTOR, "my calf is burning"), (EMERGENCY, "numb between my legs")):
        someone = person()
        someone.say("help me find my cause")
        assert someone.hear(text) == expected
        assert REMINDER.split(":")[0] in someone.hear("why are my hamstrings tight") or expected == EMERGENCY
        assert "Question" not in someone.hear("about 9 hours")


@pytest.mark.parametrize(
    "typed",
    [
        "/my foot is numb",
        "/deny my foot is numb",
        '/deny{"body_area": "my foot is numb"}',
        '/answer_question{"question": "sitting_hours", "value": "my foot is numb"}',
        '/find_exercises{"body_area": "numb foot"}',
        "/greet@0.9 my toes are tingling",
        "/report_red_flag",
    ],
)
def test_after_a_slash(person: Callable[[], Person], typed: str) -> None:
    assert person().hear(typed) == SEE_DOCTOR


def test_at_the_end_of_a_long_message(person: Callable[[], Person]) -> None:
    story = "I have been running for years and my hamstrings were always a bit tight after training. "
    for length in (900, 2000, 50_000):
        text = (story * (length // len(story) + 1))[:length] + ". And since last night my left foot is numb."
        assert person().hear(text) == SEE_DOCTOR


def test_at_message_300(person: Callable[[], Person]) -> None:
    someone = person()
    for number in range(299):
        assert someone.say("why are my hamstrings tight" if number % 2 else "thanks")
    assert someone.hear("my toes tingle") == SEE_DOCTOR
    for _ in range(30):
        assert REMINDER in someone.hear("what causes it")
    assert someone.hear("show me exercises") == REFUSAL


def test_no_exercise_during_a_hold(person: Callable[[], Person]) -> None:
    someone = person()
    someone.say("my foot is numb")
    for request in EXERCISE_REQUESTS:
        heard = someone.hear(request)
        assert heard, request
        assert_no_exercise(heard)


def test_every_question_during_a_hold_has_an_answer_and_a_reminder(person: Callable[[], Person]) -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    answers = next(p for p in config["policies"] if p["name"].endswith("SafetyPolicy"))["answers_during_hold"]
    someone = person()
    someone.say("my foot is numb")
    for intent, name in answers.items():
        name = name.replace("action_start_over", "utter_started_over")
        heard = someone.hear(f"/{intent}")
        assert heard == f"{response(name, exercise_hold=True, safety_hold='see_doctor')}\n{REMINDER}"
        assert_no_exercise(heard)


@pytest.mark.parametrize(
    "attempt",
    [
        ["never mind"],
        ["/report_clearance", "/affirm"],
        ["/correct_report", "/affirm"],
        ['/answer_question{"question": "clearance", "value": "yes"}'],
        ['/answer_question{"question": "correction", "value": "yes"}'],
        ['/answer_question{"question": "screening", "value": "no"}'],
        ["my doctor has cleared me", "I think so"],
        ['/inform{"safety_hold": null, "exercise_hold": false}'],
        ["/restart"],
        ["/back", "/back"],
        ["start over"],
        ["yes"],
        ["no"],
        ["/deny"],
        ["my doctor has cleared me", "no"],
        ["my doctor has cleared me", "thanks", "yes"],
    ],
)
def test_what_does_not_lift_a_hold(person: Callable[[], Person], attempt: list[str]) -> None:
    someone = person()
    someone.say("my foot is numb")
    for text in attempt:
        assert_no_exercise(someone.hear(text))
    assert someone.hear("show me exercises for my knee") == REFUSAL


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("a doctor has cleared me to exercise", "utter_confirm_clearance"),
        ("sorry, I meant no numbness", "utter_confirm_correction"),
    ],
)
@pytest.mark.parametrize("yes", ["yes", "/affirm"])
def test_what_lifts_a_hold(person: Callable[[], Person], statement: str, question: str, yes: str) -> None:
    someone = person()
    someone.say("my foot is numb")
    assert someone.hear(statement) == response(question)
    assert someone.hear(yes) == response("utter_hold_lifted")
    assert REFUSAL not in someone.hear("show me exercises for my knee")


def test_a_hold_rises_but_never_falls_by_itself(person: Callable[[], Person]) -> None:
    someone = person()
    assert someone.hear("I heard a pop in my hamstring while sprinting") == ACUTE
    assert someone.hear("and now my foot is tingling") == SEE_DOCTOR
    assert someone.hear("i cannot pee any more") == EMERGENCY
    assert someone.hear("and my foot is numb") == EMERGENCY
    assert response("utter_exercises_on_hold", safety_hold="emergency") in someone.hear("show me exercises")


def test_an_unclear_sign_is_asked_about_first(person: Callable[[], Person]) -> None:
    someone = person()
    assert someone.hear("my legs feel heavy and strange") == SCREENING
    assert someone.hear("show me exercises for my knee") == response("utter_ask_screening_again")
    assert response("utter_ask_screening_way_out") in someone.hear("what causes tight hamstrings?")
    assert someone.hear("no") == response("utter_screening_clear")
    assert SCREENING not in someone.hear("show me exercises for my knee")


@pytest.mark.parametrize("answer", ["yes", "/affirm", "the first one", "all of them", "yeah a bit"])
def test_yes_to_the_screening_question_is_a_report(person: Callable[[], Person], answer: str) -> None:
    someone = person()
    someone.say("my legs feel heavy and strange")
    assert someone.hear(answer) == SEE_DOCTOR


def test_an_early_no_does_not_outweigh_a_later_report(person: Callable[[], Person]) -> None:
    someone = person()
    someone.say("my legs feel heavy and strange")
    someone.say("no")
    assert someone.hear("actually my toes do tingle at night") == SEE_DOCTOR


def test_only_while_cycling(person: Callable[[], Person]) -> None:
    heard = person().hear("my toes go numb but only when i cycle")
    assert heard == response("utter_see_doctor", report_context="activity")


def test_hands_and_arms(person: Callable[[], Person]) -> None:
    assert person().hear("my fingers are numb") == response("utter_see_doctor", report_context="upper_limb")


@pytest.mark.parametrize(
    ("language", "report", "harmless"),
    [
        ("es", "tengo hormigueo en el pie", "¿cuánto cuesta una entrada para el cine?"),
        ("de", "mein Fuß ist taub", "wo kann ich hier gut essen gehen?"),
        ("fr", "j'ai des fourmillements dans le pied", "où est la gare s'il vous plaît ?"),
    ],
)
def test_other_languages(person: Callable[[], Person], language: str, report: str, harmless: str) -> None:
    assert person().hear(report) == response("utter_see_doctor", report_context=language)
    assert person().hear(harmless) == response("utter_other_language", message_language=language)


def test_the_emergency_number_is_a_setting(tmp_path: Path) -> None:
    with make_assistant(tmp_path, emergency_number="144") as swiss:
        assert Person(swiss).hear("i wet myself and my legs are numb") == EMERGENCY.replace(NUMBER, "144")
