"""Answers what is asked of what was said last: "how often?", "is that bad?", "what if I can't kneel?"."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.exercise_cards import exercise_buttons, offer_instead, show_by_slug
from actions.exercise_lists import list_buttons, show_page
from actions.resilience import resilient
from actions.state import LastSearch, Situation, read_situation, remember_exercise
from library.answers import Answer, topics
from library.follow_ups import FollowUp, read_follow_ups
from library.models import Exercise
from library.queries import by_slug, resolve_name
from library.restrictions import read_restrictions
from library.session import library_session
from library.templates import Button, button, has_template, render

# What a hold keeps back, in texts that were written for people without one.
EXERCISE_WORDS = re.compile(
    r"\b(stretch\w*|exercis\w*|roll\w*|massag\w*|strength\w*|bridge|curl|hinge|squat\w*|lunge|seconds|repetitions?)\b",
    re.IGNORECASE,
)
# "Stretch twice a day" and "hold 20 seconds", but not "don't stretch".
STRETCH = re.compile(r"(?<!not )(?<!n't )(?<!no )(?<!without )\bstretch\w*|10 to 20 seconds", re.IGNORECASE)
# Likely causes, with the topics whose follow-ups fit best.
CAUSE_TOPICS = {"hip_flexors": "cause_hip_flexors", "previous_injury": "cause_previous_injury"}
AFRESH = ("cannot", "lacks")  # what somebody can't do or lacks changes what is shown
ORDER = ("warm_up", "cardio", "habit", "release", "strengthen", "stretch")

Piece = tuple[str, list[Button]]


class AnswerFollowUp(Action):
    """Says the aspect that the intent names, of the exercise, list or topic in talk."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_answer_follow_up"

    @resilient
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Says it, never the text said just before; asks what is meant where nothing is in talk."""
        situation = read_situation(tracker)
        follow_up = read_follow_ups()[(situation.intent or "").removeprefix("follow_up_")]
        topic = topics().get(situation.topic or "")
        if follow_up.aspect == "back":
            about_exercise = _goes_back_to_exercise(situation)
        else:
            about_exercise = bool(situation.named) or (
                bool(situation.current or situation.listed)
                and (situation.focus in ("exercise", "list") or situation.ordinal is not None)
            )
        if not about_exercise or situation.person.hold:
            return _answer_topic(dispatcher, situation, follow_up, topic)
        if stopped_by := situation.person.stopped_by:
            dispatcher.utter_message(text=stopped_by.instead, buttons=[button("see_doctor"), button("causes")])
            return []
        with library_session() as session:
            return _answer_exercise(dispatcher, session, situation, follow_up)


def _answer_topic(
    dispatcher: CollectingDispatcher, situation: Situation, follow_up: FollowUp, topic: Answer | None
) -> list[EventType]:
    """Says an aspect of a topic, else what is true in general; asks where there is no topic."""
    if topic is None and not situation.person.hold:
        return _say(dispatcher, situation, [(follow_up.unclear, []), (follow_up.general, [])])
    if follow_up.aspect in ("more", "back") and topic and not situation.person.hold:
        dispatcher.utter_message(response=topic.response)  # its next telling
        return [SlotSet("focus", "topic")]
    pieces = _topic_pieces(situation, follow_up, topic)
    if situation.person.hold:
        pieces = (piece for piece in pieces if not EXERCISE_WORDS.search(piece[0]))
    return _say(dispatcher, situation, pieces)


def _topic_pieces(situation: Situation, follow_up: FollowUp, topic: Answer | None) -> Iterator[Piece]:
    known = [topic] if topic else []
    own = [topics()[name] for name in _own_topics(situation) if name in topics()]
    aspect = topic.aspects.get(follow_up.aspect, follow_up.general) if topic else follow_up.general
    # What fits the person goes before what fits the topic: no stretches for whom they harm.
    known = [*own, *known] if own and STRETCH.search(aspect) else [*known, *own]
    for answer in known:
        if text := answer.aspects.get(follow_up.aspect):
            yield text, _buttons(answer.hold_buttons if situation.person.hold else answer.buttons)
    if not (own and STRETCH.search(follow_up.general)):
        yield follow_up.general, _buttons(topic.buttons) if topic and not situation.person.hold else []


def _own_topics(situation: Situation) -> list[str]:
    """Returns the topics that fit the person: of the likely cause, and of states such as an old injury."""
    states = [read_restrictions()[name].topic for name in situation.person.restrictions]
    causes = [CAUSE_TOPICS[cause] for cause in situation.person.causes if cause in CAUSE_TOPICS]
    return list(dict.fromkeys(name for name in (*causes, *states) if name))


def _answer_exercise(
    dispatcher: CollectingDispatcher, session: Session, situation: Situation, follow_up: FollowUp
) -> list[EventType]:
    """Says an aspect of the exercise that is meant, or of the list."""
    person, aspect = situation.person, follow_up.aspect
    slug = resolve_name(session, situation.named) if situation.named else situation.chosen
    current = by_slug(session, slug, person) if slug else None
    listed = [by_slug(session, slug, person) for slug in situation.listed]
    if aspect in AFRESH:
        if slug and current is None and (meant := by_slug(session, slug)):
            return offer_instead(dispatcher, session, situation, meant)
        if current is None and not all(listed):
            last = situation.last or LastSearch(situation.default)
            return show_page(dispatcher, situation, LastSearch(last.criteria, page=last.page))
    if aspect == "back":
        return show_by_slug(dispatcher, session, situation, slug)
    if current is None and slug:
        return show_by_slug(dispatcher, session, situation, slug)  # says why it is left out
    suited = [exercise for exercise in listed if exercise]
    if current is None:
        pieces = _pieces("list", situation, follow_up, suited, {}, list_buttons(suited))
        return _say(dispatcher, situation, pieces)
    links = {
        "easier": by_slug(session, current.regression_slug, person) if current.regression_slug else None,
        "harder": by_slug(session, current.progression_slug, person) if current.progression_slug else None,
    }
    values = {"e": current, **links}
    pieces = _pieces("exercise", situation, follow_up, suited, values, exercise_buttons(current))
    return [*_say(dispatcher, situation, pieces), *remember_exercise(current)]


def _pieces(
    kind: str,
    situation: Situation,
    follow_up: FollowUp,
    listed: list[Exercise],
    values: dict[str, Any],
    buttons: list[Button],
) -> Iterator[Piece]:
    """Yields what can be said of an exercise or a list: the aspect, what is true in general, more of it."""
    values = {
        **values,
        "exercises": listed,
        "ordered": sorted(listed, key=lambda e: ORDER.index("warm_up" if e.warm_up else e.kind)),
        "cause": next(iter(situation.person.causes), None),
    }
    spared = bool(_own_topics(situation))
    for name in (f"{kind}_{follow_up.aspect}", None, f"{kind}_more"):
        if name is None:
            if not (spared and STRETCH.search(follow_up.general)):
                yield follow_up.general, buttons
        elif has_template(name) and (listed or kind == "exercise"):
            yield render(name, **values), buttons


def _say(dispatcher: CollectingDispatcher, situation: Situation, pieces: Iterable[Piece]) -> list[EventType]:
    """Says the first piece that was not said lately; where all were, the one said longest ago."""
    choices = list(pieces)
    if situation.person.hold:
        choices = [piece for piece in choices if piece[0] not in situation.heard[:1]]
        if not choices:
            dispatcher.utter_message(response="utter_exercises_on_hold")
            return []
    else:
        choices.append((render("nothing_new"), [button("show_exercises"), button("find_cause")]))
    text, buttons = max(choices, key=lambda piece: _how_long_ago(piece[0], situation))
    dispatcher.utter_message(text=text, buttons=buttons)
    return []


def _how_long_ago(text: str, situation: Situation) -> int:
    return situation.heard.index(text) if text in situation.heard else len(situation.heard)


def _goes_back_to_exercise(situation: Situation) -> bool:
    """Returns whether "back to ..." means an exercise: one is named or counted, or the topic came after it."""
    if not (situation.current or situation.listed):
        return False
    if situation.topic and re.search(
        r"\b(topic|question|subject|cause|thing)\b(?!,? back to)", situation.text, re.IGNORECASE
    ):
        return False
    if situation.ordinal or situation.named:
        return True
    named = re.search(r"\b(exercise|stretch|list|routine)", situation.text, re.IGNORECASE)
    return situation.focus == "topic" or bool(named) or not situation.topic


def _buttons(made_for_rasa: tuple[dict[str, str], ...]) -> list[Button]:
    """Returns buttons of a response as they are sent: Rasa's doubled braces become single ones."""
    return [{key: text.replace("{{", "{").replace("}}", "}") for key, text in one.items()} for one in made_for_rasa]
