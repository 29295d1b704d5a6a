"""Rewriting: bringing counted rows to what they should be. Most are so already, and customers wait for a writer on SQLite.

What is different is found out beforehand, while nobody waits. Whoever writes tells by a number that goes up with every
writing whether the rows are still those that were compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, insert, select
from sqlalchemy.orm import Session

BATCH = 1000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different: the numbers of rows that should not be there, and rows that are missing."""

    table: Table
    gone: list[int]
    new: list[Row]

    def write(self, session: Session) -> None:
        """Make it so."""
        for start in range(0, len(self.gone), BATCH):
            session.execute(delete(self.table).where(self.table.c.id.in_(self.gone[start : start + BATCH])))
        for start in range(0, len(self.new), BATCH):
            session.execute(insert(self.table), self.new[start : start + BATCH])


def differences(session: Session, table: Table, within: ColumnElement[bool], names: Sequence[str], rows: Sequence[Row]) -> Changes:
    """Compare rows with those of a part of a table, which should have these and no others.

    :param within: which part it is.
    :param names: the columns that rows are told apart by, ``id`` aside: all that a row has.
    """
    wanted = {tuple(row[name] for name in names): row for row in rows}
    kept = {tuple(row[1:]): row[0] for row in session.execute(select(table.c.id, *(table.c[name] for name in names)).where(within))}
    gone = [number for values, number in kept.items() if values not in wanted]
    return Changes(table, gone, [row for values, row in wanted.items() if values not in kept])
