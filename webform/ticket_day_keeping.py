"""Keeping the days of requests: a thread of the worker that counts those in which something happened."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from kb.attendance import attending
from kb.database import Database
from webform import ticket_days

SECONDS_BETWEEN_COUNTS = 60.0


def attend(database: Database, name: str, clock: Callable[[Session], datetime]) -> AbstractContextManager[None]:
    """Count beside what else this process does.

    :param name: one that no other process has.
    :param clock: tells the time that all machines share.
    """

    def look(_stopped: object) -> None:
        with database.reading() as session:
            now = clock(session)
        ticket_days.count(database, name, now)

    return attending("days of requests", look, every=SECONDS_BETWEEN_COUNTS, trouble="the days of requests are not counted", gently=True)
