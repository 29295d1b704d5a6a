"""An import on the command line: a bar that grows on a terminal, lines elsewhere, and what came of it in words."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from kb.import_report import Report, Verdict

SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def counting_up() -> Iterator[Callable[[int, int], None]]:
    """Give what an import tells its progress to; it is shown beside the facts, on standard error."""
    if sys.stderr.isatty():
        with click.progressbar(length=1, label="Importing", show_pos=True, file=sys.stderr) as bar:
            yield lambda done, total: _grow(bar, done, total)
        return
    last = time.monotonic()

    def say(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            click.echo(f"{done} of {max(done, total)}", err=True)

    yield say


def report_lines(report: Report, *, dry_run: bool) -> Iterator[str]:
    """Put what an import came to in words."""
    for change in report.changes:
        if change.verdict is not Verdict.UNCHANGED:
            fields = f" ({', '.join(change.fields)})" if change.fields else ""
            yield f"{change.verdict}: {change.article} {change.language} “{change.title}”{fields}"
    counts = f"{report.created} articles created, {report.updated} updated, {report.unchanged} unchanged, {report.examples} examples added"
    pictures = f", {report.pictures} pictures" if report.pictures else ""
    yield f"would be: {counts}{pictures}; nothing was written" if dry_run else f"{counts}{pictures}"


def _grow(bar: "click._termui_impl.ProgressBar[int]", done: int, total: int) -> None:
    bar.length = max(1, done, total)
    bar.update(done - bar.pos)
