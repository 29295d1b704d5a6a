"""Evidence: the visits behind a count, one by one. Facts about visits; there is nothing of a person to show."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from deflection.counted import RULES, is_counted, seconds_to_send
from deflection.day_counts import VISIT_COUNTS, article_day, day_count, kept_from
from deflection.events import Event, Kind
from deflection.facts import Facts, facts_of
from deflection.figures import within
from deflection.meetings import meetings_of
from deflection.outcomes import Outcome, outcome
from deflection.slices import DAY, Slice, midnight
from deflection.visits import Arm, Visit

ROWS = 50
BATCH = 500
LOOKED_AT = 100
"""Visits whose facts are read at once."""
COLUMNS = (
    "visit", "began_at", "arm", "language", "topic", "device", "site", "release", "channel", "engaged", "straight", "outcome", "came_back",
    "seconds_to_send", "events",
)  # fmt: skip
RULE_OF = {"timed": "requests"}
"""Counts that have no rule of their own: which visits they are about."""
MET = {"met_opened": "opened", "met_solved": "solved", "met_sent": "sent"}
"""Counts of one article: what a visit did with it, as a `Meeting` says. They need a slice of that article."""
BY_MARK = frozenset({"taken_back", "left_returned"})
BY_EVENT = dict.fromkeys(("requests", "submitted", "bad_sent", "timed"), Kind.SUBMITTED) | dict.fromkeys(("confirmed", "solved"), Kind.SOLVED)


class UnknownCount(Exception):
    """There is no count of that name."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a visit."""

    kind: Kind
    article_id: int
    rank: int | None
    seconds: float | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One visit: what its events say, what it came to if it has an outcome, and the events."""

    facts: Facts
    outcome: Outcome | None
    events: tuple[Happened, ...]

    @property
    def seconds_to_send(self) -> float | None:
        """The time from the first character to sending."""
        return seconds_to_send(self.facts)


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the visits behind a count, the latest first.

    ``counted`` is the figure, ``forgotten`` how many of it are of days whose visits are not kept any more;
    ``next`` asks for the next page, and is empty on the last one.
    """

    rows: list[Row]
    counted: int
    forgotten: int
    next: str


def evidence(session: Session, wanted: Slice, count: str, arm: Arm | None = None, *, after: str = "", limit: int = ROWS) -> Page:
    """Give a page of the visits behind a count of `figures.Counts`.

    :param arm: of which arm; of both unless given.
    :param after: ``next`` of the page before.
    :raises UnknownCount: if no visits are behind such a name.
    """
    days, kept = _days(session, wanted, count, arm), kept_from(session)
    found: list[Facts] = []
    more = ""
    for facts in _found(session, wanted, count, arm, days, _place(after)):
        if len(found) == limit:
            more = f"{_day(found[-1])}.{found[-1].visit_id}"
            break
        found.append(facts)
    forgotten = sum(number for day, number in days.items() if kept is not None and day < kept)
    return Page(list(_rows(session, found)), sum(days.values()), forgotten, more)


def all_evidence(session: Session, wanted: Slice, count: str, arm: Arm | None = None) -> Iterator[tuple[object, ...]]:
    """Give every visit behind a count as values in the order of `COLUMNS`, for a file."""
    found = _found(session, wanted, count, arm, _days(session, wanted, count, arm), None)
    while part := list(islice(found, BATCH)):
        for row in _rows(session, part):
            yield _values(row)


def _values(row: Row) -> tuple[object, ...]:
    facts = row.facts
    began = facts.started_at.isoformat(timespec="seconds") if facts.started_at else ""
    events = " ".join(f"{each.kind}:{each.article_id}" if each.article_id else each.kind for each in row.events)
    where = facts.language, facts.topic, facts.device, facts.site, facts.release, facts.channel
    told = int(facts.engaged), int(facts.straight), row.outcome or "", int(facts.came_back), row.seconds_to_send
    return facts.visit_id, began, facts.arm, *where, *told, events


def _days(session: Session, wanted: Slice, count: str, arm: Arm | None) -> dict[date, int]:
    """Tell how many visits each day has of it; the days without any need not be looked through."""
    count = RULE_OF.get(count, count)
    if count not in (RULES if wanted.article is None else {*RULES, *MET}):
        raise UnknownCount(count)
    table, column = (day_count, count) if wanted.article is None else (article_day, MET.get(count, count if count in VISIT_COUNTS else "engaged"))
    numbers = func.sum(table.c[column])
    query = select(table.c.day, numbers).where(within(table, wanted), *([table.c.arm == arm] if arm else [])).group_by(table.c.day).having(numbers > 0)
    return {day: int(number) for day, number in session.execute(query)}


def _found(session: Session, wanted: Slice, count: str, arm: Arm | None, days: dict[date, int], after: tuple[date, int] | None) -> Iterator[Facts]:
    only = list(_only(wanted, count, arm))
    left = sorted((day for day in days if after is None or day <= after[0]), reverse=True)
    size = 1
    while left:
        some, left = left[:size], left[size:]
        numbers = _numbers(session, some[-1], some[0], only, after)
        size = 2 * size if len(numbers) < LOOKED_AT else 1  # What is rare is looked for in more days at once.
        for start in range(0, len(numbers), LOOKED_AT):
            found = facts_of(session, numbers[start : start + LOOKED_AT])
            behind = _behind(session, found, wanted, count)
            for number in numbers[start : start + LOOKED_AT]:
                facts = found.get(number)
                if facts and number in behind and wanted.has(facts) and arm in {None, facts.arm} and (wanted.article is None or is_counted(facts)):
                    yield facts


def _behind(session: Session, found: Mapping[int, Facts], wanted: Slice, count: str) -> set[int]:
    if did := MET.get(count):
        return {meeting.visit_id for meeting in meetings_of(session, found) if meeting.article_id == wanted.article and getattr(meeting, did)}
    rule = RULES[RULE_OF.get(count, count)]
    return {number for number, facts in found.items() if rule(facts)}


def _numbers(session: Session, first: date, last: date, only: Sequence[ColumnElement[bool]], after: tuple[date, int] | None) -> list[int]:
    """Give the numbers of the visits of some days that may be behind a count, the latest day first, and of a day the latest visit."""
    begun = Visit.started_at >= midnight(first), Visit.started_at < midnight(last + DAY)
    places = [(at.date(), number) for number, at in session.execute(select(Visit.id, Visit.started_at).where(*begun, *only))]
    return [number for day, number in sorted(places, reverse=True) if after is None or (day, number) < after]


def _only(wanted: Slice, count: str, arm: Arm | None) -> Iterator[ColumnElement[bool]]:
    """Say in the words of the database what a visit must have for a count, so that not all visits of a day are looked at; the rule decides."""
    for dimension, value in wanted.chosen.items():
        yield getattr(Visit, dimension.value) == value
    if arm is not None:
        yield Visit.arm == arm
    if count in BY_MARK:
        yield or_(Visit.person.is_not(None), Visit.browser.is_not(None))
    if (kind := BY_EVENT.get(count)) is not None:
        happened = aliased(Event)
        yield select(happened.id).where(happened.visit_id == Visit.id, happened.kind == kind).exists()
    if wanted.article is not None:
        met = aliased(Event)
        yield select(met.id).where(met.visit_id == Visit.id, met.article_id == wanted.article).exists()


def _rows(session: Session, visits: Sequence[Facts]) -> Iterator[Row]:
    events: defaultdict[int, list[Happened]] = defaultdict(list)
    wanted = select(Event).where(Event.visit_id.in_([facts.visit_id for facts in visits])).order_by(Event.recorded_at, Event.id)
    for event in session.scalars(wanted):
        events[event.visit_id].append(Happened(Kind(event.kind), event.article_id, event.rank, event.seconds, event.reason, event.recorded_at))
    for facts in visits:
        yield Row(facts, outcome(facts) if is_counted(facts) else None, tuple(events[facts.visit_id]))


def _day(facts: Facts) -> date:
    return facts.started_at.date() if facts.started_at else date.min


def _place(after: str) -> tuple[date, int] | None:
    """Read where a page ended; what cannot be read is the beginning."""
    day, _, number = after.partition(".")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
