"""Alembic's entry: runs migrations on the caller's connection, or on the library of DATABASE_URL."""

from alembic import context
from sqlalchemy.engine import Connection

from library.models import Base
from library.session import engine
from settings import Settings


def _migrate(connection: Connection) -> None:
    # Batches: SQLite can't alter a table in place.
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


if connection := context.config.attributes.get("connection"):
    _migrate(connection)
else:
    with engine(Settings().database_url).begin() as connection:
        _migrate(connection)
