"""Rasa's tracker store over the event log: recent conversations in memory, none lost to a failing database."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from conversations.database import Database, StorageError
from conversations.doubt import assume, is_assumed, reconcile, restore
from conversations.engine import open_engine
from conversations.event_log import DatabaseReplaced, EventLog
from conversations.exclusive import claim
from conversations.inbox import Inbox
from conversations.order import ConversationLock
from conversations.recent import Recent, note_saved, saved_events
from conversations.retention import cutoff, purge_hourly
from conversations.summary import begin_stretch, forget_old_stretches
from settings import Settings

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between two tries to save


class ConversationStore(TrackerStore):
    """Keeps conversations in `CONVERSATIONS_URL`, and those of late in memory too.

    So a database that is locked or gone costs nobody their conversation, and above all not the hold after a
    red flag: what could not be saved is saved as soon as the database answers again. For a single process,
    which it makes sure of.
    """

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        """Opens (and if need be creates) the database of the settings, and starts to enforce retention.

        Raises:
            DatabaseInUse: Another process has it.
            NoDatabase: It is something else.
        """
        super().__init__(domain, event_broker)
        settings = Settings()
        self._database = Database(open_engine(settings.conversations_url))
        self._log = EventLog(self._database)
        self.inbox = Inbox(self._database)
        self._recent = Recent()
        self._writing = ConversationLock()  # turns and the retries of a conversation must not save it at once
        self._retrying: asyncio.Task[None] | None = None
        self._release = self._open()
        self._end_purge = purge_hourly(self.purge, settings.retention_days)

    def _open(self) -> Callable[[], None]:
        """Claims and prepares the database; returns what gives it back."""
        release: Callable[[], None] = lambda: None  # noqa: E731
        try:
            release = claim(self._database.engine)
            self._log.open()
        except (StorageError, SQLAlchemyError) as error:
            logger.error("Conversations are kept in memory for now, the database failed: %s", type(error).__name__)
        return release

    @property
    def is_saving(self) -> bool:
        """Whether the database has all that was said."""
        return not self._recent.unsaved()

    async def keys(self) -> Iterable[str]:
        """Returns the senders that are in memory."""
        return self._recent.senders()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Returns the latest stretches of the conversation, None where there is none.

        Where it is not in memory and the database does not answer, a red flag may be on record that can't
        be seen: such a conversation starts with the screening question open, so without exercises.
        """
        tracker = self._recent.get(sender_id)
        if tracker and not is_assumed(tracker):
            return tracker
        try:
            record = await self._call(self._log.load, sender_id)
        except StorageError as error:
            logger.error("Conversation not read, the database failed: %s", error)
            return tracker or assume(sender_id, self.domain.slots)
        if tracker:
            tracker = reconcile(tracker, record, self.domain.slots)
        elif record.events or record.doubtful:
            tracker = restore(record, sender_id, self.domain.slots)
        if tracker:
            self._recent.put(tracker)
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Returns all that was said; what is in memory where the database does not answer; None for nothing."""
        if tracker := self._recent.get_unsaved(conversation_id):
            await self._write(tracker)
        try:
            record = await self._call(self._log.load, conversation_id, True)
        except StorageError as error:
            logger.error("Conversation not read, the database failed: %s", error)
            return await self.retrieve(conversation_id)
        if self._recent.get_unsaved(conversation_id):
            return await self.retrieve(conversation_id)
        return restore(record, conversation_id, self.domain.slots) if record.events else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Stores what is new; where the database does not answer, it is kept, and stored as soon as it does."""
        await self.stream_events(tracker)
        if not await self._write(tracker):
            self._keep_trying()

    async def delete(self, sender_id: str) -> None:
        """Deletes all that is stored of a conversation.

        Raises:
            StorageError: The database does not answer; nothing was deleted.
        """
        async with self._writing.lock(sender_id):
            await self._call(self._log.delete, sender_id)
            self._recent.drop(sender_id)

    def purge(self, days: float) -> int:
        """Deletes conversations without an event for `days` days, and older texts of the others.

        Returns:
            How many events went.

        Raises:
            StorageError: The database does not answer.
        """
        gone = self._log.delete_before(cutoff(days))
        self._recent.drop_before(cutoff(days))
        return gone

    async def close(self) -> None:
        """Saves what is not saved, if that is possible, and gives the database back."""
        if self._retrying:
            self._retrying.cancel()
        self._end_purge()
        if lost := await self._write_all():
            logger.error("%d conversations could not be saved, the database failed.", lost)
        self._database.engine.dispose()
        self._release()

    async def _call(self, work: Callable[..., Result], *args: Any) -> Result:
        # In a thread: a locked database must not hold up anybody else's conversation.
        try:
            return await asyncio.to_thread(work, *args)
        except DatabaseReplaced:
            self._recent.nothing_is_saved()
            self._keep_trying()
            return await asyncio.to_thread(work, *args)

    async def _write(self, tracker: DialogueStateTracker) -> bool:
        """Saves what is new of a tracker; returns whether that was possible. It is kept in memory either way."""
        sender_id = tracker.sender_id
        async with self._writing.lock(sender_id):
            try:
                if is_assumed(tracker):
                    tracker = reconcile(tracker, await self._call(self._log.load, sender_id), self.domain.slots)
                begin_stretch(tracker, self.domain.slots)
                await self._append(tracker)
            except StorageError as error:
                logger.error("Conversation kept in memory, the database failed: %s", error)
                self._recent.put(tracker)
                return False
            self._recent.put(forget_old_stretches(tracker, self.domain.slots))
            return True

    async def _append(self, tracker: DialogueStateTracker) -> None:
        for _ in range(2):
            events = list(tracker.events)
            try:
                await asyncio.to_thread(self._log.append, tracker.sender_id, events[saved_events(tracker) :])
                note_saved(tracker, len(events))
                return
            except DatabaseReplaced:
                self._recent.nothing_is_saved()
                self._keep_trying()
                note_saved(tracker, 0)

    async def _write_all(self) -> int:
        """Saves what is not saved yet, as far as that is possible; returns how many conversations are left."""
        for tracker in self._recent.unsaved():
            # Another turn may have saved it meanwhile, or a deletion taken it away.
            if self._recent.get_unsaved(tracker.sender_id) is tracker and not await self._write(tracker):
                break
        return len(self._recent.unsaved())

    def _keep_trying(self) -> None:
        if self._retrying is None or self._retrying.done():
            self._retrying = asyncio.create_task(self._retry())

    async def _retry(self) -> None:
        pause = FIRST_PAUSE
        while self._recent.unsaved():
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            if not await self._write_all():
                logger.warning("The database answers again: all conversations are saved.")


def unwrap(store: Any) -> Any:
    """Returns a tracker store without the wrappers that Rasa puts around it."""
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    return store
