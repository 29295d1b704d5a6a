"""Trails: what a customer already tried in a visit, as the team and the measurement read it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from deflection.events import NO_ARTICLE, Event, Kind
from deflection.visits import Visit
from kb.ready import Line, Ready

READING = (Kind.READ, Kind.SOLVED, Kind.DECLINED)
"""What only somebody who has read an article tells of it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One article of a visit and what came of it.

    ``rank`` counts from 1 and is the best place it had on the page, 0 if it was opened without having been shown;
    ``seconds_read`` is the longest time in view; ``reason`` is why it did not help, a word of a closed list.
    """

    article_id: int
    rank: int = 0
    shown: bool = False
    opened: bool = False
    seconds_read: float = 0.0
    solved: bool = False
    declined: bool = False
    reason: str = ""


def trail(session: Session, token: str) -> list[Tried]:
    """Tell what was tried in a visit, in rank order; articles that were never shown come last.

    :param token: the random part of the visit's token; a visit that is not known has no trail.
    """
    wanted = select(Event).join(Visit, Visit.id == Event.visit_id).where(Visit.token == token).order_by(Event.id)
    events = session.scalars(wanted, execution_options={"populate_existing": True})  # The upserts of `record` pass the session by.
    return summarise(events)


def read_articles(line: Line, token: str) -> frozenset[int]:
    """Tell which articles were read in a visit: in view for some seconds, or answered with a verdict. Those only glanced at are not among them.

    :param token: the random part of the visit's token.
    """
    return frozenset(article for (article,) in _READ.rows(line, {"token": token}))


_READ = Ready(
    select(Event.article_id)
    .join(Visit, Visit.id == Event.visit_id)
    .where(Visit.token == bindparam("token"), or_(*(Event.kind == kind for kind in READING)), Event.article_id != NO_ARTICLE)
)


def summarise(events: Iterable[Event]) -> list[Tried]:
    """Fold the events of one visit into one entry for each article, in rank order.

    What was withheld from a visit of the holdout is no part of it: the customer never saw it.
    """
    tried: dict[int, Tried] = {}
    for event in events:
        if event.article_id != NO_ARTICLE and event.kind not in {Kind.WITHHELD, Kind.SUBMITTED}:
            tried[event.article_id] = _with(tried.get(event.article_id, Tried(event.article_id)), event)
    return sorted(tried.values(), key=lambda entry: (entry.rank == 0, entry.rank, entry.article_id))


def _with(entry: Tried, event: Event) -> Tried:
    match event.kind:
        case Kind.SHOWN:
            return replace(entry, shown=True, rank=event.rank or 0)
        case Kind.OPENED:
            return replace(entry, opened=True)
        case Kind.READ:
            return replace(entry, opened=True, seconds_read=max(entry.seconds_read, event.seconds or 0.0))
        case Kind.SOLVED:
            return replace(entry, solved=True)
        case _:
            return replace(entry, declined=True, reason=event.reason)
