"""Brings the exercise library up to date: `python -m library.seed`. Run it as often as you like."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from pydantic import ValidationError
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from library.content import FOLDER, ContentError, read_content, to_row
from library.models import Area, Cause, Equipment, Exercise
from library.session import engine
from library.terms import AREAS, CAUSES, EQUIPMENT
from settings import ROOT, Settings

WAIT_SECONDS = 30  # for another seeding to end
LOCK = 72_616_301  # any number that no other program uses on the same PostgreSQL database


def seed(url: str, folder: Path = FOLDER) -> int:
    """Makes the tables and fills them from the content, all of it or nothing.

    Args:
        url: SQLAlchemy URL of the library.
        folder: The content; see `read_content`.

    Returns:
        The number of exercises.

    Raises:
        ContentError: The content is wrong.
        sqlalchemy.exc.SQLAlchemyError: The database can't be reached or written.
    """
    rows = [to_row(exercise) for exercise in read_content(folder)]
    writer = engine(url, WAIT_SECONDS).execution_options(library_writer=True)
    with writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config = Config(str(ROOT / "alembic.ini"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        with Session(connection, future=True) as session:
            for model, names in ((Area, AREAS), (Equipment, EQUIPMENT), (Cause, CAUSES)):
                for name in names:
                    session.merge(model(**{"slug" if model is Cause else "name": name}))
            session.flush()
            kept = {row.slug for row in rows}
            for old in session.scalars(select(Exercise).where(Exercise.slug.not_in(kept))):
                session.delete(old)
            session.flush()
            for row in rows:
                session.merge(row)
            session.flush()
    return len(rows)


def main() -> int:
    """Seeds the library of DATABASE_URL; returns the exit status, and says what is wrong in a sentence."""
    try:
        print(f"Exercise library: {seed(Settings().database_url)} exercises.")
        return 0
    except ValidationError as error:
        print(f"A setting is wrong: {error}", file=sys.stderr)
    except ContentError as error:
        print(f"The content of data/exercises is wrong. {error}", file=sys.stderr)
    except (SQLAlchemyError, ImportError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        print(f"The exercise database can't be written: {reason}. Check DATABASE_URL.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
