"""Panels: figures of one matter as a table, from which its page, its table beside a drawing, its CSV and its JSON are made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from webform import desk

Value = str | int | float | date | None


class Kind(StrEnum):
    """What the values of a column are, and so how a page writes them."""

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    DAY = "day"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name for programs, its head for people."""

    key: str
    words: str
    kind: Kind = Kind.COUNT

    @property
    def is_figure(self) -> bool:
        """Whether its values stand under each other at the right."""
        return self.kind not in {Kind.TEXT, Kind.DAY}

    def write(self, value: Value, share: Callable[[float | None], str] = desk.percent) -> str:
        """Write a value as a page does.

        :param share: how the table writes its shares.
        """
        if value is None:
            return "–"
        if isinstance(value, datetime | date):
            return desk.short_day(value)
        if isinstance(value, str):
            return value
        return {Kind.SHARE: share, Kind.SECONDS: desk.duration, Kind.NUMBER: desk.number}.get(self.kind, desk.count)(value)


@dataclass(frozen=True, slots=True)
class Panel:
    """A table with its heads.

    ``names`` are what people call the values of the first column, where that is not what programs call them; ``leads`` are where they lead.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    names: dict[Value, str] = field(default_factory=dict)
    leads: dict[Value, str] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """What programs call the columns."""
        return [column.key for column in self.columns]

    def head(self, row: Sequence[Value]) -> str:
        """Write what a row is about."""
        return self.names.get(row[0]) or self.columns[0].write(row[0])

    def cells(self, row: Sequence[Value]) -> list[tuple[Column, str]]:
        """Write the figures of a row, each with its column."""
        return [(column, column.write(value, self.percent)) for column, value in zip(self.columns[1:], row[1:], strict=True)]

    @property
    def percent(self) -> Callable[[float | None], str]:
        """How its shares are written: alike in the whole table."""
        places = [place for place, column in enumerate(self.columns) if column.kind == Kind.SHARE]
        return desk.alike(value for row in self.rows for place in places if isinstance(value := row[place], float))


def plain(value: object) -> object:
    """Give a value as programs take it: days and moments in ISO 8601."""
    return value.isoformat() if isinstance(value, datetime | date) else value
