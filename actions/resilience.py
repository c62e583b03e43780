"""What keeps an action from silence: a deadline, and an apology with a next step."""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from library.templates import button

logger = logging.getLogger(__name__)

DEADLINE_SECONDS = 2.0
NEXT_STEPS = ("causes", "loosen", "see_doctor")  # answers that need no database
Run = Callable[[Any, CollectingDispatcher, Tracker, dict[str, Any]], list[EventType]]
AsyncRun = Callable[[Any, CollectingDispatcher, Tracker, dict[str, Any]], Awaitable[list[EventType]]]


def resilient(run: Run) -> AsyncRun:
    """Decorates the `run` of an action that may fail or wait, such as one that asks a database.

    It runs in a thread, for `DEADLINE_SECONDS` at most. If it fails or takes longer, nothing of what it said
    or did counts; instead the person hears `utter_action_failed` with buttons to answers that need no
    database. The log names the error, never the conversation.
    """

    @functools.wraps(run)
    async def run_or_apologise(
        action: Action, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        said = CollectingDispatcher()
        try:
            events = await asyncio.wait_for(
                asyncio.to_thread(run, action, said, tracker, domain), timeout=DEADLINE_SECONDS
            )
        except Exception as error:  # whatever it is, the person hears a sentence
            reason = getattr(error, "orig", None) or ""  # a database's own words, without our parameters
            logger.error("%s failed: %s %s", action.name(), type(error).__name__, reason)
            dispatcher.utter_message(response="utter_action_failed", buttons=[button(name) for name in NEXT_STEPS])
            return []
        dispatcher.messages.extend(said.messages)
        return events

    return run_or_apologise
