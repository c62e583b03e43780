"""Exercise actions as the action server runs them, on a real library: texts, buttons, cards, memory, failures."""

import logging
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validate
from rasa_sdk import Action
from rasa_sdk.executor import CollectingDispatcher

from actions.find_exercises import FindExercises
from actions.resilience import resilient
from library.content import FOLDER, read_content
from settings import ROOT
from tests.support.actions import Conversation, titles

CAUTION = "Stop and see a doctor if you feel tingling, numbness or burning."
EXERCISE_ACTIONS = [
    "action_find_exercises",
    "action_next_exercise",
    "action_show_all_exercises",
    "action_explain_exercise",
    "action_adjust_level",
    "action_show_routine",
    "action_show_picture",
]
APOLOGY = {
    "response": "utter_action_failed",
    "titles": ["Causes of tightness", "How to loosen them", "When to see a doctor"],
}


async def test_a_search(talk: Conversation) -> None:
    (reply,) = await talk.ask("action_find_exercises", body_area="low back", exercise_type="stretch")
    assert reply["text"] == (
        "Here are stretches for your low back:\n"
        "1. Seated hamstring stretch: eases pull on the low back. Hold 30 seconds on each side, twice a day.\n"
        "2. Vertical hamstring stretch: loosens the hamstrings with the back fully supported. "
        "Hold 10 to 20 seconds, 2 times on each side, twice a day. Take your time.\n"
        "3. Cat and camel: moves a stiff back after sitting. 8 times, twice a day.\n" + CAUTION
    )
    assert reply["buttons"] == [
        {
            "title": "Seated hamstring stretch",
            "payload": '/ask_exercise_howto{"exercise": "seated-hamstring-stretch"}',
        },
        {
            "title": "Vertical hamstring stretch",
            "payload": '/ask_exercise_howto{"exercise": "vertical-hamstring-stretch"}',
        },
        {"title": "Cat and camel", "payload": '/ask_exercise_howto{"exercise": "cat-camel"}'},
        {"title": "Show all 9", "payload": "/show_all"},
        {"title": "Something else", "payload": "/next_exercise"},
    ]
    assert talk.slots == {
        "last_search": {
            "area": "low back",
            "kind": "stretch",
            "equipment": [],
            "position": None,
            "minutes": None,
            "level": None,
            "cause": None,
            "warm_up": None,
            "shown": 3,
            "page": 3,
            "routine": None,
        },
        "last_exercises": ["seated-hamstring-stretch", "vertical-hamstring-stretch", "cat-camel"],
        "current_exercise": None,
        "focus": "list",
    }


async def test_a_search_refined_turn_by_turn(talk: Conversation) -> None:
    await talk.ask("action_find_exercises", body_area="low back", exercise_type="strengthen")
    knee = await talk.hear("action_find_exercises", "refine_search", body_area="knee")
    assert knee.startswith("Here are strengthening exercises for your knees:\n1. Straight leg raise: ")
    bare = await talk.hear("action_find_exercises", "refine_search", equipment="none")
    assert bare.startswith("Here are strengthening exercises for your knees, without equipment:\n")
    standing = await talk.hear("action_find_exercises", "refine_search", position="standing", duration=4)
    assert standing == (
        "Here are strengthening exercises for your knees, while standing, without equipment, 4 minutes or less:\n"
        "1. Quadriceps strengthening: evens out the front and back of the thigh. "
        "Hold 5 seconds, 10 times, 3 days a week.\n"
        "2. Standing hamstring curl: strengthens the hamstrings without a machine. "
        "Hold 5 seconds, 10 times on each side, 4 days a week.\n" + CAUTION
    )
    afresh = await talk.hear("action_find_exercises", "find_exercises", body_area="foot")
    assert afresh.startswith("Here are exercises for your feet:\n1. Massage roller: ")


async def test_a_refinement_keeps_nothing_that_nobody_asked_for(talk: Conversation) -> None:
    anything = await talk.hear("action_find_exercises")
    assert anything.startswith("Here are stretches for your thighs:\n1. Toe touch: ")
    knee = await talk.hear("action_find_exercises", "refine_search", body_area="knee")
    assert knee.startswith("Here are exercises for your knees:\n")


async def test_an_exercise_looked_for_by_its_name_is_explained(talk: Conversation) -> None:
    text = await talk.hear("action_find_exercises", exercise="calf stretch")
    assert text.startswith("Wall calf stretch: eases tight calves")


async def test_hamstrings_beside_another_area_are_not_the_question(talk: Conversation) -> None:
    alone = await talk.hear("action_find_exercises", body_area=["thigh"])
    assert alone.startswith("Here are exercises for your thighs:")
    beside = await talk.hear("action_find_exercises", body_area=["thigh", "knee"])
    assert beside.startswith("Here are exercises for your knees:")


async def test_what_comes_nearest_is_said_as_such(talk: Conversation) -> None:
    text = await talk.hear(
        "action_find_exercises", body_area="foot", exercise_type="stretch", position="sitting", duration="1"
    )
    assert text == (
        "I have nothing that fits all of that. "
        'Leaving out "while sitting" and "1 minute or less", these come nearest:\n'
        "1. Runner's lunge: opens hip and groin and reaches down to the sole. "
        "Hold 15 seconds on each side, twice a day.\n"
        "2. Wall calf stretch: eases tight calves that pull on heel and knee. "
        "Hold 30 seconds, 2 times on each side, twice a day.\n"
        "3. Bent-knee calf stretch: reaches the deep calf and the heel. "
        "Hold 30 seconds, 2 times on each side, twice a day.\n" + CAUTION
    )


async def test_another_one_until_all_were_seen_and_round_again(talk: Conversation) -> None:
    await talk.ask("action_find_exercises", body_area="foot", exercise_type="stretch")
    seen = list(talk.slots["last_exercises"])
    more = await talk.hear("action_next_exercise", "next_exercise")
    assert more.startswith("Here are more stretches for your feet:\n1. Downward dog: ")
    nearest = await talk.hear("action_next_exercise", "next_exercise")
    assert nearest.startswith('I have nothing more that fits all of that. Leaving out "stretches", these come nearest:')
    while talk.slots["last_search"]["shown"] < len(read_content()):
        await talk.ask("action_next_exercise", "next_exercise")
    await talk.ask("action_next_exercise", "next_exercise")
    assert talk.slots["last_exercises"] == seen


async def test_show_them_all(talk: Conversation) -> None:
    await talk.ask("action_find_exercises", body_area="foot", exercise_type="stretch")
    (reply,) = await talk.ask("action_show_all_exercises", "show_all")
    assert reply["text"].startswith("These are all my stretches for your feet:\n1. Runner's lunge: ")
    assert titles(reply) == [
        "Runner's lunge",
        "Wall calf stretch",
        "Bent-knee calf stretch",
        "Downward dog",
        "Something else",
    ]
    assert len(talk.slots["last_exercises"]) == 4


@pytest.mark.parametrize("action", ["action_next_exercise", "action_show_all_exercises"])
async def test_more_of_nothing_is_a_common_search(talk: Conversation, action: str) -> None:
    assert "1. Toe touch: lengthens the back of the thigh anywhere." in await talk.hear(action)


async def test_a_whole_exercise(talk: Conversation) -> None:
    (reply,) = await talk.ask("action_explain_exercise", "ask_exercise_howto", exercise="seated-hamstring-stretch")
    assert reply["text"] == (
        "Seated hamstring stretch: eases pull on the low back.\n"
        "Dose: Hold 30 seconds on each side, twice a day.\n"
        "You need: a chair.\n"
        "1. Sit on the front edge of a firm chair, both feet on the floor.\n"
        "2. Straighten one leg in front of you, heel down and toes up.\n"
        "3. Sit tall and roll your pelvis forward, as if tipping a bowl away from you.\n"
        "4. Stay there and breathe for 30 seconds, then change legs.\n"
        "Think of: Lead with the breastbone; keep the heel heavy and the toes up.\n"
        "You should feel: a pull along the back of the thigh, not in the back and not behind the knee alone.\n"
        "Common mistakes: Rounding the back to reach further; bouncing; sliding off the edge of the chair.\n"
        "Leave it out if you pulled or tore a hamstring and nobody has looked at it.\n"
        f"Stop if the pull turns into a sharp pain. {CAUTION}"
    )
    assert titles(reply) == ["Harder", "Something else", "Daily routine"]
    assert talk.slots == {"current_exercise": "seated-hamstring-stretch", "focus": "exercise"}
    card = reply["custom"]
    assert card["dose"]["text"] == "Hold 30 seconds on each side, twice a day."
    assert (card["name"], card["kind"], card["position"], card["level"]) == (
        *("Seated hamstring stretch", "stretch", "sitting", "easy"),
    )
    assert card["source"] == {"name": "Runners' article on tight hamstrings", "url": None}


CARD = {
    "type": "object",
    "required": [
        *("type", "slug", "name", "kind", "position", "level", "dose", "equipment", "areas", "steps", "cues"),
        *("feel", "mistakes", "stop_if", "source"),
    ],
    "properties": {
        "type": {"const": "exercise"},
        "steps": {"type": "array", "minItems": 2},
        "stop_if": {"type": "array", "contains": {"const": "you feel tingling, numbness or burning: see a doctor"}},
        "dose": {
            "type": "object",
            "required": ["hold_seconds", "sides", "repetitions", "times_a_day", "text"],
            "properties": {"text": {"type": "string", "pattern": r"^[A-Z0-9].*\.$"}},
        },
    },
}


@pytest.mark.parametrize("slug", [exercise["slug"] for exercise in read_content()])
async def test_every_exercise_can_be_explained(sqlite_library: str, monkeypatch: pytest.MonkeyPatch, slug: str) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_library)
    (reply,) = await Conversation().ask("action_explain_exercise", "ask_exercise_howto", exercise=slug)
    assert reply["text"].splitlines()[-1].startswith("Stop if ")
    assert reply["text"].endswith(CAUTION)
    validate(reply["custom"], CARD)
    assert reply["custom"]["slug"] == slug
    drawn = (FOLDER / "poses" / f"{slug}.yml").exists()
    assert reply["custom"].get("picture") == (f"/pictures/{slug}.svg" if drawn else None)


async def test_a_picture_with_its_steps(talk: Conversation) -> None:
    await talk.ask("action_explain_exercise", "ask_exercise_howto", exercise="sit to stand")
    (reply,) = await talk.ask("action_show_picture", "show_picture")
    assert reply["text"] == (
        "Sit to stand, step by step:\n"
        "1. Sit near the front of a firm chair, feet hip-width apart and a little behind your knees.\n"
        "2. Lean forward from the hips.\n"
        "3. Stand up slowly through your heels, without hands if you can.\n"
        f"4. Sit down again slower than you stood up. Do 8.\n{CAUTION}"
    )
    assert (reply["custom"]["type"], reply["custom"]["show"]) == ("exercise", "picture")
    assert reply["custom"]["picture"] == "/pictures/sit-to-stand.svg"
    assert reply["custom"]["picture_text"].startswith("Drawn in 4 pictures. 1. Sit near the front of a firm chair")
    assert titles(reply)[0] == "Dose and tips"


async def test_a_picture_of_what_is_named_or_chosen(talk: Conversation) -> None:
    (reply,) = await talk.ask("action_show_picture", "show_picture", exercise="plank")
    assert reply["custom"]["slug"] == talk.slots["current_exercise"] == "plank"
    await talk.ask("action_find_exercises", body_area="foot", exercise_type="stretch")
    (reply,) = await talk.ask("action_show_picture", "show_picture", ordinal=2)
    assert reply["custom"]["slug"] == "wall-calf-stretch"
    (reply,) = await talk.ask("action_show_picture", "show_picture", exercise="xyzzy")
    assert reply["text"].startswith("Which exercise do you mean?")


async def test_no_picture_of_what_does_not_suit(talk: Conversation) -> None:
    talk.slots["likely_causes"] = ["hip_flexors"]
    (reply,) = await talk.ask("action_show_picture", "show_picture", exercise="toe touch")
    assert reply["text"].startswith("I'd leave the toe touch out for now.")
    assert not reply.get("custom")


async def test_the_second_one(talk: Conversation) -> None:
    await talk.ask("action_find_exercises", body_area="foot", exercise_type="stretch")
    second = await talk.hear("action_explain_exercise", "ask_exercise_howto", ordinal=2)
    assert second.startswith("Wall calf stretch: ")
    last = await talk.hear("action_explain_exercise", "choose_option", ordinal=-1)
    assert last.startswith("Bent-knee calf stretch: ")
    same = await talk.hear("action_explain_exercise", "ask_exercise_howto")
    assert same.startswith("Bent-knee calf stretch: ")


@pytest.mark.parametrize("entities", [{"ordinal": 9}, {"ordinal": 0}, {"ordinal": "x"}, {"exercise": "xyzzy"}, {}])
async def test_an_unclear_choice_is_asked_back(talk: Conversation, entities: dict[str, Any]) -> None:
    await talk.ask("action_find_exercises", body_area="knee", exercise_type="stretch")
    (reply,) = await talk.ask("action_explain_exercise", "choose_option", **entities)
    assert reply["text"] == (
        "Which exercise do you mean? Say its name or its number:\n1. Wall calf stretch\n2. Standing quad stretch"
    )
    assert titles(reply) == ["Wall calf stretch", "Standing quad stretch"]


async def test_easier_and_harder(talk: Conversation) -> None:
    await talk.ask("action_explain_exercise", "ask_exercise_howto", exercise="glute bridge")
    harder = await talk.hear("action_adjust_level", "ask_harder")
    assert harder.startswith("Single-leg glute bridge: ")
    hardest = await talk.hear("action_adjust_level", "ask_harder")
    assert hardest == (
        "The single-leg glute bridge is the hardest of its kind that I can offer you. "
        "Add a repetition or two, or try something else."
    )
    easier = await talk.hear("action_adjust_level", "ask_easier")
    assert easier.startswith("Glute bridge: ")


async def test_easier_than_a_list_is_a_list(talk: Conversation) -> None:
    await talk.ask("action_find_exercises", body_area="low back", exercise_type="stretch")
    text = await talk.hear("action_adjust_level", "ask_easier")
    assert text.startswith("Here are easy stretches for your low back:\n")
    assert talk.slots["last_search"]["level"] == "easy"


async def test_a_routine(talk: Conversation) -> None:
    assert await talk.hear("action_show_routine", "ask_routine") == (
        "A good routine is short and steady: twice a day beats one hard session. "
        "Hold each stretch 10 to 20 seconds a side, unless it says otherwise.\n"
        "1. Toe touch: lengthens the back of the thigh anywhere. Hold 10 to 20 seconds on each side, twice a day.\n"
        "2. Straight leg raise: strengthens the front of the thigh without bending the knee. "
        "Hold 5 seconds, 10 times on each side, 4 days a week.\n"
        "3. Feet-up rest: takes the knees out of the right angle. 5 minutes, 3 times a day.\n" + CAUTION
    )


async def test_tight_hip_flexors_mean_strength_and_no_hamstring_stretch(talk: Conversation) -> None:
    talk.slots["likely_causes"] = ["hip_flexors", "sitting"]
    text = await talk.hear("action_find_exercises", "training answer of the cause finder", body_area="low back")
    assert text == (
        "Here are exercises for tight hip flexors:\n"
        "1. Abdominal activation: counters the forward pull on the pelvis. Hold 10 seconds, 5 times, twice a day.\n"
        "2. Straight leg raise: strengthens the front of the thigh without bending the knee. "
        "Hold 5 seconds, 10 times on each side, 4 days a week.\n"
        "3. Hamstring curl: strengthens the hamstrings that steady the knee. Hold 1 second, 10 times, 3 days a week.\n"
        "Your hip flexors are the likely cause, so I leave hamstring stretches out: strengthening helps more.\n"
        + CAUTION
    )
    (reply,) = await talk.ask("action_explain_exercise", "ask_exercise_howto", exercise="toe-touch")
    assert reply["text"] == (
        "I'd leave the toe touch out for now. Your hip flexors are the likely cause, so I leave hamstring stretches "
        "out: strengthening helps more. These suit you better:"
    )
    assert titles(reply) == ["Straight leg raise", "Hamstring curl", "Bridge hold"]


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        ({"operation": True}, "After an operation, only your surgeon or physiotherapist sets"),
        ({"injury_days": 4}, "That injury is still fresh or not healed"),
        ({"sit_bone_pain": True, "age": 14}, "While you are still growing, pain at one spot of the sit bone"),
    ],
)
@pytest.mark.parametrize("action", EXERCISE_ACTIONS)
async def test_states_that_leave_nothing_are_said_as_such(
    talk: Conversation, action: str, slots: dict[str, Any], words: str
) -> None:
    talk.slots.update(slots)
    (reply,) = await talk.ask(action, exercise="toe-touch", body_area="knee")
    assert reply["text"].startswith(words)
    assert titles(reply) == ["When to see a doctor", "Causes of tightness"]


@pytest.mark.parametrize(
    ("slots", "note", "never"),
    [
        (
            {"cannot": ["floor"]},
            "Left out: lying and kneeling ones, because you can't get down on the floor.",
            {"floor"},
        ),
        (
            {"cannot": ["kneel"], "pregnant": True, "pregnancy_weeks": 24},
            "Left out: ones flat on your back or front, because they are not for pregnancy after 16 weeks; "
            "kneeling ones, because you can't kneel.",
            {"kneel", "lie_on_back", "lie_on_front"},
        ),
    ],
)
async def test_what_a_state_leaves_out_is_said_with_its_reason(
    talk: Conversation, slots: dict[str, Any], note: str, never: set[str]
) -> None:
    talk.slots.update(slots)
    text = await talk.hear("action_find_exercises", exercise_type="strengthen")
    assert f"\n{note}\n{CAUTION}" in text
    demands = {exercise["slug"]: exercise["demands"] for exercise in read_content()}
    for _ in range(25):
        assert never.isdisjoint(demand for slug in talk.slots["last_exercises"] for demand in demands[slug])
        await talk.ask("action_next_exercise", "next_exercise")


@pytest.mark.parametrize(
    "slots",
    [
        {"likely_causes": ["previous_injury", "hip_flexors"]},
        {"likely_causes": ["previous_injury"]},
        {"likely_causes": ["hip_flexors"]},
        {"hypermobile": True},
        {"sit_bone_pain": True},
        {"posture_sign": "long_weak"},
        {"sore": True},
    ],
)
async def test_who_needs_strength_is_never_shown_a_hamstring_stretch(talk: Conversation, slots: dict[str, Any]) -> None:
    talk.slots.update(slots)
    stretches = {exercise["slug"] for exercise in read_content() if exercise.get("stretches_hamstring")}
    for action in ("action_show_routine", "action_find_exercises", *["action_next_exercise"] * 20):
        await talk.ask(action, "ask_routine" if action == "action_show_routine" else "find_exercises")
        assert stretches.isdisjoint(talk.slots["last_exercises"])
    (reply,) = await talk.ask("action_explain_exercise", "ask_exercise_howto", exercise="seated-hamstring-stretch")
    assert reply["text"].startswith("I'd leave the seated hamstring stretch out for now. ")


async def test_an_exercise_that_a_state_rules_out_is_refused_with_its_reason(talk: Conversation) -> None:
    talk.slots["cannot"] = ["kneel"]
    text = await talk.hear("action_explain_exercise", "ask_exercise_howto", exercise="bird dog")
    assert text == (
        "I'd leave the bird dog out for now. Left out: kneeling ones, because you can't kneel. These suit you better:"
    )


async def test_a_part_of_the_body_that_the_library_lacks_is_named(talk: Conversation) -> None:
    text = await talk.hear("action_find_exercises", exercise_type="stretch", other_body_part="neck")
    assert text.startswith("I have nothing for your neck: ")
    both = await talk.hear("action_find_exercises", body_area="low back", other_body_part="neck")
    assert both.startswith("Here are exercises for your low back:")


async def test_one_easy_exercise(talk: Conversation) -> None:
    (reply,) = await talk.ask("action_find_exercises", count=1, level="easy")
    assert reply["text"] == (
        "**Toe touch**\n"
        "1. Stand, or sit, with one leg straight out in front, its heel down or propped on something low.\n"
        "2. Keep the other knee bent.\n"
        "3. Hinge at the hips with a straight back and bring your chest towards the front leg.\n"
        "4. Hold 10 to 20 seconds, then change legs.\n"
        f"Hold 10 to 20 seconds on each side, twice a day.\n{CAUTION}"
    )
    assert reply["custom"]["slug"] == "toe-touch"
    assert (talk.slots["current_exercise"], talk.slots["focus"]) == ("toe-touch", "exercise")
    another = await talk.hear("action_next_exercise", "next_exercise")
    assert "Toe touch" not in another and "2." not in another


async def test_five_minutes_beside_the_truck(talk: Conversation) -> None:
    text = await talk.hear("action_find_exercises", position="standing", duration=5, place="travel")
    assert text.startswith("Here are exercises for your thighs, while standing, 5 minutes or less:\n1. Toe touch: ")
    text = await talk.hear("action_find_exercises", duration=5, place="travel")
    assert text.startswith("Here are exercises for your thighs, while standing, without equipment, 5 minutes or less:")


async def test_a_warm_up_moves(talk: Conversation) -> None:
    text = await talk.hear("action_find_exercises", moment="before", exercise_type="stretch")
    assert text.startswith("Here are moving warm-ups:\n1. Leg swings: ")


async def test_ten_minutes_at_a_desk_then_a_shorter_version_then_a_list(talk: Conversation) -> None:
    minutes = {exercise["slug"]: exercise["minutes"] for exercise in read_content()}
    positions = {exercise["slug"]: exercise["position"] for exercise in read_content()}
    text = await talk.hear("action_show_routine", "ask_routine", duration=10, position="sitting")
    assert text.startswith("Your routine, about 10 minutes while sitting:\n1. ")
    assert sum(minutes[slug] for slug in talk.slots["last_exercises"]) == 10
    assert {positions[slug] for slug in talk.slots["last_exercises"]} == {"sitting"}
    shorter = await talk.hear("action_find_exercises", "refine_search", comparison="shorter")
    assert shorter.startswith("Your routine, about 3 minutes while sitting:\n1. ")
    assert sum(minutes[slug] for slug in talk.slots["last_exercises"]) == 3
    written = await talk.hear("action_show_all_exercises", "show_all")
    assert written.startswith("Your routine, about 3 minutes, to copy:\n- [ ] ")


async def test_a_nerve_means_no_stretch(talk: Conversation) -> None:
    talk.slots["likely_causes"] = ["sitting", "neural_tension"]
    text = await talk.hear("action_find_exercises", exercise_type="stretch")
    assert "A nerve may be involved, so I leave stretches out. Please see a doctor." in text
    await talk.ask("action_show_all_exercises", "show_all")
    kinds = {exercise["slug"]: exercise["kind"] for exercise in read_content()}
    assert "stretch" not in {kinds[slug] for slug in talk.slots["last_exercises"]}


@pytest.mark.parametrize("slots", [{"exercise_hold": True}, {"safety_hold": "see_doctor"}])
@pytest.mark.parametrize("action", EXERCISE_ACTIONS)
async def test_a_hold_stops_every_exercise_action(talk: Conversation, action: str, slots: dict[str, Any]) -> None:
    talk.slots.update(slots, last_exercises=["toe-touch"], current_exercise="toe-touch")
    before = dict(talk.slots)
    (reply,) = await talk.ask(action, exercise="toe-touch", ordinal=1, body_area="knee")
    assert (reply["response"], reply["text"], reply["buttons"]) == ("utter_exercises_on_hold", None, [])
    assert talk.slots == before


@pytest.mark.parametrize(
    "entities",
    [
        {"body_area": "elbow"},
        {"body_area": {"$ne": None}},
        {"equipment": "'; DROP TABLE exercise; --"},
        {"duration": "soon"},
        {"duration": -5},
        {"duration": float("nan")},
        {"position": {"lying": True}},
        {"exercise_type": "x" * 100_000},
    ],
)
async def test_unknown_values_are_left_out(talk: Conversation, entities: dict[str, Any]) -> None:
    text = await talk.hear("action_find_exercises", **entities)
    assert text.startswith("Here are stretches for your thighs:\n1. Toe touch: ")


@pytest.mark.parametrize(
    "slots",
    [
        {"last_search": "nonsense"},
        {"last_search": {"area": "elbow", "shown": "many"}},
        {"last_search": {"shown": 10**9}},
        {"last_exercises": ["no-such-exercise"], "current_exercise": "no-such-exercise"},
        {"likely_causes": ["bad luck"]},
    ],
)
@pytest.mark.parametrize("action", EXERCISE_ACTIONS)
async def test_old_or_odd_slots_do_no_harm(talk: Conversation, action: str, slots: dict[str, Any]) -> None:
    talk.slots.update(slots)
    (reply,) = await talk.ask(action, "ask_harder", ordinal=1)
    assert reply["text"]
    assert reply["response"] is None


def assert_apology(replies: list[dict[str, Any]]) -> None:
    (reply,) = replies
    assert {"response": reply["response"], "titles": titles(reply)} == APOLOGY
    assert reply["text"] is None


@pytest.mark.parametrize("action", EXERCISE_ACTIONS)
async def test_a_missing_library_is_apologised_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, action: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/nothing/here.db")
    with caplog.at_level(logging.ERROR, logger="actions.resilience"):
        assert_apology(await Conversation(sender="Ann").ask(action, exercise="toe touch"))
    assert [record.getMessage() for record in caplog.records] == [
        f"{action} failed: OperationalError unable to open database file"
    ]


async def test_a_library_without_tables_is_apologised_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    assert_apology(await Conversation().ask("action_find_exercises"))


async def test_a_server_that_is_not_there_is_apologised_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert_apology(await Conversation().ask("action_find_exercises"))


async def test_a_wrong_setting_is_apologised_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    assert_apology(await Conversation().ask("action_find_exercises"))


async def test_a_locked_library_is_apologised_for_and_answers_again_afterwards(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", library)
    conversation = Conversation()
    with locked(library):
        assert_apology(await conversation.ask("action_find_exercises"))
        assert conversation.slots == {}
    assert (await conversation.hear("action_find_exercises")).startswith("Here are stretches")


def locked(url: str) -> Any:
    """Returns a connection that keeps everybody else out until it is closed."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
    else:
        import psycopg2

        connection = psycopg2.connect(url)
        connection.cursor().execute("LOCK TABLE exercise IN ACCESS EXCLUSIVE MODE")
    from contextlib import closing

    return closing(connection)


async def test_nothing_of_an_action_that_is_too_slow_is_said() -> None:
    waiting = threading.Event()

    class Slow(Action):
        def name(self) -> str:
            return "action_slow"

        @resilient
        def run(self, dispatcher: CollectingDispatcher, tracker: Any, domain: dict[str, Any]) -> list[Any]:
            dispatcher.utter_message(text="half a")
            waiting.wait(60)
            dispatcher.utter_message(text="sentence")
            return []

    dispatcher = CollectingDispatcher()
    try:
        assert await Slow().run(dispatcher, None, {}) == []
    finally:
        waiting.set()
    assert_apology(dispatcher.messages)


async def test_a_broken_action_says_nothing_of_why(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FindExercises):
        @resilient
        def run(self, dispatcher: CollectingDispatcher, tracker: Any, domain: dict[str, Any]) -> list[Any]:
            raise RuntimeError("what Ann told me: secret")

    dispatcher = CollectingDispatcher()
    assert await Broken().run(dispatcher, None, {}) == []
    assert_apology(dispatcher.messages)
    assert "secret" not in caplog.text


def test_the_action_server_needs_no_rasa() -> None:
    code = (
        "import sys; from rasa_sdk.executor import ActionExecutor; "
        "executor = ActionExecutor(); executor.register_package('actions'); "
        "loaded = {name.split('.')[0] for name in sys.modules}; "
        "print(*sorted(loaded & {'rasa', 'tensorflow', 'spacy', 'onnxruntime'})); "
        "print(*sorted(executor.actions))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, env=dict(os.environ)
    )
    heavy, actions = done.stdout.splitlines()
    assert heavy == ""
    assert set(EXERCISE_ACTIONS) <= set(actions.split())
