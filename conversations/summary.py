"""A long conversation costs no more a message than a short one: it goes on in stretches."""

from collections.abc import Sequence

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from conversations.recent import note_saved, saved_events

# User messages after which a new stretch begins. One to two stretches are in memory at a time.
TURNS = 8


def begin_stretch(tracker: DialogueStateTracker, slots: Sequence[Slot]) -> None:
    """Begins a new stretch before the turn that is about to be saved, once the current one is long enough.

    It begins with the slots as they were. The turn itself follows, so the last question that was asked stays
    the last one in the tracker, with its buttons; and nothing is stored twice.
    """
    saved = saved_events(tracker)
    before, turn = list(tracker.events)[:saved], list(tracker.events)[saved:]
    if _turns(before) < TURNS or not _waits(before) or not any(isinstance(event, UserUttered) for event in turn):
        return
    known = DialogueStateTracker.from_events(tracker.sender_id, before, slots)
    if known.active_loop_name:
        return
    values = [SlotSet(name, slot.value) for name, slot in known.slots.items() if slot.value != slot.initial_value]
    start: list[Event] = [SessionStarted(), *values, ActionExecuted(ACTION_LISTEN_NAME)]
    for event in start:
        event.timestamp = before[-1].timestamp
    tracker.events.clear()
    tracker.events.extend([*before, *start, *turn])


def forget_old_stretches(tracker: DialogueStateTracker, slots: Sequence[Slot]) -> DialogueStateTracker:
    """Returns the tracker without what lies before its last stretch but one; all of it must be saved."""
    events = list(tracker.events)
    starts = [i for i, event in enumerate(events) if isinstance(event, SessionStarted)]
    if len(starts) < 2 or not starts[-2]:
        return tracker
    shorter = DialogueStateTracker.from_events(tracker.sender_id, events[starts[-2] :], slots)
    note_saved(shorter, len(shorter.events))
    return shorter


def _turns(events: list[Event]) -> int:
    turns = 0
    for event in reversed(events):
        if isinstance(event, SessionStarted):
            break
        turns += isinstance(event, UserUttered)
    return turns


def _waits(events: list[Event]) -> bool:
    """Whether a turn has just ended, so that a cut is possible."""
    last = events[-1] if events else None
    return isinstance(last, ActionExecuted) and last.action_name == ACTION_LISTEN_NAME
