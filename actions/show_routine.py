"""The daily routine: a few exercises that go together, and how to keep it up."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.exercise_search import default_criteria, exercise_action, read_criteria, read_state, remember
from actions.exercise_speech import CAUTION, list_buttons, list_lines, state_note
from library.queries import Criteria, Hit, State, search
from library.session import library_session

OPENING = (
    "A good routine is short and steady: twice a day beats one hard session. "
    "Hold each stretch 10 to 20 seconds a side, unless it says otherwise."
)


class ShowRoutine(Action):
    """Puts a routine together for the area that was asked for, or the likely cause."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_show_routine"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Says a stretch, a strengthening exercise and a habit, as far as the state permits them."""
        state = read_state(tracker)
        asked = read_criteria(tracker)
        criteria = asked if asked != Criteria() else default_criteria(tracker)
        hits = choose_routine(criteria, state)
        text = "\n".join([OPENING, *list_lines(hits), *state_note(state, criteria), CAUTION])
        dispatcher.utter_message(text=text, buttons=list_buttons(hits, 0))
        return remember(criteria, 0, hits)


def choose_routine(criteria: Criteria, state: State) -> list[Hit]:
    """Returns the best stretch, strengthening exercise and habit; raises LookupError when there is none."""
    with library_session() as session:
        found = [
            search(session, replace(criteria, kind=kind), state)[:1] for kind in ("stretch", "strengthen", "habit")
        ]
    hits = [hit for hits in found for hit in hits if "kind" not in hit.relaxed]
    if not hits:
        raise LookupError("The library has nothing for a routine.")
    return hits
