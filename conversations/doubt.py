"""What to assume of a conversation that can't be read: a red flag may be on record that can't be seen."""

from collections.abc import Sequence

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from conversations.event_log import Record
from conversations.recent import note_saved

HOLD, SCREENING = "safety_hold", "screening"
HOLD_SLOTS = (HOLD, "exercise_hold", "report_context", "reported_sign", "reported_words")


def in_doubt() -> list[Event]:
    """Returns events that leave a person with the screening question, so without exercises."""
    return [
        SessionStarted(),
        SlotSet(HOLD, SCREENING),
        SlotSet("exercise_hold", True),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


def assume(sender_id: str, slots: Sequence[Slot]) -> DialogueStateTracker:
    """Returns a tracker for somebody whose conversation can't be read just now."""
    events = in_doubt()
    tracker = DialogueStateTracker.from_events(sender_id, events, slots)
    tracker.__dict__["assumed_events"] = len(events)
    return tracker


def is_assumed(tracker: DialogueStateTracker) -> bool:
    """Returns whether the tracker rests on an assumption instead of the record."""
    return "assumed_events" in tracker.__dict__


def restore(record: Record, sender_id: str, slots: Sequence[Slot]) -> DialogueStateTracker:
    """Returns the tracker of a record; where part of that can't be read, with the screening question open."""
    tracker = DialogueStateTracker.from_events(sender_id, record.events, slots)
    note_saved(tracker, len(record.events))
    if record.doubtful and not tracker.get_slot(HOLD):
        for event in in_doubt():
            tracker.update(event)
    return tracker


def reconcile(assumed: DialogueStateTracker, record: Record, slots: Sequence[Slot]) -> DialogueStateTracker:
    """Returns the tracker of a record with what was said while it could not be read.

    A hold on record stays, whatever was answered meanwhile to the screening question.
    """
    events = list(assumed.events)
    said = events[assumed.__dict__["assumed_events"] :]
    # A turn may go on with the assumed tracker while it is reconciled: then only what was said since is new.
    tracker = assumed.__dict__.get("reconciled") or restore(record, assumed.sender_id, slots)
    assumed.__dict__.update(assumed_events=len(events), reconciled=tracker)
    held = {name: tracker.get_slot(name) for name in HOLD_SLOTS if name in tracker.slots}
    start = [] if tracker.events else [SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)]
    for event in [*start, *said]:
        tracker.update(event)
    if held.get(HOLD) and tracker.get_slot(HOLD) in (None, SCREENING):
        for name, value in held.items():
            tracker.update(SlotSet(name, value))
    return tracker
