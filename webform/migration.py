"""Migration: bringing the tables to what the code expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from kb.database import Database

LOCK = 7031954  # Any number that no other program on this database uses for an advisory lock.


def upgrade(database: Database) -> None:
    """Run every migration that this database has not seen; two processes at once are safe."""
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(config(connection), "head")


def is_current(database: Database) -> bool:
    """Tell whether the tables are what the code expects."""
    with database.reading() as session:  # On SQLite another engine's connection would wait for the write lock.
        connection = session.connection()
        return MigrationContext.configure(connection).get_current_revision() == ScriptDirectory.from_config(config(connection)).get_current_head()


def is_empty(database: Database) -> bool:
    """Tell whether no version has made its tables here yet."""
    with database.reading() as session:
        return MigrationContext.configure(session.connection()).get_current_revision() is None


def config(connection: Connection) -> Config:
    """Point Alembic at the project's migrations and at an open connection."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.attributes["connection"] = connection
    return settings
