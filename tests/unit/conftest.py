"""Exercise libraries for tests: real SQLite files, and a PostgreSQL server of the tests' own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from library.seed import seed
from library.session import engine
from tests.support.actions import Conversation


def _server_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def new_postgresql_database() -> Iterator[Callable[[], str]]:
    """Makes empty databases on a PostgreSQL server that lives as long as the tests; returns their URLs."""
    binaries = _server_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL's server is not installed (Debian: apt-get install postgresql)")
    # It refuses to run as root; Debian's package brings a user for it.
    user: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="library-postgresql-"))
    if user:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run = {"check": True, "cwd": folder, "stdout": subprocess.DEVNULL, **user}
    data = str(folder / "data")
    initdb = [str(binaries / "initdb"), "-D", data, "-U", "tester", "--auth=trust", "--no-sync", "-E", "UTF8"]
    subprocess.run([*initdb, "--locale=C"], **run)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    log = str(folder / "log")
    subprocess.run([str(binaries / "pg_ctl"), "-D", data, "-o", options, "-l", log, "-w", "start"], **run)
    try:
        yield lambda: _create_database(f"postgresql://tester@127.0.0.1:{port}")
    finally:
        subprocess.run([str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop"], **run)
        shutil.rmtree(folder, ignore_errors=True)


def _create_database(server: str) -> str:
    name = f"library_{uuid.uuid4().hex}"
    with engine(f"{server}/postgres").connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return f"{server}/{name}"


def _new_library(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder}/exercises.db"
    return request.getfixturevalue("new_postgresql_database")()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_library(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, on each kind of server."""
    return _new_library(request.param, request, tmp_path)


@pytest.fixture
def library(empty_library: str) -> str:
    """The URL of a seeded library that the test may change, on each kind of server."""
    seed(empty_library)
    return empty_library


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a seeded library that no test changes, on each kind of server."""
    url = _new_library(request.param, request, tmp_path_factory.mktemp("library"))
    seed(url)
    return url


@pytest.fixture(scope="session")
def sqlite_library(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a seeded SQLite library that no test changes."""
    url = f"sqlite:///{tmp_path_factory.mktemp('library')}/exercises.db"
    seed(url)
    return url


@pytest.fixture
def talk(shared_library: str, monkeypatch: pytest.MonkeyPatch) -> Conversation:
    """A conversation with the actions, on each kind of server."""
    monkeypatch.setenv("DATABASE_URL", shared_library)
    return Conversation()
