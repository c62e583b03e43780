"""Connections to the exercise library: made on first use, and quick to give up."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from settings import Settings

WAIT_SECONDS = 2  # of an answer; the deadline of an action


@contextmanager
def library_session(url: str | None = None) -> Iterator[Session]:
    """A session for one call.

    Args:
        url: SQLAlchemy URL of the library; by default the setting DATABASE_URL.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: The library can't be reached, is locked or has no tables.
    """
    with Session(engine(url or Settings().database_url), future=True, expire_on_commit=False) as session:
        yield session


@lru_cache(maxsize=8)
def engine(url: str, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """Returns the engine of a URL, the same one each time; `wait_seconds` for a connection or a lock."""
    if make_url(url).get_backend_name() != "sqlite":
        options = f"-c statement_timeout={int(wait_seconds * 1000)} -c lock_timeout={int(wait_seconds * 1000)}"
        return create_engine(
            url,
            future=True,
            pool_pre_ping=True,
            pool_timeout=wait_seconds,
            connect_args={"connect_timeout": max(1, int(wait_seconds)), "options": options},
        )
    made = create_engine(url, future=True, connect_args={"timeout": wait_seconds})

    # As SQLAlchemy documents for pysqlite: foreign keys on, and transactions that include table changes.
    @event.listens_for(made, "connect")
    def connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(made, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("library_writer")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return made
