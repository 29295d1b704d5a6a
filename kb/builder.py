"""The builder: a process that keeps the shelf of its node current, so that those who answer people only load what it made."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.database import Database
from kb.keeper import Keeper
from kb.shelf import BUILDER_LOCK, Shelf

log = logging.getLogger(__name__)

LOOK_SECONDS, RETRY_SECONDS = 0.2, 1.0
LONGEST_GOODBYE = 5.0
"""Seconds that may be spent on ending; what is half built then is swept away by the next builder."""


@contextmanager
def attend(database: Database, folder: Path) -> Iterator[None]:
    """Build and learn beside what else this process does; of several on a node one does it, and the next takes over when it dies."""
    stopped = threading.Event()
    thread = threading.Thread(target=_attend, args=(database, folder, stopped), name="builder", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(LONGEST_GOODBYE)


def _attend(database: Database, folder: Path, stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            with Shelf(folder).locked(wait=False, name=BUILDER_LOCK) as mine:
                if mine:
                    _tend(Keeper(database, folder, builder=True), stopped)
        except Exception as fault:  # noqa: BLE001 - whatever it is, mail goes on, and those who answer build for themselves
            log.warning("the index is not attended to: %s", type(fault).__name__)
        stopped.wait(RETRY_SECONDS)


def _tend(keeper: Keeper, stopped: threading.Event) -> None:
    try:
        while not stopped.wait(LOOK_SECONDS):
            keeper.engine()
    finally:
        keeper.close(wait=False)
