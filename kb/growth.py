"""Growth: when there is enough to learn from for another lesson, which costs seconds to minutes.

A lesson is due when twenty examples came or were changed, or a tenth where there are more than two hundred, and in any
case an hour after the first of them. That is looked up now and then, in one small query.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.database import Database
from kb.examples import Example
from kb.tending import Change

FEWEST, SHARE = 20, 0.1
LONGEST_SECONDS = 3600.0
LOOK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Extent:
    """How many examples there are, the number of the last one, and that of the last change to one."""

    count: int
    last: int
    change: int


def extent(session: Session) -> Extent:
    """Measure the examples as they are now."""
    columns = select(func.count(Example.id), func.coalesce(func.max(Example.id), 0), select(func.coalesce(func.max(Change.id), 0)).scalar_subquery())
    return Extent(*session.execute(columns).one())


def news(before: Extent, after: Extent) -> int:
    """Count what is new between two measurements: examples that came, were changed, or went."""
    came = max(after.last - before.last, 0)
    return came + max(after.change - before.change, 0) + max(before.count + came - after.count, 0)


class Growth:
    """Watches the examples for one process."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        """Watch a database, by a clock of seconds."""
        self._database, self._clock = database, clock
        self._learned: Extent | None = None
        self._learned_at = self._looked_at = float("-inf")

    def learn(self) -> None:
        """Note that what there is now is being learned."""
        with self._database.reading() as session:
            self._learned = extent(session)
        self._learned_at = self._clock()

    def is_due(self) -> bool:
        """Tell whether enough is new for another lesson; a database that was not learned from here before is not judged."""
        now = self._clock()
        if self._learned is None or now - self._looked_at < LOOK_SECONDS:
            return False
        self._looked_at = now
        with self._database.reading() as session:
            found = news(self._learned, extent(session))
        return found >= max(FEWEST, SHARE * self._learned.count) or (found > 0 and now - self._learned_at >= LONGEST_SECONDS)
