"""Facts: what the events of a visit say, read together, whenever they happened."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from deflection.events import Event, Kind
from deflection.visits import Arm, Visit

READ_SECONDS = 5
RETURN = timedelta(days=7)
Request = tuple[int, str, datetime]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the events of one visit say.

    ``begun`` means that something was typed, at ``typed_at`` first; ``straight`` that a rule sent it straight to a person, so
    that no article could have helped; ``shown`` that an answer was shown, or in the holdout withheld;
    ``read`` that an article stayed in view for ``READ_SECONDS`` and was not declined afterwards;
    ``came_back`` that the same person or browser sent a request about the same topic within ``RETURN``.
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
    begun: bool = True
    shown: bool = False
    declined: bool = False
    language: str = ""
    topic: str = ""
    device: str = ""
    site: str = ""
    release: str = ""
    channel: str = "form"
    started_at: datetime | None = None
    typed_at: datetime | None = None
    submitted_at: datetime | None = None


def facts_of_visits(session: Session, *, since: datetime, until: datetime) -> Iterator[Facts]:
    """Give the facts of each visit that began from ``since`` on and before ``until``, whenever they happened."""
    within = and_(Visit.started_at >= since, Visit.started_at < until)
    last = session.scalar(select(func.max(Visit.last_seen_at)).where(within))
    known = or_(Visit.person.is_not(None), Visit.browser.is_not(None))
    requests = _requests(session, and_(known, Event.recorded_at >= since, Event.recorded_at <= last + RETURN)) if last else {}
    for row in session.execute(_facts_query().where(within)):
        yield _facts(row, requests)


def facts_of(session: Session, numbers: Sequence[int]) -> dict[int, Facts]:
    """Give the facts of some visits by their numbers; at most some hundreds, for they all go into one question to the database."""
    rows = session.execute(_facts_query().where(Visit.id.in_(numbers))).all()
    persons, browsers = ({mark for row in rows if (mark := getattr(row, name)) is not None} for name in ("person", "browser"))
    marks = persons | browsers
    requests = _requests(session, or_(Visit.person.in_(marks), Visit.browser.in_(marks))) if marks else {}
    return {row.id: _facts(row, requests) for row in rows}


def _facts(row: Any, requests: Mapping[str, Sequence[Request]]) -> Facts:
    return Facts(
        visit_id=row.id,
        arm=row.arm,
        engaged=row.engaged,
        straight=row.straight,
        last_seen_at=row.last_seen_at,
        submitted=row.submitted_at is not None,
        opened=bool(row.opened),
        solved=bool(row.solved),
        read=bool(row.read),
        came_back=_came_back(row, requests),
        begun=row.begun,
        shown=bool(row.shown),
        declined=bool(row.declined),
        language=row.language,
        topic=row.topic,
        device=row.device,
        site=row.site,
        release=row.release,
        channel=row.channel,
        started_at=row.started_at,
        typed_at=row.typed_at,
        submitted_at=row.submitted_at,
    )


def _came_back(row: Any, requests: Mapping[str, Sequence[Request]]) -> bool:
    return any(
        at <= row.last_seen_at + RETURN and (topic == row.topic or not topic or not row.topic)
        for mark in {row.person, row.browser}
        if mark is not None
        for visit_id, topic, at in requests.get(mark, ())
        if visit_id != row.id and at > row.started_at
    )


def _facts_query() -> Select[*tuple[Any, ...]]:
    """One row for each visit, with a 0 or 1 for each fact; a visit without events has a row of zeros."""
    declined = aliased(Event)
    refused = select(declined.id).where(declined.visit_id == Event.visit_id, declined.article_id == Event.article_id, declined.kind == Kind.DECLINED).exists()
    in_view = and_(Event.kind == Kind.READ, Event.seconds >= READ_SECONDS, ~refused)
    return (
        select(
            *(Visit.id, Visit.arm, Visit.engaged, Visit.straight, Visit.begun, Visit.person, Visit.browser),
            *(Visit.language, Visit.topic, Visit.device, Visit.site, Visit.release, Visit.channel),
            *(Visit.started_at, Visit.typed_at, Visit.last_seen_at),
            func.max(case((Event.kind == Kind.SUBMITTED, Event.recorded_at))).label("submitted_at"),
            _any(or_(Event.kind == Kind.SHOWN, and_(Event.kind == Kind.WITHHELD, Visit.arm == Arm.HOLDOUT))).label("shown"),
            _any(Event.kind.in_([Kind.OPENED, Kind.READ])).label("opened"),
            _any(Event.kind == Kind.SOLVED).label("solved"),
            _any(Event.kind == Kind.DECLINED).label("declined"),
            _any(in_view).label("read"),
        )
        .outerjoin(Event, Event.visit_id == Visit.id)
        .group_by(Visit.id)
    )


def _any(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((condition, 1), else_=0))


def _requests(session: Session, wanted: ColumnElement[bool]) -> dict[str, list[Request]]:
    """Requests that could take an earlier visit back, under each mark of who sent them."""
    requests: defaultdict[str, list[Request]] = defaultdict(list)
    found = select(Visit.person, Visit.browser, Visit.id, Visit.topic, Event.recorded_at).join(Event, Event.visit_id == Visit.id)
    for person, browser, visit_id, topic, at in session.execute(found.where(Event.kind == Kind.SUBMITTED, wanted)):
        for mark in {person, browser}:
            if mark is not None:
                requests[mark].append((visit_id, topic, at))
    return requests
