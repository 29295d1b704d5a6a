"""Ready statements: put together once for each kind of database, and given to its driver as they are.

What is asked with every pause in typing is short, and most of its time would go into preparing it anew: five to ten times
what the database needs. Values and rows go through the same types as everywhere else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, PoolProxiedConnection, Select, Update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Statement = Select[*tuple[Any, ...]] | Insert | Update | Delete
Change = Callable[[Any], Any]
Row = tuple[Any, ...]


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

    def rows(self, connection: Connection, values: Mapping[str, object] | None = None) -> list[Row]:
        """Run it in a transaction.

        :raises sqlalchemy.exc.DBAPIError: as SQLAlchemy itself would; without the values.
        """
        return self.rows_of(connection.connection, connection.dialect, values)

    def rows_of(self, connection: PoolProxiedConnection, dialect: Dialect, values: Mapping[str, object] | None = None) -> list[Row]:
        """Run it by a connection of the driver, in a transaction or not."""
        text = self._texts.get(dialect.name) or self._put_together(dialect)
        told = {**text.fixed, **values} if values else dict(text.fixed)
        for name, change in text.sent:
            told[name] = change(told[name])
        with _driven(connection, dialect, text.words) as cursor:
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


def tell(connection: Connection, *words: str) -> None:
    """Say something to a database that has no values and no answer, as how to wait.

    :raises sqlalchemy.exc.DBAPIError: as SQLAlchemy itself would.
    """
    for each in words:
        with _driven(connection.connection, connection.dialect, each) as cursor:
            cursor.execute(each)


@contextmanager
def _driven(connection: PoolProxiedConnection, dialect: Dialect, words: str) -> Iterator[DBAPICursor]:
    """Give the driver's own cursor; its faults become those of SQLAlchemy."""
    cursor = connection.cursor()
    try:
        yield cursor
    except Exception as fault:
        base = dialect.loaded_dbapi.Error
        if not isinstance(fault, base):
            raise
        raise DBAPIError.instance(words, None, fault, base, hide_parameters=True, dialect=dialect) from fault
    finally:
        cursor.close()


def _sending(kind: TypeEngine[Any], dialect: Dialect) -> Change | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _changed(row: Sequence[Any], changes: Sequence[tuple[int, Change]]) -> Row:
    if not changes:
        return tuple(row)
    found = list(row)
    for place, change in changes:
        found[place] = change(found[place])
    return tuple(found)
