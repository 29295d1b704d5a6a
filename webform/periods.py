"""Periods: which days a page of figures is about, and which days they are held against. All days are those of UTC."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
LONGEST = 3 * 366
"""Days that one period may have."""


class Preset(StrEnum):
    """Periods that move with the calendar; the present day is in the first four, and not over yet."""

    WEEK = "7"
    MONTH = "28"
    QUARTER = "90"
    THIS_MONTH = "month"
    LAST_MONTH = "last-month"


class Against(StrEnum):
    """What a period is held against."""

    BEFORE = "before"
    YEAR = "year"
    NONE = "none"


class Fault(StrEnum):
    """What was wrong with a period that was asked for; then the usual one is shown."""

    NO_PERIOD = "no-period"
    NO_DAY = "no-day"
    BACKWARDS = "backwards"
    TOO_LONG = "too-long"
    FUTURE = "future"
    NO_COMPARISON = "no-comparison"


@dataclass(frozen=True, slots=True)
class Days:
    """Days one after the other, the first and the last included."""

    first: date
    last: date

    @property
    def number(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        """The moment they begin."""
        return datetime.combine(self.first, time.min, UTC)

    @property
    def until(self) -> datetime:
        """The moment they are over."""
        return datetime.combine(self.last + DAY, time.min, UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """The days that figures are about. ``preset`` is nothing where the days were chosen one by one."""

    days: Days
    preset: Preset | None
    against: Against
    faults: tuple[Fault, ...] = ()

    @property
    def compared(self) -> Days | None:
        """The days they are held against: as many just before, or the same ones a year earlier; nothing if none are wanted."""
        if self.against is Against.NONE:
            return None
        if self.against is Against.YEAR:
            return Days(_year_before(self.days.first), _year_before(self.days.last))
        whole_month = self.days.first.day == 1 and self.days.last == _month_of(self.days.first).last
        return _month_of(self.days.first - DAY) if whole_month else Days(self.days.first - self.days.number * DAY, self.days.first - DAY)

    def query(self) -> dict[str, str]:
        """Say the same as parameters of an address; the usual choices say nothing."""
        chosen = {"period": self.preset.value} if self.preset else {"from": self.days.first.isoformat(), "to": self.days.last.isoformat()}
        if self.preset is Preset.MONTH:
            chosen = {}
        return chosen if self.against is Against.BEFORE else {**chosen, "against": self.against.value}


def read(asked: Mapping[str, str], today: date) -> Period:
    """Read ``period``, ``from``, ``to`` and ``against`` from an address. Days that are a preset's own are that preset."""
    faults: list[Fault] = []
    against = asked.get("against") or Against.BEFORE
    if against not in list(Against):
        faults.append(Fault.NO_COMPARISON)
        against = Against.BEFORE
    name = asked.get("period") or Preset.MONTH
    if name not in list(Preset):
        faults.append(Fault.NO_PERIOD)
        name = Preset.MONTH
    preset = Preset(name)
    days = _preset(preset, today)
    if asked.get("from") or asked.get("to"):
        chosen = _chosen(asked.get("from", ""), asked.get("to", ""), today)
        if isinstance(chosen, Fault):
            faults.append(chosen)
        elif chosen != days:
            return Period(chosen, next((each for each in Preset if _preset(each, today) == chosen), None), Against(against), tuple(faults))
    return Period(days, preset, Against(against), tuple(faults))


def _chosen(first: str, last: str, today: date) -> Days | Fault:
    try:
        end = date.fromisoformat(last) if last else today
        begin = date.fromisoformat(first) if first else end - 27 * DAY
    except (ValueError, OverflowError):
        return Fault.NO_DAY
    if begin > end:
        return Fault.BACKWARDS
    if begin > today or begin.year < 2000:
        return Fault.FUTURE if begin > today else Fault.NO_DAY
    days = Days(begin, min(end, today))
    return Fault.TOO_LONG if days.number > LONGEST else days


def _preset(preset: Preset, today: date) -> Days:
    if preset is Preset.THIS_MONTH:
        return Days(today.replace(day=1), today)
    if preset is Preset.LAST_MONTH:
        return _month_of(today.replace(day=1) - DAY)
    return Days(today - (int(preset) - 1) * DAY, today)


def _month_of(day: date) -> Days:
    return Days(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
