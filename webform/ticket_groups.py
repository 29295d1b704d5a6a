"""Ticket groups: the requests of one day, topic and way, with how long each of them waited; what all support figures are added up from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from webform.periods import Days
from webform.ticket_changes import Party, TicketChange
from webform.tickets import NO_REQUESTS, Ticket, TicketStatus

DEFINITIONS = 1
"""Raised when anything here is counted differently: then every day is counted anew."""

DEALT_WITH = (TicketStatus.ANSWERED, TicketStatus.CLOSED)
"""Statuses that mean that somebody of the team looked at a request: the first of them counts as the first answer."""

BEFORE_IT_WAS_KEPT = ""
"""Who changed a request before that was kept; then its last change is all that is known."""

OURS = (Party.TEAM, Party.PROGRAM, BEFORE_IT_WAS_KEPT)
"""Who answers customers: a program, which an admin gave a key to, does so for a team that works in a help desk of its own."""

ANSWERED = and_(TicketChange.status.in_(DEALT_WITH), TicketChange.party.in_(OURS))
CLOSED = TicketChange.status == TicketStatus.CLOSED
Seconds = NDArray[np.int32]


@dataclass(slots=True)
class Waited:
    """How long requests waited until they came to something, in seconds; how many wait still, and since when the first of them does."""

    seconds: list[int] = field(default_factory=list)
    waiting: int = 0
    since: datetime | None = None

    def note(self, came_at: datetime, reached_at: datetime | None, *, waits: bool) -> None:
        """Take one request in: it is there, waits still, or neither."""
        if reached_at is not None:
            self.seconds.append(max(0, round((reached_at - came_at).total_seconds())))
        elif waits:
            self.waiting += 1
            self.since = earliest([self.since, came_at])


@dataclass(frozen=True, slots=True)
class Waits:
    """The same of a whole group, as it is kept."""

    seconds: Seconds
    waiting: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """Requests of one day, topic and way: how many have each status now, and how long those that are requests waited."""

    day: date
    topic: str
    channel: str
    states: tuple[int, ...]
    answered: Waits
    closed: Waits

    @property
    def total(self) -> int:
        """How many there are, without spam and what is held."""
        return sum(count for state, count in zip(TicketStatus, self.states, strict=True) if state not in NO_REQUESTS)


def groups_of(session: Session, days: Days) -> list[Group]:
    """Count the requests of some days from their own rows; what that takes grows with their number."""
    answered, closed = (func.min(case((reaching, TicketChange.changed_at))) for reaching in (ANSWERED, CLOSED))
    rows = (
        select(Ticket.created_at, Ticket.topic, Ticket.channel, Ticket.status, answered, closed)
        .outerjoin(TicketChange, TicketChange.ticket_id == Ticket.id)
        .where(Ticket.created_at >= days.since, Ticket.created_at < days.until)
        .group_by(Ticket.id)
    )
    found: dict[tuple[date, str, str], tuple[list[int], Waited, Waited]] = {}
    for came_at, topic, channel, status, answered_at, closed_at in session.execute(rows):
        states, first, last = found.setdefault((came_at.date(), topic, channel), ([0] * len(TicketStatus), Waited(), Waited()))
        states[_PLACES[status]] += 1
        if status not in NO_REQUESTS:
            first.note(came_at, answered_at, waits=status == TicketStatus.NEW)
            last.note(came_at, closed_at, waits=status in (TicketStatus.NEW, TicketStatus.ANSWERED))
    return [Group(*key, tuple(states), _kept(first), _kept(last)) for key, (states, first, last) in found.items()]


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """Give the first of some moments."""
    return min((moment for moment in moments if moment is not None), default=None)


def together(waits: Sequence[Waits]) -> Waits:
    """Put the waits of several groups together."""
    seconds = np.concatenate([each.seconds for each in waits]) if waits else np.empty(0, np.int32)
    return Waits(seconds, sum(each.waiting for each in waits), earliest(each.since for each in waits))


def exceeded_by(tenths: int, seconds: Seconds) -> int | None:
    """Give the shortest wait that so many tenths of all did not exceed; nothing if nobody waited."""
    if not len(seconds):
        return None
    place = -(-tenths * len(seconds) // 10) - 1
    return int(np.partition(seconds, place)[place])


def _kept(waited: Waited) -> Waits:
    return Waits(np.array(waited.seconds, np.int32), waited.waiting, waited.since)


_PLACES: dict[str, int] = {state.value: place for place, state in enumerate(TicketStatus)}
