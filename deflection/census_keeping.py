"""Keeping the census: a thread of the worker that counts visits into weeks of articles, every few minutes."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime

from deflection.census import Keeper
from kb.attendance import attending
from kb.database import Database

SECONDS_BETWEEN_COUNTS = 120.0


def attend(database: Database, *, every: float = SECONDS_BETWEEN_COUNTS) -> AbstractContextManager[None]:
    """Count beside what else this process does; several workers may, and make the same of it."""
    keeper = Keeper(database)

    def look(_stopped: object) -> None:
        keeper.count(datetime.now(UTC))

    return attending("census", look, every=every, trouble="visits are not counted", gently=True)
