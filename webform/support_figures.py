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


@dataclass(frozen=True, slots=True)
class Waits:
    """How long requests waited: ``reached`` of ``of`` requests are there; half of them after ``median`` seconds at most, nine of ten after ``ninetieth``."""

    reached: int
    of: int
    median: int | None
    ninetieth: int | None


@dataclass(frozen=True, slots=True)
class Came:
    """Requests of one topic or way: all, and how many of them have each status now."""

    name: str
    total: int
    new: int
    answered: int
    closed: int
    spam: int
    held: int


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
    """Tell how long the requests of a time waited until one of the team first dealt with them."""
    return _waits(session, days, DEALT_WITH, TicketChange.party.in_([Party.TEAM, BEFORE_IT_WAS_KEPT]))


def until_closed(session: Session, days: Days) -> Waits:
    """Tell how long the requests of a time waited until they were closed; one that was opened again counts by its first closing."""
    return _waits(session, days, [TicketStatus.CLOSED])


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
    counted = select(column, func.count(), *counts).where(*_of(days)).group_by(column).order_by(func.count().desc(), column)
    return [Came(*row) for row in session.execute(counted)]


def _waits(session: Session, days: Days, statuses: Collection[TicketStatus], *conditions: ColumnElement[bool]) -> Waits:
    of = session.scalar(select(func.count()).where(*_of(days), Ticket.status.not_in(NO_REQUESTS)).select_from(Ticket)) or 0
    first = (
        select(_seconds(session, func.min(TicketChange.changed_at)).label("waited"))
        .select_from(TicketChange)
        .join(Ticket, Ticket.id == TicketChange.ticket_id)
        .where(*_of(days), Ticket.status.not_in(NO_REQUESTS), TicketChange.status.in_(statuses), *conditions)
        .group_by(Ticket.id, Ticket.created_at)
        .subquery()
    )
    reached = session.scalar(select(func.count()).select_from(first)) or 0
    return Waits(reached, of, _quantile(session, first, reached, 0.5), _quantile(session, first, reached, 0.9))


def _seconds(session: Session, moment: ColumnElement[datetime]) -> ColumnElement[Any]:
    """Reckon in the database how long after its request a moment was: a median needs no rows then but one."""
    if dialect_of(session) == "postgresql":
        return func.extract("epoch", moment - Ticket.created_at)
    return (func.julianday(moment) - func.julianday(Ticket.created_at)) * 86400


def _quantile(session: Session, waits: Subquery, number: int, share: float) -> int | None:
    """Give the shortest wait, in whole seconds, that this share of all did not exceed."""
    if not number:
        return None
    found = session.scalar(select(waits.c.waited).order_by(waits.c.waited).offset(max(0, math.ceil(number * share) - 1)).limit(1))
    return max(0, round(float(found or 0)))
