"""What messages say about the person who wrote them, and what they don't."""

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.nlu.fact_reader import FactReader
from library.facts import read_facts
from library.facts.dates import days_ago


def facts(text: str, *names: str) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for fact in read_facts(text):
        if not names or fact.name in names:
            found.setdefault(fact.name, []).append(fact.value)
    return found


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("I sit at a desk 9 hours a day", 9),
        ("sitting eight or nine hours, hamstrings tight", 8.5),
        ("legal secretary, sat 8 to 5 w/ lunch at the desk", 9),
        ("9-to-5 desk job", 8),
        ("call centre, 9 hours on the chair", 9),
        ("truck driver, 11h a day behind the wheel", 11),
        ("I'm at my desk all day", 9),
        ("I sit about 6 hours. Actually 7", 7),
        ("I sit 9 hours, no wait, more like ten hours", 10),
        ("wait i said 9 hours but thats the shift, actual sitting is more like 3", 3),
        ("I sit 35 hours a week at a screen", 7),
        ("male, 36, dev, 10h/day", 10),
        ("12 hour shifts but I only sit 3", 3),
        ("I'm not really a sitter", 2),
        ("never sit down at work", 2),
        ("I don't sit much", 2),
        ("Sitting isn't the issue, 3 hours tops", 3),
    ],
)
def test_hours_sat(text: str, hours: float) -> None:
    assert facts(text)["sitting_hours"] == [hours]


@pytest.mark.parametrize(
    "text",
    [
        "is sitting bad?",
        "is 9 hours of sitting bad?",
        "if I sit more than an hour it tightens",
        "I used to sit 10 hours a day",
        "my brother sits 10 hours a day, I have tight hamstrings too, I run",
        "I work 12 hour shifts",
        "I stand 8 hours at the till",
        "I can't sit still",
        "how many hours of sitting are too many",
        "when I drive longer than an hour it pulls",
        "don't tell me it's from sitting",
        "my sit bones hurt for 2 hours",
        "does sitting 9 hours a day shorten the muscle?",
    ],
)
def test_no_hours_sat(text: str) -> None:
    assert "sitting_hours" not in facts(text)


def test_standing_is_never_sitting() -> None:
    assert facts("I stand all day, hairdresser", "works_standing", "sitting_hours") == {"works_standing": [True]}
    found = facts("on my feet 10 hours a day at the salon", "standing_hours", "works_standing", "sitting_hours")
    assert found == {"standing_hours": [10], "works_standing": [True]}
    assert facts("sax teacher, standing 5 sitting 3", "standing_hours", "sitting_hours") == {
        "standing_hours": [5],
        "sitting_hours": [3],
    }


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("my lower back hurts when I sit", ["back"]),
        ("my back doesn't hurt but my knee does", ["knee"]),
        ("my knees ache and my heels are sore", ["knee", "foot"]),
        ("why do my knees hurt after running", ["knee"]),
        ("No pain in my back. Sore arches after work", ["foot"]),
        ("nothing hurts", ["none"]),
        ("back of my thigh hurts", None),
        ("my lower back is tight", None),
        ("can tight hamstrings cause back pain?", None),
        ("will this hurt my back?", None),
        ("I do NOT have back pain", None),
        ("my mum's knees hurt, mine are fine, I just want to stretch my legs", None),
        ("I want to get back to running without pain", None),
        ("backs of both legs ache", None),
    ],
)
def test_pain_area(text: str, area: list[str] | None) -> None:
    assert facts(text).get("pain_area") == area


@pytest.mark.parametrize(
    ("text", "age", "whom"),
    [
        ("I'm 72 and stiff", 72, None),
        ("72F, tight hamstrings", 72, None),
        ("36M desk job", 36, None),
        ("38, five a side on Thursdays", 38, None),
        ("I am 24 yrs, preparing for a test", 24, None),
        ("my 14 year old plays football", 14, "child"),
        ("My mum (82) sits all day", 82, "parent"),
        ("my lad is 13, shot up 9cm", 13, "child"),
        ("exercises for my dad, he is 76", 76, "parent"),
        ("he's 9, toe walker", 9, "child"),
        ("I'm 93kg", None, None),
        ("I'm 2 weeks into it", None, None),
        ("I'm 6'4", None, None),
        ("my sister is 40 and has sciatica, I just have tight hamstrings from my desk", None, None),
    ],
)
def test_age_and_whom(text: str, age: int | None, whom: str | None) -> None:
    found = facts(text)
    assert found.get("age") == (None if age is None else [age])
    assert found.get("whom") == (None if whom is None else [whom])


@pytest.mark.parametrize(
    ("text", "cannot"),
    [
        ("I can't lie on the floor", ["lie"]),
        ("can't kneel, had the knee done in may", ["kneel"]),
        ("I can kneel, I can lie, I can't stand long", ["stand"]),
        ("I can't get down on the floor", ["floor"]),
        ("cant do floor", ["floor"]),
        ("without lying down please", ["lie"]),
        ("floor is impossible for me", ["floor"]),
        ("I can't reach the floor", None),
        ("I can't touch my toes", None),
        ("I can't stand this job", None),
        ("I can't lie, it is bad", None),
        ("I can kneel", None),
    ],
)
def test_cannot(text: str, cannot: list[str] | None) -> None:
    assert facts(text).get("cannot") == cannot


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I run 3x a week", {"sports": ["running"], "training_load": ["some"]}),
        ("crossfit 5x", {"sports": ["crossfit"], "training_load": ["a_lot"]}),
        ("gym twice a week and yoga on sundays", {"sports": ["gym", "yoga"], "training_load": ["some"]}),
        ("I don't do any sport", {"training_load": ["not_at_all"]}),
        ("I'm not a runner", {}),
        ("I don't run", {}),
        ("I used to run marathons", {}),
        ("should I do yoga?", {}),
        ("my nose is running", {}),
        ("I'm running late", {}),
        ("I want to start swimming", {}),
        ("I don't train much, a bit of swimming", {"sports": ["swimming"], "training_load": ["some"]}),
    ],
)
def test_sport(text: str, expected: dict[str, list[object]]) -> None:
    assert facts(text, "sports", "training_load") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tore my right hamstring 5 years ago, fully healed", {"old_injury": [True], "injury_healed": [True]}),
        ("I pulled it two weeks ago", {}),
        ("never been injured", {"old_injury": [False]}),
        ("my mate tore his hamstring in 2015, I'm only tight", {}),
        ("how long does a torn hamstring take?", {}),
        ("broke my wrist in 2015", {}),
        ("tore it in 2019 and it never healed", {"old_injury": [True], "injury_healed": [False]}),
    ],
)
def test_old_injury(text: str, expected: dict[str, list[object]]) -> None:
    assert facts(text, "old_injury", "injury_healed") == expected


def test_injury_days() -> None:
    assert facts("I pulled it two weeks ago")["injury_days"] == [14]


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("my left hamstring is tight", "left"),
        ("both hammies sore", "both"),
        ("right leg, since Monday", "right"),
        ("sorry typo, LEFT not right", "left"),
        ("Right, so my hamstrings are tight", None),
        ("is that right?", None),
        ("right now they are tight", None),
        ("I have two days left", None),
        ("my left shoulder hurts", None),
    ],
)
def test_side(text: str, side: str | None) -> None:
    assert facts(text).get("side") == (None if side is None else [side])


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("tight for five months now", 152),
        ("tight hamstring, 14 months", 426),
        ("tight for 10 days, no wait, more like 3 weeks", 21),
        ("I am tight since I sit all day", None),
        ("hold it for 3 weeks?", None),
        ("I've been a trucker for 17 years", None),
    ],
)
def test_since(text: str, days: int | None) -> None:
    assert facts("my hamstrings are tight. " + text if "tight" not in text else text).get("since_days") == (
        None if days is None else [days]
    )


def test_dates() -> None:
    today = dt.date(2026, 11, 25)
    assert days_ago("february", today) == (today - dt.date(2026, 2, 1)).days
    assert days_ago("december", today) == (today - dt.date(2025, 12, 1)).days
    assert days_ago("3 march", today) == (today - dt.date(2026, 3, 3)).days
    assert days_ago("march 2019", today) == (today - dt.date(2019, 3, 1)).days
    assert days_ago("easter", today) == (today - dt.date(2026, 4, 5)).days
    assert days_ago("last year", today) == 365
    assert days_ago("monday", today) == 2
    assert days_ago("banana", today) is None


@pytest.mark.parametrize(
    ("text", "has", "lacks"),
    [
        ("I have a band and a mat", ["resistance band", "mat"], None),
        ("got bands, no mat", ["resistance band"], ["mat"]),
        ("a chair and a wall is all I have at home, no equipment", None, ["anything"]),
        ("I sit on a chair all day", None, None),
        ("do I need a foam roller?", None, None),
        ("what can I do with a rope, a bed and a wall", ["resistance band", "bed", "wall"], None),
        ("I don't have a foam roller", None, ["foam roller"]),
    ],
)
def test_equipment(text: str, has: list[str] | None, lacks: list[str] | None) -> None:
    found = facts(text)
    assert (found.get("has_equipment"), found.get("lacks_equipment")) == (has, lacks)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("10 mins tops", 10),
        ("I only have half an hour", 30),
        ("anything for 5 minutes a day", 5),
        ("I've 15 mins before bed", 15),
        ("hold it for 30 seconds", None),
        ("after 20 minutes of running it pulls", None),
        ("the drive is 45 minutes", None),
        ("I stand up every 30 minutes", None),
    ],
)
def test_minutes(text: str, minutes: int | None) -> None:
    assert facts(text).get("minutes_available") == (None if minutes is None else [minutes])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'm 29 wks pregnant", {"pregnant": [True], "pregnancy_weeks": [29]}),
        ("my wife is pregnant in week 21", {"pregnant": [True], "pregnancy_weeks": [21]}),
        ("22 weeks with our first", {"pregnant": [True], "pregnancy_weeks": [22]}),
        ("I'm not pregnant", {"pregnant": [False]}),
        ("If I was pregnant would these be safe?", {}),
        ("4 months post partum", {"after_birth": [True]}),
        ("I had a hip replacement in 2020", {"operation": [True]}),
        ("no surgeries", {"operation": [False]}),
        ("would it differ if I'd had an operation?", {}),
        ("told im hypermobile as a kid", {"hypermobile": [True]}),
        ("palms flat on the floor easily, yet they feel tight", {"posture_sign": ["long_weak"]}),
        ("my bum sticks out and my lower back arches", {"posture_sign": ["arched_back"]}),
        ("my back is flat", {"posture_sign": ["flat_back"]}),
        ("my back is not flat", {}),
        ("what is an anterior pelvic tilt?", {}),
    ],
)
def test_body(text: str, expected: dict[str, list[object]]) -> None:
    names = ("pregnant", "pregnancy_weeks", "after_birth", "operation", "hypermobile", "posture_sign")
    assert facts(text, *names) == expected


def test_other_facts() -> None:
    assert facts("the massage gun did nowt, roller did nowt")["tried"] == ["massage gun", "foam rolling"]
    assert facts("I've tried stretching and heat")["tried"] == ["stretching", "heat"]
    assert "tried" not in facts("should I try stretching or heat?")
    assert facts("something I can do at my desk")["place"] == ["desk"]
    assert "place" not in facts("my back hurts at my desk")
    assert facts("my physio says it's neural tension")["finding"] == ["physio says it's neural tension"]
    assert facts("I'm a nurse on a ward")["job"] == ["nurse"]


def test_the_words_are_those_of_the_message() -> None:
    text = "Hi 🙂 I’m 72 and I can’t kneel, I sit eight or nine hours"
    words = {fact.name: text[fact.start : fact.end] for fact in read_facts(text)}
    assert words == {"age": "72", "cannot": "can’t kneel", "sitting_hours": "eight or nine hours"}


def test_long_messages_take_bounded_time() -> None:
    text = "I sit 9 hours, my back hurts, tight since 2 weeks, I run 3x a week and I can't kneel, no mat. " * 100
    read_facts(text)
    start = time.perf_counter()
    read_facts(text)
    assert time.perf_counter() - start < 1


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for fact in read_facts(text):
        assert 0 <= fact.start < fact.end <= len(text)


def test_entities_are_named_as_their_slots() -> None:
    message = Message({TEXT: "My knee hurts, my back hurts, I run and swim 3x a week"})
    FactReader(FactReader.get_default_config()).process([message])
    entities = [(entity["entity"], entity["value"]) for entity in message.get(ENTITIES)]
    # One value for a slot that holds one, all for a list.
    assert [value for name, value in entities if name == "pain_area"] == ["knee"]
    assert [value for name, value in entities if name == "sports"] == ["running", "swimming"]


def test_a_button_states_nothing() -> None:
    message = Message({TEXT: '/answer_question{"question": "sitting_hours", "value": "9 hours sitting"}'})
    FactReader(FactReader.get_default_config()).process([message])
    assert message.get(ENTITIES) == []
