"""Follow-ups in context: of the exercise, the list or the topic that was said last; never the same text twice."""

from typing import Any

import pytest

from library.answers import topics
from library.content import read_content
from library.follow_ups import read_follow_ups
from tests.support.actions import Conversation, titles

ACTION = "action_answer_follow_up"
FOLLOW_UPS = read_follow_ups()


async def follow_up(talk: Conversation, aspect: str, **entities: Any) -> str:
    return await talk.hear(ACTION, f"follow_up_{aspect}", **entities)


@pytest.mark.parametrize(
    ("aspect", "expected"),
    [
        ("how_long", "Hold the seated hamstring stretch 30 seconds on each side. All of it takes about 2 minutes."),
        ("how_often", "Twice a day. Every day is fine; little and often beats long and rare."),
        ("how_many", "Once on each side, twice a day. A second round is fine if it feels good."),
        (
            "when_results",
            "You may feel looser right away; a change that stays takes two to six weeks of steady work.",
        ),
        (
            "why",
            "The seated hamstring stretch eases pull on the low back. Done often, it lets the muscle get used to its "
            "length.",
        ),
        (
            "both_sides",
            "Yes, both legs, one after the other: hold 30 seconds on each side. Begin with the tighter one; it may "
            "have one more round.",
        ),
        (
            "lacks",
            "It needs a chair. Instead of a chair: the edge of a bed or a firm stool. Tell me what you lack, and I'll "
            "show only what works without.",
        ),
    ],
)
async def test_an_exercise_answers_from_its_fields(talk: Conversation, aspect: str, expected: str) -> None:
    await talk.ask("action_explain_exercise", "ask_exercise_howto", exercise="seated-hamstring-stretch")
    assert await follow_up(talk, aspect) == expected


@pytest.mark.parametrize("aspect", FOLLOW_UPS)
@pytest.mark.parametrize("slug", ["nordic-curl", "walking-break", "calf-smash", "low-impact-cardio", "leg-swings"])
async def test_every_aspect_of_an_exercise_has_an_answer(talk: Conversation, aspect: str, slug: str) -> None:
    await talk.ask("action_explain_exercise", "ask_exercise_howto", exercise=slug)
    (reply,) = await talk.ask(ACTION, f"follow_up_{aspect}")
    assert len(reply["text"]) > 20 and "None" not in reply["text"] and "  " not in reply["text"]
    assert talk.slots["current_exercise"] == slug


@pytest.mark.parametrize("aspect", FOLLOW_UPS)
async def test_every_aspect_of_a_list_has_an_answer(talk: Conversation, aspect: str) -> None:
    await talk.ask("action_find_exercises", body_area="knee")
    (reply,) = await talk.ask(ACTION, f"follow_up_{aspect}")
    assert len(reply["text"]) > 20 and "None" not in reply["text"]


async def test_the_second_one_of_a_list(talk: Conversation) -> None:
    await talk.ask("action_find_exercises", body_area="low back", exercise_type="stretch")
    assert await follow_up(talk, "how_long", ordinal=2) == (
        "Hold the vertical hamstring stretch 10 to 20 seconds on each side. All of it takes about 3 minutes."
    )
    assert (await follow_up(talk, "how_often")).startswith("Twice a day.")
    assert talk.slots["current_exercise"] == "vertical-hamstring-stretch"
    assert (await follow_up(talk, "both_sides", ordinal=-1)).startswith("Both legs work at the same time")


async def test_each_of_a_list(talk: Conversation) -> None:
    await talk.ask("action_find_exercises", body_area="foot")
    assert await follow_up(talk, "how_often") == (
        "1. Massage roller: twice a day\n2. Runner's lunge: twice a day\n3. Towel curl: once a day"
    )
    assert await follow_up(talk, "which_first") == (
        "In this order: massage roller, then the towel curl, then the runner's lunge. "
        "Movement and strength come before long holds."
    )
    assert (await follow_up(talk, "more")).startswith("**1. Massage roller** (4 minutes)\n1. Stand beside")


async def test_what_was_said_last_is_the_focus(talk: Conversation) -> None:
    talk.slots.update(topic="cause_sitting", focus="topic")
    sitting = topics()["cause_sitting"].aspects["how_often"]
    assert await follow_up(talk, "how_often") == sitting
    await talk.ask("action_explain_exercise", "ask_exercise_howto", exercise="plank")
    assert (await follow_up(talk, "how_often")).startswith("3 days a week.")
    talk.slots["focus"] = "topic"  # asked about sitting again
    talk.events.clear()
    assert await follow_up(talk, "how_often") == sitting
    back = await follow_up(talk, "back")
    assert back.startswith("Plank: ")


async def test_back_to_a_topic_or_to_an_exercise(talk: Conversation) -> None:
    talk.slots.update(topic="cause_sitting", focus="exercise", current_exercise="plank")
    talk.text = "back to the first topic"
    (reply,) = await talk.ask(ACTION, "follow_up_back", ordinal=1)
    assert (reply["response"], talk.slots["focus"]) == ("utter_cause_sitting", "topic")
    talk.text = "forget the cause, back to the exercise"
    assert (await follow_up(talk, "back")).startswith("Plank: ")


async def test_without_a_focus_it_asks(talk: Conversation) -> None:
    assert await follow_up(talk, "how_long") == FOLLOW_UPS["how_long"].unclear


@pytest.mark.parametrize("slots", [{"focus": "topic", "topic": "cause_sitting"}, {"current_exercise": "plank"}, {}])
@pytest.mark.parametrize("aspect", sorted(set(FOLLOW_UPS) - {"more", "back", "cannot", "lacks"}))
async def test_no_text_comes_twice_in_a_row(talk: Conversation, aspect: str, slots: dict[str, Any]) -> None:
    talk.slots.update({"focus": "exercise", **slots})
    said = [await follow_up(talk, aspect) for _ in range(4)]
    assert all(one != other for one, other in zip(said, said[1:], strict=False))


@pytest.mark.parametrize(
    "slots",
    [
        {"likely_causes": ["hip_flexors"], "topic": "cause_sitting"},
        {"likely_causes": ["previous_injury"], "topic": "back_pain"},
        {"hypermobile": True, "topic": "how_to_loosen"},
        {"sit_bone_pain": True, "topic": "why_tight"},
    ],
)
@pytest.mark.parametrize("aspect", ["how", "how_long", "how_often", "which_first", "when_results", "time_of_day"])
async def test_who_needs_strength_is_told_no_stretching(talk: Conversation, aspect: str, slots: dict[str, Any]) -> None:
    talk.slots.update({"focus": "topic", **slots})
    (reply,) = await talk.ask(ACTION, f"follow_up_{aspect}")
    assert "10 to 20 seconds" not in reply["text"] and "stretch twice" not in reply["text"].lower()


async def test_cannot_makes_another_list_and_says_why(talk: Conversation) -> None:
    await talk.ask("action_find_exercises", exercise_type="strengthen", body_area="thigh")
    talk.slots["cannot"] = ["floor"]
    text = await follow_up(talk, "cannot")
    assert text.startswith("Here are strengthening exercises for your thighs:\n1. Hamstring curl")
    assert "Left out: lying and kneeling ones, because you can't get down on the floor." in text


async def test_a_list_that_needs_nothing_is_not_said_again(talk: Conversation) -> None:
    await talk.ask("action_find_exercises", position="standing", duration=5)
    talk.slots["lacks_equipment"] = ["resistance band", "equipment"]
    assert await follow_up(talk, "lacks") == (
        "These need nothing at all. Tell me what you lack, and I'll show only what works without."
    )


async def test_cannot_and_lacks_offer_others_instead_of_an_exercise(talk: Conversation) -> None:
    await talk.ask("action_explain_exercise", "ask_exercise_howto", exercise="bird-dog")
    talk.slots["cannot"] = ["kneel"]
    text = await follow_up(talk, "cannot")
    assert text.startswith("I'd leave the bird dog out for now. Left out: kneeling ones, because you can't kneel.")
    await talk.ask("action_explain_exercise", "ask_exercise_howto", exercise="calf-smash")
    talk.slots["lacks_equipment"] = ["ball"]
    text = await follow_up(talk, "lacks")
    assert text.startswith("I'd leave the calf smash with ball out for now. It needs a ball, which you don't have.")


@pytest.mark.parametrize("aspect", FOLLOW_UPS)
@pytest.mark.parametrize("slots", [{"focus": "list"}, {"focus": "exercise"}, {"focus": "topic"}])
async def test_a_hold_keeps_exercises_out_of_every_follow_up(
    talk: Conversation, aspect: str, slots: dict[str, Any]
) -> None:
    listed = {"last_exercises": ["toe-touch", "plank"], "current_exercise": "toe-touch"}
    talk.slots.update({"exercise_hold": True, "topic": "cause_sitting", **listed, **slots})
    (reply,) = await talk.ask(ACTION, f"follow_up_{aspect}", ordinal=1)
    said = reply["text"] or ""
    names = [exercise["name"].lower() for exercise in read_content()]
    assert reply["response"] in (None, "utter_exercises_on_hold")
    assert not any(name in said.lower() for name in names)
    assert "stretch" not in said.lower() and "exercise" not in said.lower()
    assert not any("exercise" in title.lower() for title in titles(reply))


async def test_after_an_operation_an_exercise_is_not_told_about(talk: Conversation) -> None:
    talk.slots.update(operation=True, current_exercise="toe-touch", focus="exercise")
    assert (await follow_up(talk, "how_long")).startswith("After an operation, only your surgeon")
    talk.slots.update(focus="topic", topic="recovery_surgery")
    assert await follow_up(talk, "how_long") == topics()["recovery_surgery"].aspects["how_long"]
