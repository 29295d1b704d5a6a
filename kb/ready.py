"""Ready statements: put together once for each kind of database, and given to its driver as they are.

What is asked with every pause in typing is short, and most of its time would go into preparing it anew: five to ten times
what the database needs. Values and rows go through the same types as everywhere else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Delete, Dialect, Insert, PoolProxiedConnection, Select, Update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Statement = Select[*tuple[Any, ...]] | Insert | Update | Delete
Change = Callable[[Any], Any]
Row = tuple[Any, ...]


class Line(Protocol):
    """What leads to a database: a connection of SQLAlchemy's, or one of the driver's own with what is known of its kind."""

    @property
    def connection(self) -> PoolProxiedConnection:
        """The driver's connection."""

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as one driver takes it: its words, its values in their order or by name, and how these are changed."""

    words: str
    order: tuple[str, ...] | None
    fixed: Mapping[str, object]
    sent: tuple[tuple[str, Change], ...]


class Ready:
    """One statement; any number of threads may run it."""

    def __init__(self, statement: Statement | Callable[[str], Statement]) -> None:
        """Take a statement, or what makes it for ``sqlite`` or ``postgresql``; it must not hold a list of values of any length."""
        self._statement = statement
        self._texts: dict[str, _Text] = {}
        self._given: dict[str, tuple[tuple[int, Change], ...]] = {}

    def rows(self, line: Line, values: Mapping[str, object] | None = None) -> list[Row]:
        """Run it, in a transaction or not.

        :raises sqlalchemy.exc.DBAPIError: as SQLAlchemy itself would; without the values.
        """
        dialect = line.dialect
        text = self._texts.get(dialect.name) or self._put_together(dialect)
        told = {**text.fixed, **values} if values else dict(text.fixed)
        for name, change in text.sent:
            told[name] = change(told[name])
        with _driven(line.connection, dialect, text.words) as cursor:
            cursor.execute(text.words, told if text.order is None else tuple(map(told.__getitem__, text.order)))
            found = cursor.fetchall()
            if (given := self._given.get(dialect.name)) is None:
                given = self._given[dialect.name] = tuple(self._changes(dialect, [column[1] for column in cursor.description or ()]))
        return [_changed(row, given) for row in found]

    def _put_together(self, dialect: Dialect) -> _Text:
        compiled = self._made(dialect).compile(dialect=dialect)
        sent = {name: _sending(bound.type, dialect) for bound, name in compiled.bind_names.items()}  # A name may stand in several places.
        text = self._texts[dialect.name] = _Text(
            compiled.string,
            tuple(compiled.positiontup or ()) if compiled.positional else None,
            dict(compiled.params),
            tuple((name, change) for name, change in sent.items() if change),
        )
        return text

    def _changes(self, dialect: Dialect, kinds: Sequence[object]) -> Iterator[tuple[int, Change]]:
        """Tell how the columns of a row are changed.

        :param kinds: what the driver calls the types of the columns.
        """
        for place, (column, kind) in enumerate(zip(self._made(dialect).exported_columns, kinds, strict=True)):
            if change := column.type.dialect_impl(dialect).result_processor(dialect, kind):
                yield place, change

    def _made(self, dialect: Dialect) -> Statement:
        return self._statement(dialect.name) if callable(self._statement) else self._statement


def tell(line: Line, *words: str) -> None:
    """Say something to a database that has no values and no answer, as how to wait.

    :raises sqlalchemy.exc.DBAPIError: as SQLAlchemy itself would.
    """
    for each in words:
        with _driven(line.connection, line.dialect, each) as cursor:
            cursor.execute(each)


@contextmanager
def _driven(connection: PoolProxiedConnection, dialect: Dialect, words: str) -> Iterator[DBAPICursor]:
    """Give the driver's own cursor; its faults become those of SQLAlchemy."""
    with translated(dialect, words):
        cursor = connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()


@contextmanager
def translated(dialect: Dialect, words: str = "") -> Iterator[None]:
    """Make the driver's faults those of SQLAlchemy."""
    base = dialect.loaded_dbapi.Error
    try:
        yield
    except base as fault:
        raise DBAPIError.instance(words, None, fault, base, hide_parameters=True, dialect=dialect) from fault


def _sending(kind: TypeEngine[Any], dialect: Dialect) -> Change | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _changed(row: Sequence[Any], changes: Sequence[tuple[int, Change]]) -> Row:
    if not changes:
        return tuple(row)
    found = list(row)
    for place, change in changes:
        found[place] = change(found[place])
    return tuple(found)
