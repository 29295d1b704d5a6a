"""Outcomes: what a visit came to, derived from its events each time it is asked for, never stored.

The rules are versioned, so that a figure can be traced to the words it was made by: raise ``DEFINITIONS`` with any
change of `outcome`.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from deflection.events import Event, Kind
from deflection.visits import Visit

DEFINITIONS = 2
READ_SECONDS = 5
RETURN = timedelta(days=7)


class Outcome(StrEnum):
    """What a visit came to."""

    CONFIRMED = "confirmed"
    PRESUMED = "presumed"
    SUBMITTED_AFTER_HELP = "submitted_after_help"
    SUBMITTED = "submitted"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the events of one visit say.

    ``straight`` means that a rule sent what was typed straight to a person, so that no article could have helped;
    ``read`` that an article stayed in view for ``READ_SECONDS`` and was not declined afterwards;
    ``came_back`` that the same person sent a request about the same topic within ``RETURN``.
    """

    visit_id: int
    arm: str
    engaged: bool
    straight: bool
    last_seen_at: datetime
    submitted: bool
    opened: bool
    solved: bool
    read: bool
    came_back: bool


def outcome(facts: Facts) -> Outcome:
    """Tell what a visit came to: the first rule that fits."""
    helped = facts.solved or facts.read
    if facts.submitted and facts.opened:
        return Outcome.SUBMITTED_AFTER_HELP
    if facts.submitted:
        return Outcome.SUBMITTED
    if helped and facts.came_back:
        return Outcome.SUBMITTED_AFTER_HELP
    if facts.solved:
        return Outcome.CONFIRMED
    return Outcome.PRESUMED if facts.read else Outcome.ABANDONED


def taken_back(facts: Facts) -> bool:
    """Tell whether a visit would have counted as deflected, had the person not come back."""
    return facts.came_back and not facts.submitted and (facts.solved or facts.read)


def facts_of_visits(session: Session, *, since: datetime, until: datetime) -> Iterator[Facts]:
    """Give the facts of each visit that began from ``since`` on and before ``until``, whenever they happened."""
    requests = _requests_by_person(session, since)
    for row in session.execute(_facts_query().where(Visit.started_at >= since, Visit.started_at < until)):
        came_back = any(
            at <= row.last_seen_at + RETURN and (topic == row.topic or not topic or not row.topic)
            for visit_id, topic, at in requests.get(row.person, ())
            if visit_id != row.id and at > row.started_at
        )
        happened = bool(row.submitted), bool(row.opened), bool(row.solved), bool(row.read)
        yield Facts(row.id, row.arm, row.engaged, row.straight, row.last_seen_at, *happened, came_back)


def _facts_query() -> Select[*tuple[Any, ...]]:
    """One row for each visit, with a 0 or 1 for each fact; a visit without events has a row of zeros."""
    declined = aliased(Event)
    refused = exists().where(declined.visit_id == Event.visit_id, declined.article_id == Event.article_id, declined.kind == Kind.DECLINED)
    in_view = and_(Event.kind == Kind.READ, Event.seconds >= READ_SECONDS, ~refused)
    return (
        select(
            Visit.id,
            Visit.arm,
            Visit.engaged,
            Visit.straight,
            Visit.topic,
            Visit.person,
            Visit.started_at,
            Visit.last_seen_at,
            _any(Event.kind == Kind.SUBMITTED).label("submitted"),
            _any(Event.kind.in_([Kind.OPENED, Kind.READ])).label("opened"),
            _any(Event.kind == Kind.SOLVED).label("solved"),
            _any(in_view).label("read"),
        )
        .outerjoin(Event, Event.visit_id == Visit.id)
        .group_by(Visit.id)
    )


def _any(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((condition, 1), else_=0))


def _requests_by_person(session: Session, since: datetime) -> defaultdict[str | None, list[tuple[int, str, datetime]]]:
    """Requests that could take an earlier visit back. A visit without a known person finds none."""
    found = select(Visit.person, Visit.id, Visit.topic, Event.recorded_at).join(Event, Event.visit_id == Visit.id)
    requests: defaultdict[str | None, list[tuple[int, str, datetime]]] = defaultdict(list)
    for person, visit_id, topic, at in session.execute(found.where(Event.kind == Kind.SUBMITTED, Visit.person.is_not(None), Event.recorded_at >= since)):
        requests[person].append((visit_id, topic, at))
    return requests
