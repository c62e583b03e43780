"""How the assistant speaks of exercises: lists, whole exercises, doses."""

import json
from typing import Any

from library.content import ContentError
from library.models import Exercise
from library.pictures.drawing import picture_text
from library.queries import Criteria, Hit, State
from library.terms import NO_EQUIPMENT

Button = dict[str, str]
CAUTION = "Stop and see a doctor if you feel tingling, numbness or burning."
# Said when the state leaves hamstring stretches out.
STRENGTH_FIRST = "Your hip flexors are the likely cause, so I leave hamstring stretches out: strengthening helps more."
NERVE_FIRST = "A nerve may be involved, so I leave stretches out. Please see a doctor."

_kinds = {
    "stretch": "stretches",
    "strengthen": "strengthening exercises",
    "release": "self-massage",
    "cardio": "cardio",
    "habit": "everyday habits",
}
_areas = {
    "low back": "your low back",
    "knee": "your knees",
    "foot": "your feet",
    "hip": "your hips",
    "glute": "your buttocks",
    "calf": "your calves",
    "thigh": "your thighs",
    "core": "your tummy muscles",
}
_positions = {
    "sitting": "while sitting",
    "standing": "while standing",
    "kneeling": "while kneeling",
    "lying": "lying down",
    "moving": "on the move",
}
_causes = {
    "sitting": "long sitting",
    "posterior_pelvic_tilt": "a pelvis tipped back",
    "hip_flexors": "tight hip flexors",
    "neural_tension": "a nerve under tension",
    "previous_injury": "an earlier injury",
}
_times = {1: "once", 2: "twice"}


def describe_dose(exercise: Exercise) -> str:
    """Returns the dose in words: how long, how often, in one or two sentences."""
    each_side = " on each side" if exercise.sides == 2 else ""
    hold = _seconds(exercise)
    repetitions = exercise.repetitions or 1
    if exercise.dose_minutes:
        how = f"{_count(exercise.dose_minutes, 'minute')}{each_side}"
    elif hold and repetitions > 1:
        how = f"Hold {hold}, {repetitions} times{each_side}"
    elif hold:
        how = f"Hold {hold}{each_side}"
    elif repetitions == 1:
        how = "Once on each side" if exercise.sides == 2 else "Once"
    else:
        how = f"{repetitions} times{each_side}"
    return f"{how}, {_how_often(exercise)}.{f' {exercise.dose_note}' if exercise.dose_note else ''}"


def describe_list(
    criteria: Criteria,
    hits: list[Hit],
    state: State,
    opening: str = "Here are",
    nothing: str = "I have nothing that fits all of that.",
) -> str:
    """Returns a numbered list of hits with what they are for and their dose.

    Says so (`nothing`) when they are only the nearest, and when the state leaves something out.
    """
    if relaxed := hits[0].relaxed:
        missed = " and ".join(f'"{_criterion(name, criteria)}"' for name in relaxed)
        lines = [f"{nothing} Leaving out {missed}, these come nearest:"]
    else:
        lines = [f"{opening} {_describe_criteria(criteria)}:"]
    lines += list_lines(hits)
    return "\n".join([*lines, *state_note(state, criteria), CAUTION])


def list_lines(hits: list[Hit]) -> list[str]:
    """Returns a numbered line for each hit: its name, what it is for, its dose."""
    return [
        f"{number}. {hit.exercise.name}: {hit.exercise.purpose}. {describe_dose(hit.exercise)}"
        for number, hit in enumerate(hits, 1)
    ]


def state_note(state: State, criteria: Criteria) -> list[str]:
    """Returns the sentence, if any, that says what the state leaves out."""
    if "neural_tension" in (*state.causes, criteria.cause):
        return [NERVE_FIRST]
    return [STRENGTH_FIRST] if "hip_flexors" in (*state.causes[:1], criteria.cause) else []


def list_buttons(hits: list[Hit], more: int) -> list[Button]:
    """Returns a button for each hit, and for the `more` that fit as well."""
    buttons = [howto_button(hit.exercise.slug, hit.exercise.name) for hit in hits]
    if more > 0:
        buttons.append({"title": f"Show all {len(hits) + more}", "payload": "/show_all"})
    return [*buttons, {"title": "Something else", "payload": "/next_exercise"}]


def howto_button(slug: str, title: str) -> Button:
    """Returns the button that asks how an exercise is done."""
    return {"title": title, "payload": f"/ask_exercise_howto{json.dumps({'exercise': slug})}"}


def describe_exercise(exercise: Exercise) -> str:
    """Returns all of an exercise as text, ending in what to stop for."""
    lines = [
        f"{exercise.name}: {exercise.purpose}.",
        f"Dose: {describe_dose(exercise)}",
        f"You need: {_needs(exercise)}.",
        *(f"{number}. {step}" for number, step in enumerate(exercise.steps, 1)),
        f"Think of: {_sentence(exercise.cues)}",
        f"You should feel: {lower_first(exercise.feel)}",
        f"Common mistakes: {_sentence(exercise.mistakes)}",
        f"Leave it out if {'; or if '.join(exercise.avoid_if)}.",
        f"Stop if {'; or if '.join(exercise.stop_if)}. {CAUTION}",
    ]
    return "\n".join(lines)


def exercise_card(exercise: Exercise) -> dict[str, Any]:
    """Returns an exercise as data, for channels that draw a card."""
    plain = ("slug", "name", "kind", "position", "level", "purpose", "feel")
    listed = ("equipment", "optional_equipment", "areas", "steps", "cues", "mistakes", "avoid_if")
    counted = ("hold_seconds", "hold_seconds_max", "sides", "repetitions", "times_a_day", "days_a_week")
    return {
        "type": "exercise",
        **{field: getattr(exercise, field) for field in plain},
        **{field: list(getattr(exercise, field)) for field in listed},
        "dose": {
            **{field: getattr(exercise, field) for field in (*counted, "every_minutes")},
            "minutes": exercise.dose_minutes,
            "text": describe_dose(exercise),
        },
        "stop_if": [*exercise.stop_if, "you feel tingling, numbness or burning: see a doctor"],
        "source": {"name": exercise.source_name, "url": exercise.source_url},
        **describe_picture(exercise.slug),
    }


def describe_picture(slug: str) -> dict[str, str]:
    """Returns where an exercise's picture is and what it shows; nothing for one that is not drawn."""
    try:
        return {"picture": f"/pictures/{slug}.svg", "picture_text": picture_text(slug)}
    except ContentError:
        return {}


def exercise_buttons(exercise: Exercise) -> list[Button]:
    """Returns what one may want after reading an exercise."""
    return [
        *([{"title": "Easier", "payload": "/ask_easier"}] if exercise.regression_slug else []),
        *([{"title": "Harder", "payload": "/ask_harder"}] if exercise.progression_slug else []),
        {"title": "Something else", "payload": "/next_exercise"},
        {"title": "Daily routine", "payload": "/ask_routine"},
    ]


def _describe_criteria(criteria: Criteria) -> str:
    parts = [_kinds[criteria.kind] if criteria.kind else "exercises"]
    names = ("area", "cause", "position", "equipment", "minutes", "level")
    for name in names:
        if getattr(criteria, name):
            preposition = "for " if name in ("area", "cause") else ""
            parts.append(preposition + _criterion(name, criteria))
    text = parts[0] + (f" {parts[1]}" if len(parts) > 1 else "")
    return ", ".join([text, *parts[2:]])


def _criterion(name: str, criteria: Criteria) -> str:
    value = getattr(criteria, name)
    if name == "area":
        return _areas[value]
    if name == "kind":
        return _kinds[value]
    if name == "cause":
        return _causes[value]
    if name == "position":
        return _positions.get(value, value)
    if name == "minutes":
        return f"{_count(int(value), 'minute')} or less"
    if name == "equipment":
        return "without equipment" if value == (NO_EQUIPMENT,) else f"with {_any_of(value)}"
    return f"{value} ones"


def _needs(exercise: Exercise) -> str:
    needed = _any_of(exercise.equipment) if exercise.equipment else "nothing"
    return needed + (f" ({_any_of(exercise.optional_equipment)} if you like)" if exercise.optional_equipment else "")


def _any_of(things: list[str] | tuple[str, ...]) -> str:
    return " or ".join(f"a {thing}" for thing in things)


def _how_often(exercise: Exercise) -> str:
    if exercise.every_minutes:
        return f"about every {exercise.every_minutes} minutes"
    day = f"{_times.get(exercise.times_a_day, f'{exercise.times_a_day} times')} a day"
    if not exercise.days_a_week:
        return day
    week = f"{exercise.days_a_week} days a week"
    return week if exercise.times_a_day == 1 else f"{day}, {week}"


def _seconds(exercise: Exercise) -> str:
    if not exercise.hold_seconds:
        return ""
    if exercise.hold_seconds_max:
        return f"{exercise.hold_seconds} to {exercise.hold_seconds_max} seconds"
    return _count(exercise.hold_seconds, "second")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _sentence(parts: list[str]) -> str:
    return "; ".join([parts[0], *(lower_first(part) for part in parts[1:])]) + "."


def lower_first(text: str) -> str:
    """Returns `text` as it stands within a sentence."""
    return text[:1].lower() + text[1:]
