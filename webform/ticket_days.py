"""Ticket days: the groups of each day, kept by the worker, so that support figures of a long time are added up from days and not from requests.

Nothing is lost by keeping: every wait is there. A day in which a request changed since the last count is counted from its requests
whenever somebody asks, so that figures are those of the moment whether the worker runs or not.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

import numpy as np
from sqlalchemy import Date, LargeBinary, String, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.database import Database
from kb.schema import Base
from webform import errands
from webform.periods import DAY, Days
from webform.ticket_groups import DEFINITIONS, Group, Waits, groups_of
from webform.tickets import Ticket, TicketStatus

COUNT = "days of requests"
LATE = timedelta(minutes=5)
"""What changed this long before a count may have been written after it, or by a machine whose clock is behind."""
LEASE = timedelta(minutes=10)
MOST_AT_ONCE = 31
"""Days that are counted and written together."""
PATIENCE = 5.0
_WAIT = np.dtype("<i4")


class TicketDay(Base):
    """The requests of one day, topic and way; ``answered`` and ``closed`` are their waits in seconds, four bytes each, the lowest first."""

    __tablename__ = "ticket_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    topic: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    new: Mapped[int]
    dealt_with: Mapped[int]
    done: Mapped[int]
    spam: Mapped[int]
    held: Mapped[int]
    answered: Mapped[bytes] = mapped_column(LargeBinary)
    unanswered: Mapped[int]
    unanswered_since: Mapped[datetime | None]
    closed: Mapped[bytes] = mapped_column(LargeBinary)
    unclosed: Mapped[int]
    unclosed_since: Mapped[datetime | None]


class TicketCount(Base):
    """The single row that says until when changes of requests are in the days, and by which definitions."""

    __tablename__ = "ticket_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    definitions: Mapped[int]


_STATES = (TicketDay.new, TicketDay.dealt_with, TicketDay.done, TicketDay.spam, TicketDay.held)
"""In the order of `TicketStatus`."""


def between(session: Session, days: Days) -> list[Group]:
    """Give the requests of some days in groups: those of days that are counted, and what changed since from its own rows."""
    changed = _changed(session)
    if changed is None:
        return groups_of(session, days)
    anew = {day for day in changed if days.first <= day <= days.last}
    kept = [group for group in _kept(session, days) if group.day not in anew]
    return kept + [group for some in _runs(anew) for group in groups_of(session, some)]


def count(database: Database, who: str, now: datetime) -> int:
    """Bring the days up to date, unless another process is at it.

    :param who: a name that no other process has.
    :return: how many days were counted anew.
    """
    with database.reading() as session:
        days = _to_count(session, now)
    if not days:
        return 0
    work = partial(_count, database, who)
    return errands.once(database, COUNT, who, work, every=timedelta(0), lease=LEASE, clock=lambda _session: now) or 0


def _count(database: Database, who: str, now: datetime) -> int:
    with database.reading() as session:  # Once more: another one may have counted in between.
        days = _to_count(session, now)
    for some in _runs(days, MOST_AT_ONCE):
        if not _count_some(database, some, who, now):
            return 0
    with database.counting(patience=PATIENCE) as session:
        if errands.hold(session, COUNT, who, lease=LEASE, now=now):
            session.merge(TicketCount(id=1, until=now - LATE, definitions=DEFINITIONS))
    return len(days)


def _count_some(database: Database, days: Days, who: str, now: datetime) -> bool:
    with database.reading() as session:
        groups = groups_of(session, days)
    with database.counting(patience=PATIENCE) as session:
        if not errands.hold(session, COUNT, who, lease=LEASE, now=now):
            return False  # Whoever took it over has counted, or will count, from newer rows.
        session.execute(delete(TicketDay).where(TicketDay.day.between(days.first, days.last)))
        if groups:
            session.execute(insert(TicketDay), [_row(group) for group in groups])
    return True


def _to_count(session: Session, now: datetime) -> set[date]:
    changed = _changed(session)
    if changed is not None:
        return changed
    first = session.scalar(select(func.min(Ticket.created_at)))
    return {first.date() + DAY * step for step in range((now.date() - first.date()).days + 1)} if first else set()


def _changed(session: Session) -> set[date] | None:
    """Give the days of the requests that came or changed since the last count; nothing if none are counted as they are counted today."""
    last = session.get(TicketCount, 1)
    if last is None or last.definitions != DEFINITIONS:
        return None
    return {at.date() for at in session.scalars(select(Ticket.created_at).where(Ticket.updated_at >= last.until))}


def _runs(days: set[date], most: int = 10**6) -> Iterator[Days]:
    """Take days that follow one another together, so many at most."""
    run: list[date] = []
    for day in sorted(days):
        if run and (day != run[-1] + DAY or len(run) == most):
            yield Days(run[0], run[-1])
            run = []
        run.append(day)
    if run:
        yield Days(run[0], run[-1])


def _row(group: Group) -> dict[str, object]:
    states = {column.key: number for column, number in zip(_STATES, group.states, strict=True)}
    told: dict[str, object] = {"day": group.day, "topic": group.topic, "channel": group.channel, **states}
    for name, waits in (("answered", group.answered), ("closed", group.closed)):
        told |= {name: np.sort(waits.seconds).astype(_WAIT).tobytes(), f"un{name}": waits.waiting, f"un{name}_since": waits.since}
    return told


def _kept(session: Session, days: Days) -> Iterator[Group]:
    first = (TicketDay.answered, TicketDay.unanswered, TicketDay.unanswered_since)
    last = (TicketDay.closed, TicketDay.unclosed, TicketDay.unclosed_since)
    rows = select(TicketDay.day, TicketDay.topic, TicketDay.channel, *_STATES, *first, *last).where(TicketDay.day.between(days.first, days.last))
    for day, topic, channel, *rest in session.execute(rows):
        states, waits = rest[: len(TicketStatus)], rest[len(TicketStatus) :]
        answered, closed = (Waits(np.frombuffer(seconds, _WAIT), waiting, since) for seconds, waiting, since in (waits[:3], waits[3:]))
        yield Group(day, topic, channel, tuple(states), answered, closed)
