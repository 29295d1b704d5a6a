"""Keeping the census: a thread of the worker that counts visits into weeks of articles, every few minutes."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from deflection.census import count
from kb.database import Database

log = logging.getLogger(__name__)

SECONDS_BETWEEN_COUNTS = 120.0
LONGEST_GOODBYE = 5.0
"""Seconds that may be spent on ending; a week that is half counted then is counted by the next worker."""


@contextmanager
def attend(database: Database, *, every: float = SECONDS_BETWEEN_COUNTS) -> Iterator[None]:
    """Count beside what else this process does; several workers may, and make the same of it."""
    stopped = threading.Event()
    thread = threading.Thread(target=_attend, args=(database, every, stopped), name="census", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(LONGEST_GOODBYE)


def _attend(database: Database, every: float, stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            count(database, datetime.now(UTC))
        except Exception as fault:  # noqa: BLE001 - whatever it is, mail goes on, and the next count makes up for it
            log.warning("visits are not counted: %s", type(fault).__name__)
        stopped.wait(every)
