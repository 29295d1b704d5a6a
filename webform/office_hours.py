"""Office hours: the working time that leads have written down, and within how much of it a person answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.orm import Session

from webform import arrangements
from webform.hour_lines import read_holidays, read_spans
from webform.working_time import WorkingTime

HOURS = "hours"
DAYS = 7
MOST_ANSWER_HOURS = 720


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """What leads have written: ``week`` the hours of each day from Monday, ``holidays`` their lines, as they stand in the form.

    Without ``answer_hours`` the setting holds.
    """

    zone: str
    week: tuple[str, ...]
    holidays: str = ""
    answer_hours: int | None = None

    @property
    def working_time(self) -> WorkingTime:
        """Give the hours they mean."""
        return working_time(self.zone, self.week, self.holidays)

    def facts(self) -> dict[str, Any]:
        """Tell what they say, to be kept and for the trace."""
        return {"zone": self.zone, "week": list(self.week), "holidays": self.holidays.splitlines(), "answer_hours": self.answer_hours}


def read(session: Session) -> OfficeHours | None:
    """Give the hours that hold; nothing as long as nobody has written any down."""
    kept = arrangements.find(session, HOURS)
    return opened(kept.content) if kept else None


def opened(content: Mapping[str, Any]) -> OfficeHours:
    """Read hours as they were kept."""
    return OfficeHours(content["zone"], tuple(content["week"]), "\n".join(content["holidays"]), content["answer_hours"])


def keep(session: Session, hours: OfficeHours, *, version: int, author: str, now: datetime) -> None:
    """Keep hours that can be read.

    :raises webform.arrangements.Overtaken: if somebody else has changed them meanwhile.
    """
    arrangements.keep(session, HOURS, hours.facts(), version=version, author=author, now=now)


@cache
def working_time(zone: str, week: tuple[str, ...], holidays: str) -> WorkingTime:
    """Give the working time that some lines mean.

    :raises webform.hour_lines.HoursRefused: if hours cannot be read.
    """
    return WorkingTime(ZoneInfo(zone), tuple(read_spans(day) for day in week), read_holidays(holidays)[0])


@cache
def zones() -> tuple[str, ...]:
    """List the names of time zones that are places, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))))
