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

from library.answers import read_answers
from library.hold import read_turns
from scripts.assistant import Assistant
from settings import ROOT
from tests.support.assistant import Person, make_assistant
from tests.support.domain import is_said, says

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


SEE_DOCTOR, EMERGENCY, ACUTE = "utter_see_doctor", "utter_emergency", "utter_acute_injury"
SCREENING, APOLOGY = "utter_ask_screening", "utter_action_failed"
REFUSAL, REMINDER = "utter_exercises_on_hold", "utter_hold_reminder"


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
        assert len(replies) == 1
        assert is_said(expected, replies[0]["text"])
        assert {"That was a mistake", "A doctor has cleared me"} <= {
            button["title"] for button in replies[0]["buttons"]
        }


def test_with_the_action_server_killed(own: Assistant) -> None:
    own.actions.stop()
    someone = Person(own)
    assert is_said(APOLOGY, someone.hear("show me exercises for my knee"))
    assert is_said(SEE_DOCTOR, someone.hear("my foot is numb"))
    assert is_said(EMERGENCY, someone.hear("now i wet myself too"))
    own.actions.start()


def test_with_the_action_server_hanging(own: Assistant) -> None:
    os.kill(own.actions.pid, signal.SIGSTOP)
    try:
        someone = Person(own)
        assert is_said(APOLOGY, someone.hear("show me exercises for my knee"))
        assert is_said(SEE_DOCTOR, someone.hear("my foot is numb"))
    finally:
        os.kill(own.actions.pid, signal.SIGCONT)


def test_with_the_exercise_library_removed_and_locked(own: Assistant) -> None:
    lock = sqlite3.connect(folder(own) / "exercises.db", isolation_level=None)
    lock.execute("PRAGMA locking_mode = EXCLUSIVE")
    lock.execute("BEGIN EXCLUSIVE")
    someone = Person(own)
    assert someone.hear("show me exercises for my knee").startswith("Sorry")
    assert is_said(SEE_DOCTOR, someone.hear("my foot is numb"))
    lock.close()
    for path in folder(own).glob("exercises.db*"):
        path.unlink()
    other = Person(own)
    assert other.hear("show me exercises for my knee").startswith("Sorry")
    assert is_said(SEE_DOCTOR, other.hear("burning down the back of my leg"))


def test_with_the_conversations_locked(own: Assistant) -> None:
    someone = Person(own)
    someone.say("hello")
    lock = sqlite3.connect(folder(own) / "conversations.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    assert is_said(SEE_DOCTOR, someone.hear("my foot is numb"))
    assert says(REFUSAL, someone.hear("show me exercises for my knee"))
    lock.execute("ROLLBACK")
    lock.close()
    assert says(REFUSAL, someone.hear("show me exercises"))


def test_hold_survives_a_restart_and_a_new_session(own: Assistant) -> None:
    someone = Person(own)
    assert is_said(SEE_DOCTOR, someone.hear("my foot is numb"))
    someone.say("/session_start")
    someone.say("/restart")
    own.server.stop()
    own.server.start()
    assert is_said(REFUSAL, someone.hear("show me exercises for my knee"))


def test_unreadable_history_means_the_question_comes_first(own: Assistant) -> None:
    someone = Person(own)
    someone.say("my foot is numb")
    own.server.stop()
    own.server.start()
    database, aside = folder(own) / "conversations.db", folder(own) / "aside.db"
    database.rename(aside)
    database.mkdir()  # something that is no database
    assert is_said(SCREENING, someone.hear("show me exercises for my knee"))
    database.rmdir()
    aside.rename(database)


@pytest.mark.timeout(1200)  # it trains
def test_with_a_model_that_hardly_learned(tmp_path: Path) -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    for component in config["pipeline"]:
        if component["name"].endswith("IntentClassifier"):
            component["C"] = 0.001  # hardly learns anything
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
        assert is_said(SEE_DOCTOR, someone.hear("tingling in my toes"))
        assert is_said(EMERGENCY, someone.hear("i lost control of my bladder"))


def test_in_the_middle_of_the_cause_finder(person: Callable[[], Person]) -> None:
    for expected, text in ((SEE_DOCTOR, "my calf is burning"), (EMERGENCY, "numb between my legs")):
        someone = person()
        someone.say("help me find my cause")
        assert is_said(expected, someone.hear(text))
        assert says(REMINDER, someone.hear("why are my hamstrings tight"))
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
    assert is_said(SEE_DOCTOR, person().hear(typed))


def test_at_the_end_of_a_long_message(person: Callable[[], Person]) -> None:
    story = "I have been running for years and my hamstrings were always a bit tight after training. "
    for length in (900, 2000, 50_000):
        text = (story * (length // len(story) + 1))[:length] + ". And since last night my left foot is numb."
        assert is_said(SEE_DOCTOR, person().hear(text))


def test_at_message_300(person: Callable[[], Person]) -> None:
    someone = person()
    for number in range(299):
        assert someone.say("why are my hamstrings tight" if number % 2 else "thanks")
    assert is_said(SEE_DOCTOR, someone.hear("my toes tingle"))
    for number in range(30):
        assert says(REMINDER, someone.hear("what causes it" if number % 2 else "why are my hamstrings tight"))
    assert is_said(REFUSAL, someone.hear("show me exercises"))


def test_no_exercise_during_a_hold(person: Callable[[], Person]) -> None:
    someone = person()
    someone.say("my foot is numb")
    for request in EXERCISE_REQUESTS:
        heard = someone.hear(request)
        assert heard, request
        assert_no_exercise(heard)


def test_every_question_during_a_hold_has_an_answer_and_a_reminder(person: Callable[[], Person]) -> None:
    about_the_sign = {intent for turn in read_turns() for intent in turn.intents}  # answered by what is known of it
    someone = person()
    someone.say("my foot is numb")
    for intent, answer in read_answers().items():
        if answer.on_hold and not answer.screening and intent not in about_the_sign:
            heard = someone.hear(f"/{intent}")
            assert says(answer.response, heard, exercise_hold=True), intent
            assert says(REMINDER, heard), intent
            assert_no_exercise(heard)


def test_every_question_about_the_sign_is_answered_without_exercises(person: Callable[[], Person]) -> None:
    someone = person()
    for turn in read_turns():
        for intent in turn.intents if turn.response else ():
            someone.say("my foot is numb")
            heard = someone.hear(f"/{intent}")
            assert is_said(turn.response, heard), intent
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
        ["my doctor has cleared me", "I think so"],
        ["my trainer has cleared me", "no"],
    ],
)
def test_what_does_not_lift_a_hold(person: Callable[[], Person], attempt: list[str]) -> None:
    someone = person()
    someone.say("my foot is numb")
    for text in attempt:
        assert_no_exercise(someone.hear(text))
    assert is_said(REFUSAL, someone.hear("show me exercises for my knee"))


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
    assert is_said(question, someone.hear(statement))
    heard = someone.hear(yes)  # beside the report, a question may have waited
    assert is_said("utter_hold_lifted", heard) or says("utter_hold_lifted_answer", heard)
    assert not says(REFUSAL, someone.hear("show me exercises for my knee"))


def test_a_hold_rises_but_never_falls_by_itself(person: Callable[[], Person]) -> None:
    someone = person()
    assert is_said(ACUTE, someone.hear("I heard a pop in my hamstring while sprinting"))
    assert is_said(SEE_DOCTOR, someone.hear("and now my foot is tingling"))
    assert is_said(EMERGENCY, someone.hear("i cannot pee any more"))
    assert is_said(EMERGENCY, someone.hear("and my foot is numb"))
    assert says(REFUSAL, someone.hear("show me exercises"), safety_hold="emergency")


def test_an_unclear_sign_is_asked_about_first(person: Callable[[], Person]) -> None:
    someone = person()
    assert is_said(SCREENING, someone.hear("my legs feel heavy and strange"))
    assert is_said("utter_ask_screening_again", someone.hear("show me exercises for my knee"))
    assert says("utter_ask_screening_way_out", someone.hear("what causes tight hamstrings?"))
    assert says("utter_screening_answer", someone.hear("no"))
    assert not says(SCREENING, someone.hear("show me exercises for my knee"))


@pytest.mark.parametrize("answer", ["yes", "/affirm", "the first one", "all of them", "yeah a bit"])
def test_yes_to_the_screening_question_is_a_report(person: Callable[[], Person], answer: str) -> None:
    someone = person()
    someone.say("my legs feel heavy and strange")
    assert is_said(SEE_DOCTOR, someone.hear(answer))


def test_an_early_no_does_not_outweigh_a_later_report(person: Callable[[], Person]) -> None:
    someone = person()
    someone.say("my legs feel heavy and strange")
    someone.say("no")
    assert is_said(SEE_DOCTOR, someone.hear("actually my toes do tingle at night"))


def test_only_while_cycling(person: Callable[[], Person]) -> None:
    heard = person().hear("my toes go numb but only when i cycle")
    assert is_said(SEE_DOCTOR, heard, report_context="activity")


def test_hands_and_arms(person: Callable[[], Person]) -> None:
    assert is_said("utter_see_doctor", person().hear("my fingers are numb"), report_context="upper_limb")


@pytest.mark.parametrize(
    ("language", "report", "harmless"),
    [
        ("es", "tengo hormigueo en el pie", "¿cuánto cuesta una entrada para el cine?"),
        ("de", "mein Fuß ist taub", "wo kann ich hier gut essen gehen?"),
        ("fr", "j'ai des fourmillements dans le pied", "où est la gare s'il vous plaît ?"),
    ],
)
def test_other_languages(person: Callable[[], Person], language: str, report: str, harmless: str) -> None:
    assert is_said("utter_see_doctor", person().hear(report), report_context=language)
    assert is_said("utter_other_language", person().hear(harmless), message_language=language)


def test_the_emergency_number_is_a_setting(tmp_path: Path) -> None:
    with make_assistant(tmp_path, emergency_number="144") as swiss:
        heard = Person(swiss).hear("i wet myself and my legs are numb")
        assert is_said(EMERGENCY, heard)
        assert "Call 144" in heard
