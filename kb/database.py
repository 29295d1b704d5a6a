"""Opening the database: one engine, reading and writing transactions."""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

from kb.ready import Ready, Row, tell

BUSY_SECONDS = 10
PAGES_BEFORE_TIDYING, MOST_PAGES = 1000, 20_000
"""How far the log of SQLite grows until a commit has to move it into the database, which waits for the disk: later for what only counts."""
_READING = "webform_reading"
_PATIENCE = "webform_patience"
_MANNER = "webform_manner"
_UNHURRIED_DISK = text("SET LOCAL synchronous_commit TO off")


class Database:
    """The one way to the tables: ``reading()`` and ``writing()`` each give a session in a transaction.

    On SQLite a writing transaction takes the write lock at once (``BEGIN IMMEDIATE``): a transaction that reads first
    and writes later would fail on a stale snapshot without ever waiting.
    """

    def __init__(self, url: str) -> None:
        """Prepare an engine; nothing is connected yet.

        :param url: an SQLAlchemy URL; ``postgresql://`` is taken to mean psycopg 3.
        """
        self.engine = _open_engine(url)
        self.reader = self.engine.execution_options(**{_READING: True})
        self._hurried: dict[float, Engine] = {}
        self._turn_of, self._writing = os.getpid(), threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session whose changes are thrown away."""
        with Session(self.reader, expire_on_commit=False) as session:
            yield session

    def glance(self, ready: Ready, values: Mapping[str, object] | None = None) -> list[Row]:
        """Give the rows of one statement that reads: it sees one moment by itself, and needs no transaction, which costs five times as much."""
        with self.reader.connect() as connection:
            return ready.rows(connection, values)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that is committed at the end, or rolled back when anything raises."""
        with self._turn(BUSY_SECONDS), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def counting(self, *, patience: float) -> Iterator[Session]:
        """Give a writing session for what only counts something: it is not waited for until it is on the disk.

        Whoever is killed loses nothing of it; a power cut may take its last moments, unless something else was written since.

        :param patience: seconds to wait for another writer on SQLite: less than for what a customer sent.
        """
        with self._turn(patience), Session(self._in_a_hurry(patience), expire_on_commit=False) as session, session.begin():
            if self.engine.dialect.name == "postgresql":
                session.execute(_UNHURRIED_DISK)
            yield session

    @contextmanager
    def counting_plainly(self, *, patience: float) -> Iterator[Connection]:
        """Give the connection of such a transaction, for a single statement: what makes a session costs as much again."""
        with self._turn(patience), self._in_a_hurry(patience).begin() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(_UNHURRIED_DISK)
            yield connection

    @contextmanager
    def _turn(self, patience: float) -> Iterator[None]:
        """Let the threads of this process write to SQLite one after the other.

        Whoever finds it locked sleeps, longer each time, and may miss its turn again and again; a lock wakes the next one at once.
        Other processes are still waited for by SQLite, which also decides when patience is over here.
        """
        if self.engine.dialect.name != "sqlite":
            yield
            return
        if self._turn_of != os.getpid():  # A process that parted has no part in whose turn it was.
            self._turn_of, self._writing = os.getpid(), threading.Lock()
        mine, writing = self._writing.acquire(timeout=patience), self._writing
        try:
            yield
        finally:
            if mine:
                writing.release()

    def _in_a_hurry(self, patience: float) -> Engine:
        """Give the engine that waits so long; made once, because making it costs more than counting."""
        if (engine := self._hurried.get(patience)) is None:
            engine = self._hurried[patience] = self.engine.execution_options(**{_PATIENCE: patience})
        return engine

    def tidy(self) -> None:
        """Move the log of SQLite into the database as far as nobody reads it, so that whoever counts something need not."""
        if self.engine.dialect.name == "sqlite":
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            finally:
                connection.close()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def normalise(url: str) -> str:
    """Spell a database URL with the driver that this product uses."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _open_engine(url: str) -> Engine:
    parsed = make_url(normalise(url))
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=10)
    if parsed.database and parsed.database != ":memory:":
        _make_private(Path(parsed.database))
    engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(file: Path) -> None:
    """Make a new database its owner's only; SQLite gives what it keeps beside it the same rights."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # It is there already, or the first connection says what is wrong.
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # The begin event decides, not the driver.
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", f"busy_timeout={BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_READING):
        tell(connection, "BEGIN")
        return
    patience = options.get(_PATIENCE)
    manner = (
        f"busy_timeout={round((BUSY_SECONDS if patience is None else patience) * 1000)}",
        f"synchronous={'FULL' if patience is None else 'NORMAL'}",
        f"wal_autocheckpoint={PAGES_BEFORE_TIDYING if patience is None else MOST_PAGES}",
    )
    if connection.info.get(_MANNER) != manner:  # A connection remembers how it was asked to wait and to write.
        tell(connection, *(f"PRAGMA {pragma}" for pragma in manner))
        connection.info[_MANNER] = manner
    tell(connection, "BEGIN IMMEDIATE")
