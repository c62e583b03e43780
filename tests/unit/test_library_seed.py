"""Seeding and migrations, on real databases."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from library.content import FOLDER, ContentError, read_content, to_row
from library.models import Base, Exercise
from library.seed import seed
from library.session import engine, library_session
from settings import ROOT


def dump(url: str) -> dict[str, list[Any]]:
    """Returns all rows of all tables."""
    with engine(url).connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }


def seed_in_a_process(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "library.seed"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_seeding_again_changes_nothing(empty_library: str) -> None:
    assert seed(empty_library) == len(read_content())
    first = dump(empty_library)
    assert all(first.values())
    seed(empty_library)
    assert dump(empty_library) == first


def test_changed_content_arrives_and_removed_content_goes(empty_library: str, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(FOLDER, folder)
    seed(empty_library, folder)
    (folder / "general.yml").unlink()  # toe touch, downward dog
    supported = (folder / "supported.yml").read_text(encoding="utf-8")
    (folder / "supported.yml").write_text(supported.replace("    progression: downward-dog\n", ""), encoding="utf-8")
    low_back = (folder / "low_back.yml").read_text(encoding="utf-8")
    changed = low_back.replace("    progression: downward-dog\n", "").replace("hold_seconds: 30", "hold_seconds: 25")
    (folder / "low_back.yml").write_text(changed, encoding="utf-8")
    seed(empty_library, folder)
    with library_session(empty_library) as session:
        slugs = set(session.scalars(select(Exercise.slug)))
        assert {"toe-touch", "downward-dog"}.isdisjoint(slugs)
        assert session.get(Exercise, "seated-hamstring-stretch").hold_seconds == 25
        assert session.get(Exercise, "vertical-hamstring-stretch").progression_slug is None
    seed(empty_library)
    fresh = dump(empty_library)
    assert fresh["exercise"] == sorted(fresh["exercise"]) and len(fresh["exercise"]) == len(read_content())


def test_wrong_content_leaves_the_library_as_it_was(library: str, tmp_path: Path) -> None:
    before = dump(library)
    folder = tmp_path / "content"
    shutil.copytree(FOLDER, folder)
    (folder / "general.yml").write_text("exercises: []", encoding="utf-8")
    with pytest.raises(ContentError):
        seed(library, folder)
    assert dump(library) == before


def test_three_seedings_at_once(empty_library: str) -> None:
    processes = [seed_in_a_process(empty_library) for _ in range(3)]
    outcomes = [(process.communicate(), process.returncode) for process in processes]
    count = len(read_content())
    assert outcomes == [((f"Exercise library: {count} exercises.\n", ""), 0)] * 3
    assert len(dump(empty_library)["exercise"]) == count


def test_migrations_make_what_the_models_say(shared_library: str) -> None:
    with engine(shared_library).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_can_be_taken_back(library: str) -> None:
    config = Config(str(ROOT / "alembic.ini"))
    with engine(library).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with engine(library).connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE exercise SET kind = 'dance'",
        "UPDATE exercise SET level = 'extreme'",
        "UPDATE exercise SET position = 'upside down'",
        "UPDATE exercise SET sides = 3",
        "UPDATE exercise SET minutes = 0",
        "UPDATE exercise SET feel = NULL",
        "UPDATE exercise SET stop_if = NULL",
        "UPDATE exercise SET source_name = NULL",
        "UPDATE exercise SET hold_seconds = NULL, repetitions = NULL, dose_minutes = NULL",
        "UPDATE exercise SET progression_slug = slug",
        "UPDATE exercise SET progression_slug = 'nowhere'",
        "UPDATE exercise_area SET area_name = 'elbow'",
        "UPDATE exercise_cause SET effect = 'maybe'",
        "UPDATE step SET position = 0 WHERE position = 1",
        "INSERT INTO step (exercise_slug, position, text) VALUES ('plank', 1, 'twice')",
        "INSERT INTO alias (name, exercise_slug, position) VALUES ('planks', 'clamshell', 9)",
        "INSERT INTO alias (name, exercise_slug, position) VALUES ('new', 'nowhere', 1)",
    ],
)
def test_the_database_refuses_nonsense(shared_library: str, change: str) -> None:
    with pytest.raises(IntegrityError), engine(shared_library).begin() as connection:
        connection.execute(text(change))


def test_an_exercise_takes_its_rows_along(library: str) -> None:
    with engine(library).begin() as connection:
        connection.execute(text("DELETE FROM exercise WHERE slug = 'plank'"))
    rows = dump(library)
    assert [row for table in rows for row in rows[table] if "'plank'" in row] == []


@pytest.mark.parametrize(
    ("url", "beginning"),
    [
        ("sqlite:////nowhere/at/all.db", "The exercise database can't be written: unable to open database file."),
        ("postgresql://nobody@127.0.0.1:1/none", "The exercise database can't be written: connection to server"),
        ("nonsense", "The exercise database can't be written: Could not parse"),
        ("oracle://somewhere", "The exercise database can't be written: No module named"),
    ],
)
def test_an_unusable_database_is_said_in_a_sentence(url: str, beginning: str) -> None:
    process = seed_in_a_process(url)
    said, complaint = process.communicate()
    assert (process.returncode, said) == (1, "")
    assert complaint.startswith(beginning)
    assert complaint.endswith(" Check DATABASE_URL.\n")
    assert "Traceback" not in complaint


def test_rows_keep_the_order_of_the_content(shared_library: str) -> None:
    content = {exercise["slug"]: exercise for exercise in read_content()}
    with library_session(shared_library) as session:
        for exercise in session.scalars(select(Exercise)):
            written = content[exercise.slug]
            assert list(exercise.steps) == written["steps"]
            assert list(exercise.areas) == written["areas"]
            assert exercise.equipment == written.get("equipment", [])
            assert list(exercise.aliases) == [alias.lower() for alias in written["aliases"]]
            assert exercise.cues == to_row(written).cues == written["cues"]
