"""Answers somebody who tells how it is with them: what was understood, what is likely, what to do, what next."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from library.answers import Answer, read_answers
from library.causes import rank_causes
from library.said_facts import say_facts

LIKELY_TOPIC = 0.08  # confidence from which a topic beside the story is offered
CAUSE_FINDER = {"title": "Find my cause", "payload": "/start_assessment"}
EXERCISES = {"title": "Show exercises", "payload": "/find_exercises"}


class AnswerStory(Action):
    """Says it in at most six short lines."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_answer_story"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Names the likeliest cause, or the topic that the story is nearest to, or asks the first question."""
        facts = dict(tracker.slots)
        told = [entity["entity"] for entity in tracker.latest_message.get("entities") or []]
        understood = say_facts({name: facts.get(name) for name in told}) or say_facts(facts)
        near = near_topics(tracker.latest_message.get("intent_ranking") or [])
        causes = rank_causes(facts)
        buttons = [CAUSE_FINDER, *(_button(answer) for answer in near), EXERCISES]
        if near and (not causes or near[0].intent not in {cause.question for cause in causes}):
            # What the story is about in particular says more than how the person spends the day.
            telling = near[0].short or near[0].tellings[0]
            dispatcher.utter_message(
                response="utter_story_topic", understood=understood, topic=telling, buttons=buttons
            )
            return [SlotSet("topic", near[0].name), SlotSet("focus", "topic")]
        if causes:
            cause = causes[0]
            dispatcher.utter_message(
                response="utter_story_cause",
                understood=understood,
                cause=_lower(cause.name),
                reason=" and ".join(cause.reasons[:2]),
                today=cause.today,
                buttons=[{"title": "More about that", "payload": f"/{cause.question}"}, *buttons],
            )
            return [
                SlotSet("topic", read_answers()[cause.question].name),
                SlotSet("focus", "topic"),
                SlotSet("likely_causes", [cause.slug for cause in causes]),
            ]
        dispatcher.utter_message(response="utter_story_open", understood=understood, buttons=buttons)
        return []


def near_topics(ranking: list[dict[str, Any]]) -> list[Answer]:
    """Returns the answers of the ranking that a story is likely about, the likeliest first, two at most."""
    answers = read_answers()
    named = [entry for entry in ranking if entry["name"] in answers and answers[entry["name"]].topic]
    return [answers[entry["name"]] for entry in named if entry["confidence"] >= LIKELY_TOPIC][:2]


def _button(answer: Answer) -> dict[str, str]:
    return {"title": answer.button, "payload": f"/{answer.intent}"}


def _lower(name: str) -> str:
    return f"{name[0].lower()}{name[1:]}"
