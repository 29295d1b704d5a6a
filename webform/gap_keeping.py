"""Keeping gaps current: a thread of the worker that makes a round every minute, beside the mail, on one machine of all."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kb.attendance import attending
from kb.database import Database
from kb.suggest import Suggester
from webform import errands, gap_closing
from webform.gap_collection import Origin
from webform.gap_rounds import Rounds, Tally

ERRAND = "gaps"
EVERY = timedelta(minutes=1)
LEASE = timedelta(minutes=5)
BUDGET_SECONDS = 60.0
"""How long a round may take before it lets another go on; each half of it, grouping and asking, has so long."""
LOOK_SECONDS = 5.0


class Keeping:
    """What is needed for a round: the tables, the suggester, the mark of what our people said, the time that all machines share."""

    def __init__(self, database: Database, suggester: Suggester, origin: Origin, clock: Callable[[Session], datetime], name: str) -> None:
        """Take what it works with.

        :param name: one that no other process has.
        """
        self._database, self._suggester, self._clock, self._name = database, suggester, clock, name
        self._rounds = Rounds(database, origin)
        self._stopped = False

    def attempt(self, every: timedelta = EVERY) -> Tally | None:
        """Make a round if one is due and nobody else is at it."""
        return errands.once(self._database, ERRAND, self._name, self._round, every=every, lease=LEASE, clock=self._clock)

    def _round(self, now: datetime) -> Tally:
        tally = self._rounds.make(now, go_on=self._budget())
        tally.answered = gap_closing.close_answered(self._database, self._suggester, now=now, go_on=self._budget())
        return tally

    def stop(self) -> None:
        """End after the step in hand."""
        self._stopped = True

    def _budget(self) -> Callable[[], bool]:
        until = time.monotonic() + BUDGET_SECONDS
        return lambda: not self._stopped and time.monotonic() < until


def attend(keeping: Keeping) -> AbstractContextManager[None]:
    """Make rounds beside what else this process does; the next round begins where one ended that failed."""

    def look(_stopped: object) -> None:
        keeping.attempt()

    return attending("gaps", look, every=LOOK_SECONDS, trouble="gaps are not attended to", stop=keeping.stop)
