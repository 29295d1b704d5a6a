"""Files of raw events: as a table for spreadsheets, and as one JSON object a line for programs."""

import json
from collections.abc import Iterable, Iterator

from deflection.raw_events import COLUMNS, Values
from webform import spreadsheet

FORMATS = {"csv": "text/csv", "jsonl": "application/x-ndjson"}


def lines(rows: Iterable[Values], form: str) -> Iterator[str]:
    """Write rows, one a line, as they come.

    :param form: ``csv`` or ``jsonl``.
    """
    return _table(rows) if form == "csv" else _objects(rows)


def _table(rows: Iterable[Values]) -> Iterator[str]:
    return spreadsheet.lines(COLUMNS, ([_cell(value) for value in row] for row in rows))


def _objects(rows: Iterable[Values]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) + "\n"


def _cell(value: object) -> object:
    return int(value) if isinstance(value, bool) else "" if value is None else value
