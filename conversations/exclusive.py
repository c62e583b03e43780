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


class NoDatabase(RasaException):
    """`CONVERSATIONS_URL` names something that is no database; the text says what to do."""


def claim(engine: sa.engine.Engine) -> Callable[[], None]:
    """Claims the database for this process, until it ends or gives it back.

    Returns:
        What gives it back.

    Raises:
        DatabaseInUse: Another process has it.
        NoDatabase: It is something else, or damaged.
        SQLAlchemyError: The server can't be asked.
    """
    if engine.dialect.name == "postgresql":
        return _claim_server(engine)
    file = sqlite_file(engine)
    if file is None:
        return lambda: None
    release = _claim_file(engine, f"{file}.lock")
    try:
        with engine.connect() as connection:
            sa.inspect(connection).get_table_names()
    except sa.exc.DatabaseError as error:
        if any(words in str(error) for words in ("not a database", "malformed")):
            release()
            raise NoDatabase(
                f"{file} is no database of conversations, or it is damaged. "
                "Move it away, or set CONVERSATIONS_URL to another one."
            ) from None
    return release  # also where it is locked just now: whoever locks it is no assistant


def _claim_file(engine: sa.engine.Engine, path: str) -> Callable[[], None]:
    lock = open(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY), "r+")  # noqa: SIM115  (open as long as it is held)
    try:
        portalocker.lock(lock, portalocker.LOCK_EX | portalocker.LOCK_NB)
    except portalocker.LockException:
        lock.close()
        raise DatabaseInUse(_in_use(engine)) from None
    return lock.close


def _claim_server(engine: sa.engine.Engine) -> Callable[[], None]:
    connection = engine.connect()
    if not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_LOCK}):
        connection.close()
        raise DatabaseInUse(_in_use(engine))
    connection.detach()  # the pool must not lend it to others
    return connection.close


def _in_use(engine: sa.engine.Engine) -> str:
    return (
        f"Another assistant is using {_name(engine)}. Two would not know of each other's conversations. "
        "Stop the other one, or set CONVERSATIONS_URL to another database."
    )


def _name(engine: sa.engine.Engine) -> str:
    return str(sqlite_file(engine) or engine.url.render_as_string(hide_password=True))
