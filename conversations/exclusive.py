"""One process a database: two would not see each other's turns, and a hold could be missed."""

import os
from collections.abc import Callable

import portalocker
import sqlalchemy as sa
from rasa.shared.exceptions import RasaException

from conversations.engine import OWNER_ONLY, sqlite_file

ADVISORY_LOCK = 7_233_817_264_101_551  # any number that no other program on that server uses


class DatabaseInUse(RasaException):
    """Another process has this database; the text says what to do."""


def claim(engine: sa.engine.Engine) -> Callable[[], None]:
    """Claims the database for this process, until it ends or gives it back.

    Returns:
        What gives it back.

    Raises:
        DatabaseInUse: Another process has it.
        SQLAlchemyError: The server can't be asked.
    """
    if engine.dialect.name == "postgresql":
        return _claim_server(engine)
    if file := sqlite_file(engine):
        return _claim_file(f"{file}.lock")
    return lambda: None


def _claim_file(path: str) -> Callable[[], None]:
    lock = open(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY), "r+")  # noqa: SIM115  (open as long as it is held)
    try:
        portalocker.lock(lock, portalocker.LOCK_EX | portalocker.LOCK_NB)
    except portalocker.LockException:
        lock.close()
        raise DatabaseInUse(_sentence(path.removesuffix(".lock"))) from None
    return lock.close


def _claim_server(engine: sa.engine.Engine) -> Callable[[], None]:
    connection = engine.connect()
    if not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_LOCK}):
        connection.close()
        raise DatabaseInUse(_sentence(engine.url.render_as_string(hide_password=True)))
    connection.detach()  # the pool must not lend it to others
    return connection.close


def _sentence(database: str) -> str:
    return (
        f"Another assistant is using {database}. Two would not know of each other's conversations. "
        "Stop the other one, or set CONVERSATIONS_URL to another database."
    )
