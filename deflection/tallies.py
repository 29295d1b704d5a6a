"""Tallies: plain counts of what happened, without any claim about what it means (that is for ``reports``)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from deflection.events import NO_ARTICLE, Event, Kind

COUNTED = (Kind.SHOWN, Kind.OPENED, Kind.SOLVED, Kind.DECLINED, Kind.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Tally:
    """Visits in which something was shown, opened, solved, declined, or a request was sent; ``article_id`` 0 means any article.

    For one article, ``submitted`` counts the visits that showed it and sent a request all the same.
    """

    article_id: int
    shown: int
    opened: int
    solved: int
    declined: int
    submitted: int


def tally(session: Session, since: datetime) -> Tally:
    """Count the visits in which each thing happened since a moment."""
    counted = [_visits(Event.kind == kind).label(kind) for kind in COUNTED]
    return Tally(article_id=NO_ARTICLE, **session.execute(select(*counted).where(Event.recorded_at >= since)).one()._mapping)


def tally_articles(session: Session, since: datetime, *, limit: int = 50) -> list[Tally]:
    """Count the same for each article, the one shown most often first."""
    sent = aliased(Event)
    sent_too = and_(sent.visit_id == Event.visit_id, sent.kind == Kind.SUBMITTED)
    counted = [_visits(Event.kind == kind).label(kind) for kind in COUNTED[:-1]]
    counted.append(_visits(and_(Event.kind == Kind.SHOWN, sent.id.is_not(None))).label(Kind.SUBMITTED))
    query = select(Event.article_id, *counted).outerjoin(sent, sent_too).where(Event.recorded_at >= since, Event.article_id != NO_ARTICLE)
    rows = session.execute(query.group_by(Event.article_id).order_by(counted[0].desc(), Event.article_id).limit(limit))
    return [Tally(**row._mapping) for row in rows]


def _visits(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, Event.visit_id)).distinct())
