"""The events of all conversations in a database: read, added to, deleted."""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event, SessionStarted
from sqlalchemy.exc import SQLAlchemyError

from conversations.engine import wipe

logger = logging.getLogger(__name__)

EVENTS = SQLTrackerStore.SQLEvent.__table__  # as Rasa's own store has it, so that either can read it
TEXTS = ("user", "bot")  # types of events that hold what was said


class StorageError(Exception):
    """The database failed, or can't take what it was given."""


class DatabaseReplaced(StorageError):
    """The database has become another, empty one since it was last used. It is ready for use."""


@dataclass
class Record:
    """What is stored of a conversation. `doubtful`: a row can't be read, and so perhaps a hold."""

    events: list[Event] = field(default_factory=list)
    doubtful: bool = False


class EventLog:
    """Reads and writes events; every method raises `StorageError` and nothing else."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        """Takes an engine, which is used from any thread."""
        self.engine = engine
        self._was_open = False

    def open(self) -> None:
        """Creates the table if need be."""
        with self._transaction():
            pass

    def load(self, sender_id: str, whole: bool = False) -> Record:
        """Returns a conversation from the last session start but one, or `whole`."""
        query = sa.select(EVENTS.c.type_name, EVENTS.c.data).where(EVENTS.c.sender_id == sender_id)
        starts = (
            sa.select(EVENTS.c.id)
            .where(EVENTS.c.sender_id == sender_id, EVENTS.c.type_name == SessionStarted.type_name)
            .order_by(EVENTS.c.id.desc())
        )
        with self._transaction() as connection:
            if not whole:
                start = connection.scalar(starts.offset(1).limit(1)) or connection.scalar(starts.limit(1))
                if start is not None:
                    query = query.where(EVENTS.c.id >= start)
            rows = connection.execute(query.order_by(EVENTS.c.id)).all()
        return _read(rows)

    def append(self, sender_id: str, events: Sequence[Event]) -> None:
        """Adds events to a conversation, all or none."""
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
        with self._transaction() as connection:
            connection.execute(sa.insert(EVENTS), rows)

    def delete(self, sender_id: str) -> None:
        """Deletes a conversation, from the disk too."""
        with self._transaction() as connection:
            connection.execute(sa.delete(EVENTS).where(EVENTS.c.sender_id == sender_id))
        self._wipe()

    def delete_before(self, time: float) -> int:
        """Deletes conversations that have no event since `time`, and older texts of the others.

        Returns:
            How many events went.
        """
        active = sa.select(EVENTS.c.sender_id).where(EVENTS.c.timestamp >= time)
        old = sa.delete(EVENTS).where(EVENTS.c.timestamp < time)
        with self._transaction() as connection:
            gone = connection.execute(old.where(EVENTS.c.sender_id.not_in(active))).rowcount
            # Slots stay with a conversation that is alive: a hold must not end by growing old.
            gone += connection.execute(old.where(EVENTS.c.type_name.in_(TEXTS))).rowcount
        self._wipe()
        return gone

    @contextmanager
    def _transaction(self) -> Iterator[sa.engine.Connection]:
        # ValueError: text that the driver can't take, such as NUL for PostgreSQL.
        try:
            with self.engine.connect() as connection:
                # Each new connection may be to another database: the file deleted, the server restored.
                if "has_table" not in connection.info:
                    self._create_table(connection)
                with connection.begin():
                    yield connection
        except (SQLAlchemyError, ValueError) as error:
            raise StorageError(type(error).__name__) from error

    def _create_table(self, connection: sa.engine.Connection) -> None:
        with connection.begin():
            missing = not sa.inspect(connection).has_table(EVENTS.name)
            if missing:
                EVENTS.metadata.create_all(connection)
        connection.info["has_table"] = True
        replaced, self._was_open = missing and self._was_open, True
        if replaced:
            raise DatabaseReplaced("The database was replaced by an empty one.")

    def _wipe(self) -> None:
        try:
            if not wipe(self.engine):
                logger.warning("Deleted texts stay in the write-ahead log until the next deletion: it is in use.")
        except SQLAlchemyError as error:
            raise StorageError(type(error).__name__) from error


def _read(rows: Sequence[Any]) -> Record:
    record = Record()
    for row in rows:
        try:
            event = Event.from_parameters(json.loads(row.data))
        except Exception:  # whatever is wrong with it, it must not end more than this row
            event = None
        if event is None:
            record.doubtful = True
            continue
        if isinstance(event, SessionStarted):  # slots are set anew after it: what was before does not count
            record.doubtful = False
        record.events.append(event)
    return record
