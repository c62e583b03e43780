"""Answers to the cause finder's questions, in the many ways people give them."""

import pytest

from library.facts import read_answer


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9", 9),
        ("nine", 9),
        ("About 9 hours", 9),
        ("from 8 to 5", 9),
        ("9 to 5", 8),
        ("9-17", 8),
        ("from 8am to 6pm", 10),
        ("8-10 hours", 9),
        ("between 6 and 8", 7),
        ("eight or nine hours", 8.5),
        ("half the day", 8),
        ("all day", 10),
        ("all day every day lol", 10),
        ("most of the day", 9),
        ("honestly no idea, most of it", 9),
        ("hardly at all", 2),
        ("hardly at all mate, i'm a roofer", 2),
        ("eight and a half", 8.5),
        ("7,5", 7.5),
        ("90 minutes", 1.5),
        ("half an hour", 0.5),
        ("an hour or so", 1),
        ("35 hours a week", 5),
        ("8 at work and 3 on the sofa", 11),
        ("4 in the car 5 at desk", 9),
        ("twenty four", 24),
        ("none", 0),
        ("nine, ten when its quarter end", 9.5),
        ("eight till half five with an hour off", 8.5),
        ("Maybe three? I'm a postie", 3),
        ("less than two i reckon", 2),
        ("Not that much. Two hours max in evening.", 2),
        ("half my shift so abt 6 hrs", 6),
        ("i dont sit i stand, 11 hrs", 2),
        ("weekdays 10, weekends barely", 10),
        ("upwards of twelve, i game after work", 12),
        ("I work 12 hour shifts but only sit 3", 3),
        ("I sit about 6 hours. Actually 7", 7),
        ("10, no wait, more like 8", 8),
        ("actually more like ten hours", 10),
        ("I made a mistake, three", 3),
        ("9-to-5 desk job", 8),
        # Impossible ones are for the form to refuse.
        ("300 hours a day", 300),
        ("25", 25),
        ("-3", -3),
        ("minus 2", -2),
        ("I don't know", None),
        ("banana", None),
        ("", None),
    ],
)
def test_hours(text: str, hours: float | None) -> None:
    assert read_answer("sitting_hours", text) == hours


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("my back", "back"),
        ("the back of my knee", "knee"),
        ("back of the knee a bit", "knee"),
        ("my heels", "foot"),
        ("lower back, only mornings", "back"),
        ("not my knee but my back", "back"),
        ("my back doesn't hurt but my knee does", "knee"),
        ("backs ok, knee isnt", "knee"),
        ("my back and my knees", ["back", "knee"]),
        ("back, knee and heel", ["back", "knee", "foot"]),
        ("nope nowhere else", "none"),
        ("no", "none"),
        ("my back is fine", "none"),
        ("no back pain", "none"),
        ("Just the thigh, nothing below it", "none"),
        ("yes unfortunately, both knees going up stairs", "knee"),
        ("hip", None),
        ("back to the start please", None),
        ("go back", None),
        ("", None),
    ],
)
def test_pain_area(text: str, area: str | list[str] | None) -> None:
    assert read_answer("pain_area", text) == area


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Flat back", "flat_back"),
        ("flat back, like a plank says my wife", "flat_back"),
        ("the second i think, tucked under", "flat_back"),
        ("my low back arches", "arched_back"),
        ("bum sticks out, belly forward", "arched_back"),
        ("like a duck haha", "arched_back"),
        ("I can touch my toes", "long_weak"),
        ("I can't reach the floor", "none"),
        ("my back is not flat", "none"),
        ("not flat, more arched", "arched_back"),
        ("pretty straight tbh", "none"),
        ("none of these", "none"),
        ("no idea", "none"),
        ("banana", None),
        ("", None),
    ],
)
def test_posture(text: str, sign: str | None) -> None:
    assert read_answer("posture_sign", text) == sign


@pytest.mark.parametrize(
    ("text", "load"),
    [
        ("not at all", "not_at_all"),
        ("I don't train", "not_at_all"),
        ("I don't train much", "some"),
        ("some running", "some"),
        ("twice a week", "some"),
        ("3 times a week", "some"),
        ("not much", "some"),
        ("five days a week", "a_lot"),
        ("every day", "a_lot"),
        ("i climb, 3x week, boulder mostly", "some"),
        ("5 a side tues n thurs, gym sundays", "some"),
        ("padel. too much probably. 5x", "a_lot"),
        ("60k running a week, marathon in oct", "a_lot"),
        ("used to daily, now once if lucky", "some"),
        ("Bharatanatyam classes, four days in a week", "a_lot"),
        ("none since the baby came", "not_at_all"),
        ("zero. nada. walk the dog", "not_at_all"),
        ("banana", None),
        ("", None),
    ],
)
def test_training(text: str, load: str | None) -> None:
    assert read_answer("training_load", text) == load
