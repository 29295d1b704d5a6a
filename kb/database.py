"""Opening the database: one engine, reading and writing transactions."""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from kb.plain import Plain, plainly
from kb.ready import Line, Ready, Row, tell

BUSY_SECONDS = 10
PAGES_BEFORE_TIDYING, MOST_PAGES = 1000, 20_000
"""How far the log of SQLite grows until a commit has to move it into the database, which waits for the disk: later for what only counts."""
_READING = "webform_reading"
_PATIENCE = "webform_patience"
_MANNER = "webform_manner"
_LEFT_AT = "webform_left_at"
SURE_SECONDS = 2.0
"""How long a connection to PostgreSQL is taken to stand after it was used: asking it each time costs every event a turn to the server and back."""


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
        with plainly(self.engine) as line:
            return ready.rows(line, values)

    @contextmanager
    def reading_plainly(self) -> Iterator[Plain]:
        """Give a transaction that only reads, for a few ready statements: what makes a session costs more than they do."""
        with plainly(self.engine, _begin_reading) as line:
            yield line

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
            yield session

    @contextmanager
    def counting_plainly(self, *, patience: float) -> Iterator[Plain]:
        """Give such a transaction for a few ready statements."""
        with self._turn(patience), plainly(self.engine, partial(_begin_counting, patience=patience)) as line:
            yield line

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
        engine = create_engine(parsed, hide_parameters=True, pool_size=10, max_overflow=10, pool_use_lifo=True)
        event.listen(engine, "begin", _begin_postgres)
        _trust_briefly(engine)
        return engine
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
    else:
        _begin_writing(connection, options.get(_PATIENCE))


def _begin_writing(line: Line, patience: float | None) -> None:
    manner = (
        f"busy_timeout={round((BUSY_SECONDS if patience is None else patience) * 1000)}",
        f"synchronous={'FULL' if patience is None else 'NORMAL'}",
        f"wal_autocheckpoint={PAGES_BEFORE_TIDYING if patience is None else MOST_PAGES}",
    )
    info = line.connection.info
    if info.get(_MANNER) != manner:  # A connection remembers how it was asked to wait and to write.
        tell(line, *(f"PRAGMA {pragma}" for pragma in manner))
        info[_MANNER] = manner
    tell(line, "BEGIN IMMEDIATE")


def _begin_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get(_PATIENCE) is not None:
        _hurry(connection)


def _hurry(line: Line) -> None:
    """Begin what only counts something, and say that it waits for no disk, in one turn to the server; others are begun by the driver."""
    if (raw := line.connection.dbapi_connection) is not None:
        raw.pgconn.exec_(b"BEGIN; SET LOCAL synchronous_commit TO off")  # A connection that is lost is found out by the first statement.


def _begin_reading(line: Line) -> None:
    if line.dialect.name == "sqlite":  # Elsewhere the driver begins by itself.
        tell(line, "BEGIN")


def _begin_counting(line: Line, patience: float) -> None:
    if line.dialect.name == "sqlite":
        _begin_writing(line, patience)
    else:
        _hurry(line)


def _trust_briefly(engine: Engine) -> None:
    """Ask a connection that was idle for longer than `SURE_SECONDS` whether it still stands; if not, all of its age are made anew."""

    def leave(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_LEFT_AT] = time.monotonic()

    def take(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        left_at = record.info.get(_LEFT_AT)
        if left_at is not None and time.monotonic() - left_at > SURE_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error

    event.listen(engine, "checkin", leave)
    event.listen(engine, "checkout", take)
