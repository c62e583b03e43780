"""The events of all conversations in a database: read, added to, deleted."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from rasa.shared.core.events import Event, SessionStarted

from conversations.database import EVENTS, INBOX, Database, StorageError

TEXTS = ("user", "bot")  # types of events that hold what was said


class DatabaseReplaced(StorageError):
    """The database has become another, empty one since it was last used. It is ready for use."""


@dataclass
class Record:
    """What is stored of a conversation. `doubtful`: a row can't be read, and so perhaps a hold."""

    events: list[Event] = field(default_factory=list)
    doubtful: bool = False


class EventLog:
    """Reads and writes events; every method raises `StorageError` and nothing else."""

    def __init__(self, database: Database) -> None:
        """Takes the database of conversations."""
        self._database = database
        self._seen = database.generation

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
            for table in (EVENTS, INBOX):
                connection.execute(sa.delete(table).where(table.c.sender_id == sender_id))
        self._database.wipe()

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
            connection.execute(sa.delete(INBOX).where(INBOX.c.received < time))
        self._database.wipe()
        return gone

    @contextmanager
    def _transaction(self) -> Iterator[sa.engine.Connection]:
        with self._database.transaction() as connection:
            if self._seen != self._database.generation:
                self._seen = self._database.generation
                raise DatabaseReplaced("The database was replaced by an empty one.")
            yield connection


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
