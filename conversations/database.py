"""The database of conversations: its tables, and transactions that survive whatever happens to it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy.exc import SQLAlchemyError

from conversations.engine import wipe

logger = logging.getLogger(__name__)

EVENTS = SQLTrackerStore.SQLEvent.__table__  # as Rasa's own store has it, so that either can read it
INBOX = sa.Table(
    "inbox",
    EVENTS.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("channel", sa.String(255), nullable=False),
    sa.Column("delivery_key", sa.String(255), nullable=False),
    sa.Column("sender_id", sa.String(255), index=True),
    sa.Column("received", sa.Float, nullable=False),
    sa.Column("payload", sa.Text),  # until it is answered
    sa.UniqueConstraint("channel", "delivery_key"),
)


class StorageError(Exception):
    """The database failed, or can't take what it was given."""


class Database:
    """Transactions on an engine, from any thread. `generation` counts how often it became another, empty one."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        """Takes an engine, which connects when it is first used."""
        self.engine = engine
        self.generation = 0
        self._was_open = False

    @contextmanager
    def transaction(self) -> Iterator[sa.engine.Connection]:
        """Begins a transaction, in a database with its tables; raises StorageError and nothing else."""
        # ValueError: text that the driver can't take, such as NUL for PostgreSQL.
        try:
            with self.engine.connect() as connection:
                # Each new connection may be to another database: the file deleted, the server restored.
                if "has_tables" not in connection.info:
                    self._create_tables(connection)
                with connection.begin():
                    yield connection
        except (SQLAlchemyError, ValueError) as error:
            raise StorageError(type(error).__name__) from error

    def wipe(self) -> None:
        """Takes what was deleted off the disk; raises StorageError."""
        try:
            if not wipe(self.engine):
                logger.warning("Deleted texts stay in the write-ahead log until the hourly clean-up: it is in use.")
        except SQLAlchemyError as error:
            raise StorageError(type(error).__name__) from error

    def _create_tables(self, connection: sa.engine.Connection) -> None:
        with connection.begin():
            missing = not sa.inspect(connection).has_table(EVENTS.name)
            EVENTS.metadata.create_all(connection)
        connection.info["has_tables"] = True
        self.generation += missing and self._was_open
        self._was_open = True
