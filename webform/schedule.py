"""The schedule: when a message that could not be delivered is tried again, and when it is given up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random
from typing import Any

JITTER_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Schedule:
    """Waits between attempts; the last wait repeats until the message is too old.

    :ivar waits: after the first failed attempt, after the second, …
    :ivar lifetime: age at which a message is given up.
    :ivar jitter: draws from [0, 1): up to a fifth of each wait is added, so that what failed together does not come back together.
    """

    waits: tuple[timedelta, ...]
    lifetime: timedelta
    jitter: Callable[[], float] = random

    def next_attempt(self, attempts: int, created_at: datetime, now: datetime) -> datetime | None:
        """Tell when to try again.

        :param attempts: how many have failed, at least 1.
        :return: None when the message is given up. Never before every wait has had its turn: a clock that leapt ahead
            makes a message old, but not tried.
        """
        if attempts > len(self.waits) and now - created_at >= self.lifetime:
            return None
        wait = self.waits[min(attempts, len(self.waits)) - 1]
        return now + wait * (1 + JITTER_SHARE * self.jitter())


def schedule(config: Mapping[str, Any]) -> Schedule:
    """Read the schedule from the settings."""
    waits = tuple(timedelta(minutes=minutes) for minutes in config["MAIL_RETRY_MINUTES"])
    return Schedule(waits, timedelta(days=config["MAIL_RETRY_DAYS"]))
