"""The conversations of late, in memory: fast to reach, and kept there while the database does not answer."""

from collections import OrderedDict

from rasa.shared.core.trackers import DialogueStateTracker

REMEMBERED = 1000  # conversations; those that are not saved are kept beside them


class Recent:
    """Trackers by sender, and how many events of each are saved.

    The count is kept with the tracker itself: a tracker that somebody is still using may have left this
    memory, and must not be saved twice.
    """

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit = limit
        self._saved: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self._unsaved: dict[str, DialogueStateTracker] = {}

    def get(self, sender_id: str) -> DialogueStateTracker | None:
        """Returns a tracker and notes that it was used; None where it is not in memory."""
        if sender_id in self._saved:
            self._saved.move_to_end(sender_id)
        return self._unsaved.get(sender_id) or self._saved.get(sender_id)

    def get_unsaved(self, sender_id: str) -> DialogueStateTracker | None:
        """Returns a tracker that is not in the database yet; None where there is none."""
        return self._unsaved.get(sender_id)

    def senders(self) -> list[str]:
        """Returns whose conversations are in memory."""
        return [*self._saved, *self._unsaved]

    def put(self, tracker: DialogueStateTracker) -> None:
        """Keeps a tracker; where there are too many, the saved one that was not used for longest goes."""
        self.drop(tracker.sender_id)
        if is_saved(tracker):
            self._saved[tracker.sender_id] = tracker
            if len(self._saved) > self._limit:
                self._saved.popitem(last=False)
        else:
            self._unsaved[tracker.sender_id] = tracker

    def drop(self, sender_id: str) -> None:
        """Forgets a conversation."""
        self._saved.pop(sender_id, None)
        self._unsaved.pop(sender_id, None)

    def drop_before(self, time: float) -> None:
        """Forgets the conversations that have no event since `time`."""
        for tracker in [*self._saved.values(), *self._unsaved.values()]:
            if tracker.events and tracker.events[-1].timestamp < time:
                self.drop(tracker.sender_id)

    def unsaved(self) -> list[DialogueStateTracker]:
        """Returns what is not in the database yet."""
        return list(self._unsaved.values())

    def nothing_is_saved(self) -> None:
        """Notes that the database has lost everything."""
        for tracker in [*self._saved.values(), *self._unsaved.values()]:
            note_saved(tracker, 0)
            self.put(tracker)


def saved_events(tracker: DialogueStateTracker) -> int:
    """Returns how many of a tracker's events are in the database."""
    return tracker.__dict__.get("saved_events", 0)


def note_saved(tracker: DialogueStateTracker, number: int) -> None:
    """Notes how many of a tracker's events are in the database."""
    tracker.__dict__["saved_events"] = number


def is_saved(tracker: DialogueStateTracker) -> bool:
    """Returns whether all of a tracker is in the database."""
    return saved_events(tracker) == len(tracker.events)
