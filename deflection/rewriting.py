"""Rewriting: bringing counted rows to what they should be. Most are so already, and customers wait for a writer on SQLite."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, insert, select
from sqlalchemy.orm import Session

BATCH = 1000
Row = dict[str, Any]


def rewrite(session: Session, table: Table, within: ColumnElement[bool], names: Sequence[str], rows: Sequence[Row]) -> None:
    """Have these rows and no others in a part of a table, by writing only what is different.

    :param within: which part it is.
    :param names: the columns that rows are told apart by, ``id`` aside: all that a row has.
    """
    wanted = {tuple(row[name] for name in names): row for row in rows}
    kept = {tuple(row[1:]): row[0] for row in session.execute(select(table.c.id, *(table.c[name] for name in names)).where(within))}
    gone = [number for values, number in kept.items() if values not in wanted]
    new = [row for values, row in wanted.items() if values not in kept]
    for start in range(0, len(gone), BATCH):
        session.execute(delete(table).where(table.c.id.in_(gone[start : start + BATCH])))
    for start in range(0, len(new), BATCH):
        session.execute(insert(table), new[start : start + BATCH])
