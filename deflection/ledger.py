"""The ledger: counting visits into days, so that a figure of any age is there at once and outlives the visits.

Only days are counted anew in which something happened since: a visit that was seen, or one whose person came back. A day
that was over when it was counted keeps the definitions that it was counted by, until somebody asks for a rebuild.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from deflection.article_months import CountedMonth
from deflection.counted import count_of, is_counted
from deflection.day_counts import ARTICLE_COUNTS, ARTICLE_KEY, COUNTS, KEY, CountedDay, Ledger, article_day, counted_at, day_count, kept_from, written
from deflection.events import NO_ARTICLE, Event, Kind
from deflection.facts import RETURN, Facts, facts_of_visits
from deflection.meetings import Meeting, meetings
from deflection.outcomes import DEFINITIONS, outcome, taken_back
from deflection.rewriting import Changes, Row, differences
from deflection.slices import DAY, midnight
from deflection.visits import IDLE, Arm, Visit
from kb.database import Database
from kb.inserts import insert_into

LATE = timedelta(minutes=1)
"""What was seen this long before a count may have been written after it."""
LONGEST_VISIT = timedelta(days=31)
"""A form that stays open for longer cannot be sent any more."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a day comes to: rows of both tables."""

    days: list[Row]
    articles: list[Row]


def count(database: Database, now: datetime) -> int:
    """Bring the counts up to date; several processes at once make the same of it.

    :return: how many days were counted anew.
    """
    with database.reading() as session:
        days = sorted(_changed(session, now))
    for day in days:
        count_day(database, day, now)
    if days:
        with database.counting(patience=5.0) as session:
            lock(session).counted_at = now
    return len(days)


def has_counted(session: Session, until: datetime) -> bool:
    """Tell whether everything that happened before a moment is counted: not yet when the worker did not run for a while."""
    last, seen = counted_at(session), select(Visit.id).where(Visit.last_seen_at < until).limit(1)
    return session.scalar(seen if last is None else seen.where(Visit.last_seen_at >= last)) is None


def _changed(session: Session, now: datetime) -> set[date]:
    """Give the days in which something may have happened since the last count. A visit under way changes by only ending."""
    last, kept = counted_at(session), kept_from(session)
    if last is None:
        return set(days_with_visits(session))
    days = days_changed(session, min(last, now) - IDLE - LATE)
    if days:
        days |= set(session.scalars(select(CountedDay.day).where(CountedDay.definitions != DEFINITIONS, CountedDay.day >= last.date())))
    return {day for day in days if kept is None or day >= kept}


def days_changed(session: Session, since: datetime) -> set[date]:
    """Give the days of the visits that were seen since a moment, and of those whose person or browser was."""
    seen = Visit.last_seen_at >= since
    days = {at.date() for at in session.scalars(select(Visit.started_at).where(seen))}
    if days:
        marks = [mark.in_(select(mark).where(seen, mark.is_not(None))) for mark in (Visit.person, Visit.browser)]
        earlier = select(Visit.started_at).where(or_(*marks), Visit.started_at >= midnight(min(days)) - RETURN - LONGEST_VISIT)
        days |= {at.date() for at in session.scalars(earlier)}
    return days


def days_with_visits(session: Session) -> Iterator[date]:
    """Give each day on which a visit began that is still kept."""
    first = select(func.min(Visit.started_at))
    at = session.scalar(first)
    while at is not None:
        yield at.date()
        at = session.scalar(first.where(Visit.started_at >= midnight(at.date() + DAY)))


def count_day(database: Database, day: date, now: datetime, *, anew: bool = False) -> None:
    """Count a day, and write what is different from before.

    :param anew: whether to count by the definitions of today, whatever the day was counted by before.
    """
    with database.reading() as session:
        compared = written(session)
        before = session.get(CountedDay, day)
        old = before is not None and before.definitions != DEFINITIONS and before.counted_at >= midnight(day + DAY)
        rows = Rows([], []) if old and not anew else rows_of(session, day, now)
        changes = _changes(session, day, rows)
    with database.counting(patience=5.0) as session:
        ledger = lock(session)
        if old and not anew:
            session.get_one(CountedDay, day).waiting = True
            return
        for change in changes if ledger.written == compared else _changes(session, day, rows):
            change.write(session)
        ledger.written += 1
        session.execute(delete(CountedMonth).where(CountedMonth.month == day.replace(day=1)))
        session.merge(CountedDay(day=day, definitions=DEFINITIONS, counted_at=now, waiting=False))


def _changes(session: Session, day: date, rows: Rows) -> list[Changes]:
    return [
        differences(session, day_count, day_count.c.day == day, (*KEY, "definitions", *COUNTS), rows.days),
        differences(session, article_day, article_day.c.day == day, (*ARTICLE_KEY, "definitions", *ARTICLE_COUNTS), rows.articles),
    ]


def lock(session: Session) -> Ledger:
    """Have everybody else who counts wait until this is written."""
    session.execute(insert_into(session, Ledger).values(id=1).on_conflict_do_nothing(index_elements=["id"]))
    return session.scalars(select(Ledger).where(Ledger.id == 1).with_for_update()).one()


def rows_of(session: Session, day: date, now: datetime) -> Rows:
    """Count the visits that began on a day."""
    since, until = midnight(day), midnight(day + DAY)
    visits = {facts.visit_id: facts for facts in facts_of_visits(session, since=since, until=until)}
    days: defaultdict[tuple[object, ...], Counter[str]] = defaultdict(Counter)
    for facts in visits.values():
        days[day, *_place(facts)].update(count_of(facts, now))
    articles: defaultdict[tuple[object, ...], Counter[str]] = defaultdict(Counter)
    for meeting in meetings(session, since=since, until=until, visits=visits):
        facts = visits[meeting.visit_id]
        articles[meeting.article_id, day, *_place(facts)].update(_of_meeting(meeting, facts))
    for article, visit_id in _withheld(session, since=since, until=until):
        if is_counted(facts := visits[visit_id]):
            articles[article, day, *_place(facts)].update(["shown", *_came_to(facts)])
    return Rows(list(_rows(KEY, COUNTS, days)), list(_rows(ARTICLE_KEY, ARTICLE_COUNTS, articles)))


def _place(facts: Facts) -> tuple[str, ...]:
    return facts.arm, facts.language, facts.topic, facts.device, facts.site, facts.release, facts.channel


def _of_meeting(meeting: Meeting, facts: Facts) -> list[str]:
    happened = [name for name in ("shown", "opened", "read", "solved", "declined", "sent", "returned") if getattr(meeting, name)]
    return happened + _came_to(facts)


def _came_to(facts: Facts) -> list[str]:
    names = ["engaged", outcome(facts).value]
    return names + ["requests"] * facts.submitted + ["taken_back"] * taken_back(facts)


def _withheld(session: Session, *, since: datetime, until: datetime) -> Iterator[tuple[int, int]]:
    wanted = select(Event.article_id, Event.visit_id).join(Visit, Visit.id == Event.visit_id)
    within = Visit.started_at >= since, Visit.started_at < until, Visit.arm == Arm.HOLDOUT
    yield from session.execute(wanted.where(*within, Event.kind == Kind.WITHHELD, Event.article_id != NO_ARTICLE))


def _rows(key: tuple[str, ...], counts: tuple[str, ...], found: dict[tuple[object, ...], Counter[str]]) -> Iterator[Row]:
    for place, counted in found.items():
        yield dict(zip(key, place, strict=True)) | {"definitions": DEFINITIONS} | {name: counted[name] for name in counts}
