"""Pages of a search: what is found and what of it is said."""

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.exercise_search import PAGE, LastSearch, remember
from actions.exercise_speech import describe_list, list_buttons
from library.queries import Criteria, Hit, State, best, search
from library.session import library_session


def find(criteria: Criteria, state: State) -> list[Hit]:
    """Returns all permitted exercises, best first; raises LookupError when the library is empty."""
    with library_session() as session:
        hits = search(session, criteria, state)
    if not hits:
        raise LookupError("The exercise library is empty.")
    return hits


def show_page(dispatcher: CollectingDispatcher, last: LastSearch, state: State) -> list[EventType]:
    """Says the page that follows what was shown; returns the events that remember it."""
    hits = find(last.criteria, state)
    start = last.shown if last.shown < len(hits) else 0
    # A page holds exact hits or nearest ones, never both.
    rest = best(hits[start:])
    page = rest[:PAGE]
    words = {"opening": "Here are more", "nothing": "I have nothing more that fits all of that."} if start else {}
    dispatcher.utter_message(
        text=describe_list(last.criteria, page, state, **words), buttons=list_buttons(page, _all_but(hits, page))
    )
    return remember(last.criteria, start + len(page), page)


def _all_but(hits: list[Hit], page: list[Hit]) -> int:
    fitting = best(hits)
    return len(fitting) - len(page) if page[0].relaxed == fitting[0].relaxed else 0
