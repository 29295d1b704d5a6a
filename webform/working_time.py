"""Working time: when somebody is there, and when some hours of work will have passed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
DAYS_AHEAD = 400
"""So far an opening is looked for: longer than a year, because a holiday may be the one day without one."""
ALWAYS = timedelta(days=8)
"""What is open for longer than a week at a stretch never closes."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of a day, in minutes from its midnight by the clock on the wall; 1440 is the midnight after it."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        """Refuse what is no part of a day."""
        if not 0 <= self.opens < self.closes <= DAY_MINUTES:
            raise ValueError(f"{self.opens} to {self.closes} is no part of a day")


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day unlike others: closed, or open only for ``spans``. Without a year it comes back every year."""

    month: int
    day: int
    year: int | None = None
    spans: tuple[Span, ...] = ()
    name: str = ""

    def falls_on(self, day: date) -> bool:
        """Tell whether it is that day."""
        return (self.month, self.day) == (day.month, day.day) and self.year in {None, day.year}


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The hours of a week, Monday first, in a time zone, and the days that are different.

    Hours are those of the clock on the wall. Where it is put forward over an opening, that begins as many minutes later;
    an hour that comes twice is worked twice.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    holidays: tuple[Holiday, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse a week that has not seven days."""
        if len(self.week) != 7:
            raise ValueError("a week has seven days")

    @property
    def is_empty(self) -> bool:
        """Whether nobody is ever there."""
        return not any(self.week)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """Give the hours of a day; of several holidays on it one with a year counts, else the first."""
        falling = sorted((holiday for holiday in self.holidays if holiday.falls_on(day)), key=lambda holiday: holiday.year is None)
        return falling[0].spans if falling else self.week[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        """Tell whether somebody is there; at the minute of closing nobody is."""
        return any(opens <= at for opens, _ in self.openings(at))

    def opens_at(self, at: datetime) -> datetime | None:
        """Tell when somebody will be there: at once if somebody is, else with the next opening; nothing if never within a year."""
        first = next(self.openings(at, DAYS_AHEAD), None)
        return max(first[0], at) if first else None

    def closes_at(self, at: datetime) -> datetime | None:
        """Tell when those who are there will leave; nothing if nobody is there, or nobody ever leaves."""
        until: datetime | None = None
        for opens, closes in self.openings(at, ALWAYS.days + 1):
            if opens > (until or at):
                break
            until = closes
        return until if until and until - at < ALWAYS else None

    def after(self, start: datetime, work: timedelta) -> datetime | None:
        """Tell when so much working time has passed since a moment; nothing if not within a year.

        :return: in UTC; work that ends with the day ends at its closing, not at the next opening.
        """
        left = work
        for opens, closes in self.openings(start, DAYS_AHEAD):
            begun = max(opens, start)
            if closes - begun >= left:
                return begun + left
            left -= closes - begun
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Tell how much working time lies between two moments; none if the second is not later."""
        days = max(0, (end - start).days) + 2
        return sum((max(timedelta(), min(closes, end) - max(opens, start)) for opens, closes in self.openings(start, days)), timedelta())

    def openings(self, at: datetime, days: int = 1) -> Iterator[tuple[datetime, datetime]]:
        """Give the openings and closings, in UTC and in order, of what closes after a moment."""
        first = at.astimezone(self.zone).date() - timedelta(days=1)
        for number in range(days + 2):
            day = first + timedelta(days=number)
            for span in sorted(self.spans_on(day)):
                opens, closes = self._instant(day, span.opens, fold=0), self._instant(day, span.closes, fold=1)
                if closes > at and opens < closes:
                    yield opens, closes

    def _instant(self, day: date, minute: int, *, fold: int) -> datetime:
        """Find the instant at which the clock shows a minute of a day.

        One that the clock leaves out is taken by the time before, and so comes after the gap.
        """
        wall = datetime.combine(day, time()) + timedelta(minutes=minute)
        local = wall.replace(tzinfo=self.zone, fold=fold)
        if local.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != wall:
            local = local.replace(fold=0)
        return local.astimezone(UTC)
