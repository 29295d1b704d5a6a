"""Figures: what the visits of a slice came to, added up from the days that were counted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, and_, func, select
from sqlalchemy.orm import Session

from deflection.article_weeks import monday
from deflection.day_counts import COUNTS, HOURS, VISIT_COUNTS, CountedDay, article_day, day_count
from deflection.lift import Lift, lift_of
from deflection.outcomes import Outcome
from deflection.reports import Rate
from deflection.slices import DAY, Dimension, Slice
from deflection.visits import Arm


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of the visits of one arm, each as the rule of its name in `deflection.counted` says.

    ``log_seconds`` and ``log_squares`` add up the thousandths of the logarithm of the time to sending, of ``timed`` visits.
    """

    opened_forms: int = 0
    typed: int = 0
    visits: int = 0
    straight: int = 0
    demand: int = 0
    engaged: int = 0
    shown: int = 0
    opened: int = 0
    read: int = 0
    solved: int = 0
    declined: int = 0
    confirmed: int = 0
    presumed: int = 0
    submitted_after_help: int = 0
    submitted: int = 0
    abandoned: int = 0
    requests: int = 0
    taken_back: int = 0
    helped: int = 0
    left: int = 0
    left_returned: int = 0
    bad_shown: int = 0
    bad_sent: int = 0
    under_way: int = 0
    timed: int = 0
    log_seconds: int = 0
    log_squares: int = 0

    @property
    def outcomes(self) -> dict[Outcome, int]:
        """How many engaged visits came to what; they add up to all of them."""
        return {outcome: getattr(self, outcome.value) for outcome in Outcome}


NOTHING = Counts()
NAMES = tuple(field.name for field in fields(Counts))
FUNNEL = ("opened_forms", "typed", "engaged", "shown", "opened", "confirmed")
"""The steps from the opened form to what customers said themselves; without a script a form is known to be open once it is sent."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the visits of a slice came to in each arm; ``definitions`` are the versions of the rules its days were counted by."""

    treatment: Counts = NOTHING
    holdout: Counts = NOTHING
    definitions: frozenset[int] = field(default_factory=frozenset)

    @property
    def arms(self) -> dict[Arm, Counts]:
        """Both arms by name."""
        return {Arm.TREATMENT: self.treatment, Arm.HOLDOUT: self.holdout}

    @property
    def deflection_rate(self) -> Rate:
        """Confirmed visits of all engaged ones of the treatment arm. What is only presumed is no part of it."""
        return Rate(self.treatment.confirmed, self.treatment.engaged)

    @property
    def presumed_rate(self) -> Rate:
        """Presumed visits of all engaged ones of the treatment arm: to be shown beside the other, never added to it."""
        return Rate(self.treatment.presumed, self.treatment.engaged)

    @property
    def lift(self) -> Lift | None:
        """What suggesting changed, by comparison with the holdout; nothing while an arm has no engaged visit."""
        return lift_of((self.holdout.requests, self.holdout.engaged), (self.treatment.requests, self.treatment.engaged))


class Part(NamedTuple):
    """Counts of the visits of a place and an arm, in the order of `NAMES`, by one version of the definitions."""

    place: tuple[Any, ...]
    arm: str
    definitions: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A day, or a week from Monday on, as far as it lies within the slice; ``last`` is its last day."""

    first: date
    last: date
    figures: Figures


class Sums:
    """The counts of a slice, added up by the database once for each place that some columns make, to be put together in several ways."""

    def __init__(self, names: Sequence[str], parts: Sequence[Part]) -> None:
        self._names, self._parts = names, parts

    def whole(self, **chosen: object) -> Figures:
        """Add everything up, or only what has these values."""
        return self._by((), chosen)[()]

    def by(self, name: str, **chosen: object) -> dict[Any, Figures]:
        """Add up for each value of a column."""
        return {value[0]: figures for value, figures in self._by((name,), chosen).items()}

    def groups(self, dimension: Dimension) -> dict[str, Figures]:
        """Add up for each value of a dimension, the one with most engaged visits first."""
        return dict(sorted(self.by(dimension.value).items(), key=lambda entry: (-entry[1].treatment.engaged, entry[0])))

    def periods(self, wanted: Slice, *, weekly: bool = False, **chosen: object) -> list[Period]:
        """Add up each day of the slice, or each week, the first first; those without any visit are there too."""
        days = self.by("day", **chosen)
        periods, first = [], wanted.since
        while first < wanted.until:
            until = min(wanted.until, monday(first) + timedelta(days=7)) if weekly else first + DAY
            within = [days[day] for step in range((until - first).days) if (day := first + step * DAY) in days]
            periods.append(Period(first, until - DAY, added_up(within)))
            first = until
        return periods

    def _by(self, names: Sequence[str], chosen: Mapping[str, object]) -> defaultdict[tuple[Any, ...], Figures]:
        places = [self._names.index(name) for name in names]
        wanted = {self._names.index(name): value for name, value in chosen.items()}
        found: defaultdict[tuple[Any, ...], list[Part]] = defaultdict(list)
        for part in self._parts:
            if all(part.place[place] == value for place, value in wanted.items()):
                found[tuple(part.place[place] for place in places)].append(part)
        return defaultdict(Figures, {place: _figures(parts) for place, parts in found.items()})


def sums(session: Session, wanted: Slice, *names: str) -> Sums:
    """Add up a slice in one query. Of an article only what its visits came to is known: counts of other things are 0.

    :param names: columns to tell apart: dimensions, and ``day``.
    """
    table, counts = (day_count, COUNTS) if wanted.article is None else (article_day, VISIT_COUNTS)
    summed = [name for name in counts if name in NAMES]
    columns = [table.c[name] for name in names]
    query = select(*columns, table.c.arm, table.c.definitions, *(func.sum(table.c[name]) for name in summed))
    order = _order(summed)
    parts = []
    for row in session.execute(query.where(within(table, wanted)).group_by(*columns, table.c.arm, table.c.definitions)):
        arm, definitions, *numbers = row[len(names) :]
        parts.append(Part(tuple(row[: len(names)]), arm, definitions, tuple(0 if place is None else int(numbers[place]) for place in order)))
    return Sums(names, parts)


def figures_of(session: Session, wanted: Slice) -> Figures:
    """Add up a slice."""
    return sums(session, wanted).whole()


def definitions_of(session: Session, wanted: Slice) -> frozenset[int]:
    """Tell by which versions of the rules the days of a slice were counted."""
    days = select(CountedDay.definitions).where(CountedDay.day >= wanted.since, CountedDay.day < wanted.until)
    return frozenset(session.scalars(days.distinct()))


def by_period(session: Session, wanted: Slice, *, weekly: bool = False) -> list[Period]:
    """Add up each day of a slice, or each week."""
    return sums(session, wanted, "day").periods(wanted, weekly=weekly)


def by_dimension(session: Session, wanted: Slice, dimension: Dimension) -> dict[str, Figures]:
    """Add up a slice for each value of a dimension, the one with most engaged visits first."""
    return sums(session, wanted, dimension.value).groups(dimension)


def choices(session: Session, wanted: Slice) -> dict[Dimension, list[str]]:
    """List the values that each dimension has in these days, to choose from, whatever is chosen by now."""
    within = day_count.c.day >= wanted.since, day_count.c.day < wanted.until
    columns = [day_count.c[dimension.value] for dimension in Dimension]
    rows = session.execute(select(*columns).where(*within).distinct()).all()
    return {dimension: sorted({row[place] for row in rows}) for place, dimension in enumerate(Dimension)}


def demand(session: Session, wanted: Slice) -> list[list[int]]:
    """Count by weekday, Monday first, and hour in UTC how many came with a real question or sent one: 7 rows of 24, both arms together."""
    days = select(day_count.c.day, *(func.sum(day_count.c[hour]) for hour in HOURS)).where(within(day_count, wanted)).group_by(day_count.c.day)
    table = [[0] * 24 for _ in range(7)]
    for day, *hours in session.execute(days):
        row = table[day.weekday()]
        for hour, number in enumerate(hours):
            row[hour] += int(number)
    return table


def funnel(counts: Counts) -> list[tuple[str, int]]:
    """Give the steps from the opened form to the outcome, with their counts."""
    return [(name, getattr(counts, name)) for name in FUNNEL]


def added_up(parts: Iterable[Figures]) -> Figures:
    """Add figures together."""
    kept = list(parts)
    versions = frozenset(version for part in kept for version in part.definitions)
    return Figures(_sum(part.treatment for part in kept), _sum(part.holdout for part in kept), versions)


def _sum(parts: Iterable[Counts]) -> Counts:
    kept = [part for part in parts if part is not NOTHING]
    return Counts(*(sum(getattr(part, name) for part in kept) for name in NAMES)) if kept else NOTHING


def _figures(parts: Iterable[Part]) -> Figures:
    numbers: defaultdict[str, list[tuple[int, ...]]] = defaultdict(list)
    definitions = set()
    for part in parts:
        numbers[part.arm].append(part.numbers)
        definitions.add(part.definitions)
    return Figures(**{arm: Counts(*map(sum, zip(*rows, strict=True))) for arm, rows in numbers.items()}, definitions=frozenset(definitions))


def _order(summed: Sequence[str]) -> list[int | None]:
    """Tell for each of `NAMES` where it stands among the counts that were added up; visits that met an article were all shown it."""
    same = {} if "visits" in summed else dict.fromkeys(("visits", "shown"), "engaged")
    return [summed.index(known) if (known := same.get(name, name)) in summed else None for name in NAMES]


def within(table: Table, wanted: Slice) -> ColumnElement[bool]:
    """Say which rows of one of both tables belong to a slice."""
    conditions = [table.c.day >= wanted.since, table.c.day < wanted.until]
    conditions += [table.c[dimension.value] == value for dimension, value in wanted.chosen.items()]
    if wanted.article is not None:
        conditions.append(article_day.c.article_id == wanted.article)
    return and_(*conditions)
