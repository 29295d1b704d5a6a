"""Lines of files for spreadsheets, in which nothing that somebody wrote is carried out as a formula."""

import csv
import io
from collections.abc import Iterable

BEGINNING = "\ufeff"
"""By this mark spreadsheets know that a file is UTF-8."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def line(cells: Iterable[str]) -> str:
    """Write a line; a cell that a spreadsheet would take for a formula is told to be text."""
    written = io.StringIO()
    csv.writer(written).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return written.getvalue()
