"""Keeping the ledger: a thread of the worker that counts visits into days and days into months, and forgets those that are old enough."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime

from deflection.article_months import add_up
from deflection.ledger import count
from deflection.retention import forget
from kb.attendance import attending
from kb.database import Database

SECONDS_BETWEEN_COUNTS = 60.0


def attend(database: Database, *, days: int, every: float = SECONDS_BETWEEN_COUNTS) -> AbstractContextManager[None]:
    """Count beside what else this process does; several workers may, and make the same of it.

    :param days: for which visits are kept.
    """

    def look(_stopped: object) -> None:
        now = datetime.now(UTC)
        count(database, now)
        add_up(database, now)
        forget(database, days=days, now=now)
        database.tidy()

    return attending("ledger", look, every=every, trouble="days are not counted", gently=True)
