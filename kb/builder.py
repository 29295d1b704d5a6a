"""The builder: a process that keeps the shelf of its node current, so that those who answer people only load what it made."""

import threading
from contextlib import AbstractContextManager
from pathlib import Path

from kb.attendance import attending
from kb.database import Database
from kb.keeper import Keeper
from kb.shelf import BUILDER_LOCK, Shelf

LOOK_SECONDS, RETRY_SECONDS = 0.2, 1.0


def attend(database: Database, folder: Path) -> AbstractContextManager[None]:
    """Build and learn beside what else this process does; of several on a node one does it, and the next takes over when it dies."""

    def build(stopped: threading.Event) -> None:
        with Shelf(folder).locked(wait=False, name=BUILDER_LOCK) as mine:
            if mine:
                _tend(Keeper(database, folder, builder=True), stopped)

    # Those who answer people build for themselves meanwhile.
    return attending("builder", build, every=RETRY_SECONDS, trouble="the index is not attended to")


def _tend(keeper: Keeper, stopped: threading.Event) -> None:
    try:
        while not stopped.wait(LOOK_SECONDS):
            keeper.engine()
    finally:
        keeper.close(wait=False)
