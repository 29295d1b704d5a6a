"""Support figures: how many requests came, by what way and about what, how long they waited, and which mails did not arrive."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from kb.helpfulness import Vote
from kb.inserts import dialect_of
from webform.outbox import Delivery, MessageKind, OutboxMessage
from webform.periods import Days
from webform.ticket_changes import Party, TicketChange
from webform.tickets import NO_REQUESTS, Ticket, TicketStatus

DEALT_WITH = (TicketStatus.ANSWERED, TicketStatus.CLOSED)
"""Statuses that mean that somebody of the team looked at a request: the first of them counts as the first answer."""

BEFORE_IT_WAS_KEPT = ""
"""Who changed a request before that was kept; then its last change is all that is known."""

OURS = (Party.TEAM, Party.PROGRAM, BEFORE_IT_WAS_KEPT)
"""Who answers customers: a program, which an admin gave a key to, does so for a team that works in a help desk of its own."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long requests waited: ``reached`` of ``of`` requests are there; half of them after ``median`` seconds at most, nine of ten after ``ninetieth``.

    ``waiting`` are those that still wait, the first of them since ``since``; what is left came to its end otherwise.
    """

    reached: int
    of: int
    median: int | None
    ninetieth: int | None
    waiting: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Came:
    """Requests of one topic or way: all, and how many of them have each status now.

    ``total`` has neither spam nor what is held; half of those that the team dealt with waited ``answered_within`` seconds at most.
    """

    name: str
    total: int
    new: int
    answered: int
    closed: int
    spam: int
    held: int
    answered_within: int | None


def by_topic(session: Session, days: Days) -> list[Came]:
    """Count the requests of each topic, the most frequent first."""
    return _came(session, days, Ticket.topic)


def by_channel(session: Session, days: Days) -> list[Came]:
    """Count the requests that came by each way, the most frequent first."""
    return _came(session, days, Ticket.channel)


def by_day(session: Session, days: Days) -> list[tuple[date, int]]:
    """Count the requests of each day, spam left out; a day without any counts 0."""
    on = func.date(func.timezone("UTC", Ticket.created_at) if dialect_of(session) == "postgresql" else Ticket.created_at)
    counted = select(on, func.count()).where(*_of(days), Ticket.status.not_in(NO_REQUESTS)).group_by(on)
    found = {day if isinstance(day, date) else date.fromisoformat(day): count for day, count in session.execute(counted)}
    return [(day, found.get(day, 0)) for day in (days.first + timedelta(days=step) for step in range(days.number))]


def until_first_answer(session: Session, days: Days) -> Waits:
    """Tell how long the requests of a time waited until one of the team, or a program of theirs, first dealt with them."""
    return _waits(session, days, _answered(session, days), [TicketStatus.NEW])


def until_closed(session: Session, days: Days) -> Waits:
    """Tell how long the requests of a time waited until they were closed; one that was opened again counts by its first closing."""
    return _waits(session, days, _first(session, days, TicketChange.status == TicketStatus.CLOSED), [TicketStatus.NEW, TicketStatus.ANSWERED])


def votes(session: Session, days: Days) -> list[tuple[str, int, int]]:
    """Count what readers of articles said in each language: language, helpful, not helpful."""
    yes, no = (func.sum(case((Vote.helpful.is_(said), 1), else_=0)) for said in (True, False))
    counted = select(Vote.language, yes, no).where(Vote.voted_on.between(days.first, days.last)).group_by(Vote.language)
    return [(language, helpful, unhelpful) for language, helpful, unhelpful in session.execute(counted.order_by(func.count().desc(), Vote.language))]


def mails(session: Session, days: Days) -> list[tuple[str, int, int, int]]:
    """Count the mails of a time by kind: kind, sent, waiting, failed. Failed ones have not arrived and wait for somebody to look."""
    counts = [func.sum(case((OutboxMessage.status == state, 1), else_=0)) for state in (Delivery.SENT, Delivery.WAITING, Delivery.FAILED)]
    counted = select(OutboxMessage.kind, *counts).where(OutboxMessage.created_at >= days.since, OutboxMessage.created_at < days.until)
    found = {kind: (kind, *numbers) for kind, *numbers in session.execute(counted.group_by(OutboxMessage.kind))}
    return [found.pop(kind, (kind.value, 0, 0, 0)) for kind in MessageKind] + sorted(found.values())


def kept_since(session: Session) -> datetime | None:
    """Tell since when it is kept who sets a status and when; nothing before the first one."""
    return session.scalar(select(func.min(TicketChange.changed_at)).where(TicketChange.party != BEFORE_IT_WAS_KEPT))


def _of(days: Days) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Ticket.created_at >= days.since, Ticket.created_at < days.until


def _came(session: Session, days: Days, column: InstrumentedAttribute[str]) -> list[Came]:
    counts = [func.sum(case((Ticket.status == status, 1), else_=0)) for status in TicketStatus]
    within = _medians(session, _answered(session, days), column.key)
    rows = session.execute(select(column, *counts).where(*_of(days)).group_by(column))
    found = [Came(name, new + answered + closed, new, answered, closed, spam, held, within.get(name)) for name, new, answered, closed, spam, held in rows]
    return sorted(found, key=lambda each: (-each.total, each.name))


def _waits(session: Session, days: Days, first: Subquery, open_states: Collection[TicketStatus]) -> Waits:
    of = session.scalar(select(func.count()).where(*_of(days), Ticket.status.not_in(NO_REQUESTS)).select_from(Ticket)) or 0
    reached = session.scalar(select(func.count()).select_from(first)) or 0
    there = select(first.c.id).where(first.c.id == Ticket.id).exists()
    left = select(func.count(), func.min(Ticket.created_at)).where(*_of(days), Ticket.status.in_(open_states), ~there)
    waiting, since = session.execute(left.select_from(Ticket)).one()
    return Waits(reached, of, _quantile(session, first, reached, 0.5), _quantile(session, first, reached, 0.9), waiting, since)


def _answered(session: Session, days: Days) -> Subquery:
    return _first(session, days, TicketChange.status.in_(DEALT_WITH), TicketChange.party.in_(OURS))


def _first(session: Session, days: Days, *conditions: ColumnElement[bool]) -> Subquery:
    """Give the requests of a time that came to a state, each with the seconds that it waited for the first time."""
    waited = _seconds(session, func.min(TicketChange.changed_at)).label("waited")
    changed = select(Ticket.id, Ticket.topic, Ticket.channel, waited).join(TicketChange, TicketChange.ticket_id == Ticket.id)
    return changed.where(*_of(days), Ticket.status.not_in(NO_REQUESTS), *conditions).group_by(Ticket.id).subquery()


def _seconds(session: Session, moment: ColumnElement[datetime]) -> ColumnElement[Any]:
    """Reckon in the database how long after its request a moment was: a median needs no rows then but one."""
    if dialect_of(session) == "postgresql":
        return func.extract("epoch", moment - Ticket.created_at)
    return (func.julianday(moment) - func.julianday(Ticket.created_at)) * 86400


def _quantile(session: Session, waits: Subquery, number: int, share: float) -> int | None:
    """Give the shortest wait, in whole seconds, that this share of all did not exceed."""
    if not number:
        return None
    return _whole(session.scalar(select(waits.c.waited).order_by(waits.c.waited).offset(max(0, math.ceil(number * share) - 1)).limit(1)))


def _medians(session: Session, waits: Subquery, name: str) -> dict[str, int]:
    """Give the wait that half of each topic or way did not exceed."""
    group, waited = waits.c[name].label("name"), waits.c.waited
    place = func.row_number().over(partition_by=group, order_by=waited).label("place")
    ranked = select(group, waited, place, func.count().over(partition_by=group).label("number")).subquery()
    middle = (2 * ranked.c.place).in_([ranked.c.number, ranked.c.number + 1])
    return {found: _whole(seconds) for found, seconds in session.execute(select(ranked.c.name, ranked.c.waited).where(middle))}


def _whole(seconds: float | None) -> int:
    return max(0, round(float(seconds or 0)))
