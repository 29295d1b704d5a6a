"""Spreadsheets: lines of a table that other programs open, in which no cell can become a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

MARK = "\ufeff"
"""By this mark at the beginning spreadsheets know that it is UTF-8."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def line(cells: Sequence[object]) -> str:
    """Write one line. Numbers stay numbers; a text that a spreadsheet would carry out begins with an apostrophe."""
    written = io.StringIO()
    csv.writer(written).writerow([f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in cells])
    return written.getvalue()


def lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Write a whole table, line by line."""
    yield MARK + line(head)
    for row in rows:
        yield line(row)
