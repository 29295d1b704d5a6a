"""Backup: a copy of the whole database as it is at one moment, while the form is open."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from kb.database import Database


class NoCopy(Exception):
    """No copy can be made here; the words say how one is."""


def copy(database: Database, target: Path) -> int:
    """Write everything that is committed to a file of its own, which only its owner may read; the file takes its name when it is whole.

    Whoever writes meanwhile does not wait.

    :param target: an earlier copy under this name gives way.
    :return: size in bytes.
    :raises NoCopy: if the database is no file of SQLite.
    :raises OSError: if the file cannot be written.
    """
    if database.engine.dialect.name != "sqlite":
        raise NoCopy("this is PostgreSQL: copy it with pg_dump, which gives one moment of it too")
    handle, candidate = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    try:
        with closing(sqlite3.connect(candidate)) as into:
            source = database.engine.raw_connection()
            try:
                source.driver_connection.backup(into)  # type: ignore[union-attr]
            finally:
                source.close()
            into.execute("PRAGMA journal_mode = DELETE")  # One file, with no log beside it.
        Path(candidate).replace(target)
    finally:
        Path(candidate).unlink(missing_ok=True)
    return target.stat().st_size
