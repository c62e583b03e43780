"""Tracker store: SQL, with recent conversations in memory, a bounded cost a message, deletion and retention."""

import asyncio
import json
import logging
import os
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from settings import Settings

logger = logging.getLogger(__name__)

# User messages after which what is known is summed up, so that a long conversation costs no more a
# message than a short one. One to two such stretches are in memory at a time.
TURNS_IN_MEMORY = 8
CONVERSATIONS_IN_MEMORY = 1000
IN_DOUBT = [
    SessionStarted(),
    SlotSet("safety_hold", "screening"),
    SlotSet("exercise_hold", True),
    ActionExecuted(ACTION_LISTEN_NAME),
]


@dataclass
class _Entry:
    tracker: DialogueStateTracker
    saved: int  # how many of the tracker's events are in the database


class ConversationStore(SQLTrackerStore):
    """Keeps conversations in `CONVERSATIONS_URL`.

    What was said lately is kept in memory too. So a database that is locked or gone costs nobody their
    conversation, and above all not the hold after a red flag: what could not be saved is saved later.
    For a single server process, as the lock store is.
    """

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        """Opens (and if need be creates) the database of the settings, and starts to enforce retention."""
        settings = Settings()
        super().__init__(domain, host=settings.conversations_url, event_broker=event_broker)
        self._recent: OrderedDict[str, _Entry] = OrderedDict()
        if self.engine.dialect.name == "sqlite":
            self.engine.dispose()
            self.engine: sa.engine.Engine = _sqlite_engine(settings.conversations_url)
            self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)
        threading.Thread(target=self._purge_hourly, args=(settings.retention_days,), daemon=True).start()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Returns the latest stretch of the conversation, None where there is none.

        Where it is not in memory and the database does not answer, a red flag may be on record that can't
        be seen: such a conversation starts with the screening question open, so without exercises.
        """
        entry = self._recent.get(sender_id)
        if entry is None:
            try:
                events = await asyncio.to_thread(self._load, sender_id)
            except SQLAlchemyError as error:
                logger.error("Conversation not read, the database failed: %s", type(error).__name__)
                return self._tracker(sender_id, [event.as_dict() for event in IN_DOUBT])
            if not events:
                return None
            entry = self._remember(self._tracker(sender_id, events), len(events))
        self._recent.move_to_end(sender_id)
        return entry.tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Returns all that was said; what is in memory where the database does not answer; None for nothing."""
        try:
            # In a thread: a locked database must not hold up anybody else's conversation.
            events = await asyncio.to_thread(self._load, conversation_id, True)
        except SQLAlchemyError as error:
            logger.error("Conversation not read, the database failed: %s", type(error).__name__)
            return await self.retrieve(conversation_id)
        return self._tracker(conversation_id, events) if events else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Stores what is new; where the database does not answer, it is kept for the next time."""
        await self.stream_events(tracker)
        entry = self._recent.get(tracker.sender_id)
        if entry is None or entry.tracker is not tracker:
            entry = self._remember(tracker, entry.saved if entry else 0)
        _sum_up(tracker)
        new = list(tracker.events)[entry.saved :]
        try:
            await asyncio.to_thread(self._insert, tracker.sender_id, new)
        except SQLAlchemyError as error:
            logger.error("Conversation kept in memory, the database failed: %s", type(error).__name__)
            return
        entry.saved = len(tracker.events)
        self._trim(entry)

    async def delete(self, sender_id: str) -> None:
        """Deletes all that is stored of a conversation.

        Raises:
            SQLAlchemyError: The database does not answer; nothing was deleted.
        """
        await asyncio.to_thread(self._delete, sender_id)
        self._recent.pop(sender_id, None)

    def purge(self, days: float) -> int:
        """Deletes conversations without a message for `days` days, and older texts of the others.

        Returns:
            How many rows went.
        """
        event = self.SQLEvent
        cutoff = time.time() - days * 24 * 3600
        with self.session_scope() as session:
            active = sa.select(event.sender_id).where(event.timestamp >= cutoff)
            old = sa.delete(event).where(event.timestamp < cutoff)
            gone = session.execute(
                old.where(event.sender_id.not_in(active)).execution_options(synchronize_session=False)
            ).rowcount
            # Slots stay with a conversation that is alive: a hold must not end by growing old.
            gone += session.execute(
                old.where(event.type_name.in_(["user", "bot"])).execution_options(synchronize_session=False)
            ).rowcount
            session.commit()
        for sender_id, entry in list(self._recent.items()):
            if entry.tracker.events and entry.tracker.events[-1].timestamp < cutoff:
                self._recent.pop(sender_id, None)
        return gone

    def _purge_hourly(self, days: float) -> None:
        while True:
            try:
                self.purge(days)
            except SQLAlchemyError as error:
                logger.error("Old conversations not deleted, the database failed: %s", type(error).__name__)
            time.sleep(3600)

    def _remember(self, tracker: DialogueStateTracker, saved: int) -> _Entry:
        entry = self._recent[tracker.sender_id] = _Entry(tracker, saved)
        if len(self._recent) > CONVERSATIONS_IN_MEMORY:
            oldest, old = next(iter(self._recent.items()))
            if old.saved == len(old.tracker.events):  # all of it is in the database, and nobody is using it
                del self._recent[oldest]
        return entry

    def _trim(self, entry: _Entry) -> None:
        """Forgets, in memory only, what lies before the last stretch but one."""
        events = list(entry.tracker.events)
        starts = [i for i, event in enumerate(events) if isinstance(event, SessionStarted)]
        if len(starts) < 2 or not starts[-2]:
            return
        kept = DialogueStateTracker.from_events(
            entry.tracker.sender_id, events[starts[-2] :], entry.tracker.slots.values(), domain=self.domain
        )
        self._remember(kept, len(kept.events))

    def _tracker(self, sender_id: str, events: list[dict[str, Any]]) -> DialogueStateTracker:
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots if self.domain else [])

    def _load(self, sender_id: str, all_sessions: bool = False) -> list[dict[str, Any]]:
        with self.session_scope() as session:
            rows = self._event_query(session, sender_id, fetch_events_from_all_sessions=all_sessions).all()
            return [json.loads(row.data) for row in rows]

    def _insert(self, sender_id: str, events: list[Any]) -> None:
        if not events:
            return
        rows = []
        for event in events:
            data = event.as_dict()
            rows.append(
                {
                    "sender_id": sender_id,
                    "type_name": event.type_name,
                    "timestamp": data.get("timestamp"),
                    "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
                    "action_name": data.get("name"),
                    "data": json.dumps(data),
                }
            )
        with self.session_scope() as session:
            session.execute(sa.insert(self.SQLEvent), rows)
            session.commit()

    def _delete(self, sender_id: str) -> None:
        with self.session_scope() as session:
            session.execute(sa.delete(self.SQLEvent).where(self.SQLEvent.sender_id == sender_id))
            session.commit()

    def _event_query(self, session: Any, sender_id: str, fetch_events_from_all_sessions: bool) -> Any:
        """Returns the events from the last session start but one, in order; or all of them."""
        event = self.SQLEvent
        query = session.query(event).filter(event.sender_id == sender_id)
        if not fetch_events_from_all_sessions:
            starts = (
                session.query(event.id)
                .filter(event.sender_id == sender_id, event.type_name == SessionStarted.type_name)
                .order_by(event.id.desc())
            )
            start = starts.offset(1).limit(1).scalar() or starts.limit(1).scalar()
            if start is not None:
                query = query.filter(event.id >= start)
        return query.order_by(event.id)


def _sum_up(tracker: DialogueStateTracker) -> None:
    """Starts a new stretch, with the slots as they are, once the current one is long enough."""
    turns = 0
    for event in reversed(tracker.events):
        if isinstance(event, SessionStarted):
            break
        turns += isinstance(event, UserUttered)
    if turns < TURNS_IN_MEMORY or tracker.active_loop_name:
        return
    slots = [SlotSet(name, slot.value) for name, slot in tracker.slots.items() if slot.value != slot.initial_value]
    for event in [SessionStarted(), *slots, ActionExecuted(ACTION_LISTEN_NAME)]:
        tracker.update(event)


def _sqlite_engine(url: str) -> sa.engine.Engine:
    """Returns an engine that keeps its connections: opening and closing the file took longer than writing to it."""
    engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False})

    @sa.event.listens_for(engine, "do_connect")
    def note(_dialect: Any, record: Any, _args: Any, _kwargs: Any) -> None:
        # Before it is opened: a file replaced meanwhile must not pass for the one that was opened.
        record.info["file"] = _file_number(engine.url.database)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=2000")  # milliseconds
        connection.execute("PRAGMA journal_mode=WAL")  # readers and the writer don't wait for each other
        connection.execute("PRAGMA synchronous=NORMAL")

    @sa.event.listens_for(engine, "checkout")
    def check(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info["file"] != _file_number(engine.url.database):
            raise sa.exc.DisconnectionError("The file was moved or deleted.")  # the pool opens it anew

    return engine


def _file_number(path: str) -> int | None:
    try:
        return os.stat(path).st_ino
    except OSError:
        return None
