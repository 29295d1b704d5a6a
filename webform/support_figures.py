"""Support figures: how many requests came, by what way and about what, how long they waited, and which mails did not arrive."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from kb.helpfulness import Vote
from webform import ticket_groups
from webform.outbox import Delivery, MessageKind, OutboxMessage
from webform.periods import Days
from webform.ticket_changes import TicketChange
from webform.ticket_groups import BEFORE_IT_WAS_KEPT, Group, exceeded_by, together


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


def by_topic(groups: Iterable[Group]) -> list[Came]:
    """Count the requests of each topic, the most frequent first."""
    return _came(groups, lambda group: group.topic)


def by_channel(groups: Iterable[Group]) -> list[Came]:
    """Count the requests that came by each way, the most frequent first."""
    return _came(groups, lambda group: group.channel)


def by_day(groups: Iterable[Group], days: Days) -> list[tuple[date, int]]:
    """Count the requests of each day, spam left out; a day without any counts 0."""
    found: Counter[date] = Counter()
    for group in groups:
        found[group.day] += group.total
    return [(day, found[day]) for day in (days.first + timedelta(days=step) for step in range(days.number))]


def until_first_answer(groups: Sequence[Group]) -> Waits:
    """Tell how long requests waited until one of the team, or a program of theirs, first dealt with them."""
    return _waits(groups, [group.answered for group in groups])


def until_closed(groups: Sequence[Group]) -> Waits:
    """Tell how long requests waited until they were closed; one that was opened again counts by its first closing."""
    return _waits(groups, [group.closed for group in groups])


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
    return session.scalar(select(TicketChange.changed_at).where(TicketChange.party != BEFORE_IT_WAS_KEPT).order_by(TicketChange.id).limit(1))


def _came(groups: Iterable[Group], named: Callable[[Group], str]) -> list[Came]:
    found: defaultdict[str, list[Group]] = defaultdict(list)
    for group in groups:
        found[named(group)].append(group)
    came = []
    for name, some in found.items():
        new, answered, closed, spam, held = (sum(counts) for counts in zip(*(group.states for group in some), strict=True))
        half = exceeded_by(5, together([group.answered for group in some]).seconds)
        came.append(Came(name, sum(group.total for group in some), new, answered, closed, spam, held, half))
    return sorted(came, key=lambda each: (-each.total, each.name))


def _waits(groups: Iterable[Group], waits: Sequence[ticket_groups.Waits]) -> Waits:
    all_ = together(waits)
    of = sum(group.total for group in groups)
    return Waits(len(all_.seconds), of, exceeded_by(5, all_.seconds), exceeded_by(9, all_.seconds), all_.waiting, all_.since)
