"""Opening the database of conversations; what is special about SQLite is here."""

import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

import sqlalchemy as sa

OWNER_ONLY = 0o600
_CREATING = threading.Lock()


def open_engine(url: str) -> sa.engine.Engine:
    """Returns an engine for `CONVERSATIONS_URL`; it connects when it is first used."""
    if sa.engine.make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return sa.create_engine(url, pool_pre_ping=True)


def sqlite_file(engine: sa.engine.Engine) -> Path | None:
    """Returns the file of a SQLite engine; None for one in memory, and for servers."""
    database = engine.url.database
    return Path(database) if engine.dialect.name == "sqlite" and database and database != ":memory:" else None


def wipe(engine: sa.engine.Engine) -> bool:
    """Takes what was deleted off the disk: SQLite keeps it in its write-ahead log until this is done.

    Returns:
        Whether it is gone; False while another connection still reads the log.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        busy, _, _ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        connection.close()


def _sqlite_engine(url: str) -> sa.engine.Engine:
    """Returns an engine that keeps its connections: opening and closing the file took longer than writing to it."""
    engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False})
    file = sqlite_file(engine)

    @sa.event.listens_for(engine, "do_connect")
    def note(_dialect: Any, record: Any, _args: Any, _kwargs: Any) -> None:
        if file:
            _keep_private(file)
        # Before it is opened: a file replaced meanwhile must not pass for the one that was opened.
        record.info["file"] = _file_number(file)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=2000")  # milliseconds
        connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
        connection.execute("PRAGMA journal_mode=WAL")  # readers and the writer don't wait for each other
        connection.execute("PRAGMA synchronous=NORMAL")

    @sa.event.listens_for(engine, "checkout")
    def check(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info["file"] != _file_number(file):
            raise sa.exc.DisconnectionError("The file was moved or deleted.")  # the pool opens it anew

    return engine


def _keep_private(file: Path) -> None:
    """Makes the file readable by its owner only; SQLite gives its log and index the same rights.

    A file that exists is not opened: closing it again would end the locks that SQLite holds on it in this process
    (https://www.sqlite.org/howtocorrupt.html, 2.2). The next reader would then delete the log that is in use.
    """
    try:
        with _CREATING:
            if not file.exists():
                os.close(os.open(file, os.O_CREAT, OWNER_ONLY))
        if file.is_file() and file.stat().st_mode & 0o077:
            file.chmod(OWNER_ONLY)
    except OSError:  # opening it says better what is wrong
        return


def _file_number(file: Path | None) -> int | None:
    try:
        return os.stat(file).st_ino if file else None
    except OSError:
        return None
