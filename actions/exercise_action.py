"""Decorator of actions that name exercises: nothing of them during a hold, and a sentence where the library fails."""

import functools
from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.resilience import AsyncRun, resilient
from actions.state import Situation, read_situation
from library.templates import button

Answer = Callable[[Any, CollectingDispatcher, Situation], list[EventType]]


def exercise_action(answer: Answer) -> AsyncRun:
    """Makes an action's `run` of a method that takes the dispatcher and the situation; see `resilient`."""

    @functools.wraps(answer)
    async def run(
        action: Action, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        situation = read_situation(tracker)
        if situation.person.hold:
            dispatcher.utter_message(response="utter_exercises_on_hold")
            return []
        if stopped_by := situation.person.stopped_by:
            dispatcher.utter_message(text=stopped_by.instead, buttons=[button("see_doctor"), button("causes")])
            return []
        careful = resilient(lambda action, dispatcher, *_: answer(action, dispatcher, situation))
        return await careful(action, dispatcher, tracker, domain)

    del run.__wrapped__  # the SDK counts the parameters
    return run
