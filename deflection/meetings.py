"""Meetings: what came of each article that a visit met. One visit and one article are one meeting, however often it was opened."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select
from sqlalchemy.orm import Session

from deflection.events import NO_ARTICLE, Event, Kind, Reason
from deflection.facts import READ_SECONDS, Facts, facts_of_visits
from deflection.visits import Arm, Visit

DEFINITIONS = 1
"""Version of what the figures of an article mean: raise it with any change of `meetings`."""


@dataclass(slots=True)
class Meeting:
    """A visit and an article. Each step includes those after it: whoever says that it solved the problem has read it.

    ``shown`` means offered by the form; ``opened`` also from elsewhere. ``solved`` is what the customer said and did not
    overturn by sending a request later. ``sent`` means that the visit led to a request after it was opened; ``returned``
    that this request came from the same person within days. ``language`` is that of the text, if that is known.
    """

    visit_id: int
    article_id: int
    visit_language: str
    topic: str
    at: datetime
    language: str = ""
    shown: bool = False
    opened: bool = False
    read: bool = False
    solved: bool = False
    sent: bool = False
    returned: bool = False
    reason: Reason | None = None
    declined: bool = False


@dataclass(slots=True)
class _Visit:
    """The meetings of one visit, and what it says of no article in particular."""

    met: dict[int, Meeting] = field(default_factory=dict)
    solved_at: dict[int, datetime] = field(default_factory=dict)
    submitted_at: datetime | None = None


def meetings(session: Session, *, since: datetime, until: datetime, visits: Mapping[int, Facts] | None = None) -> Iterator[Meeting]:
    """Give the meetings of visits that began from ``since`` on and before ``until``.

    As in every other figure, only engaged visits of the treatment arm count whose text did not go straight to a person:
    what opens a page and types no question, as robots do, is left out, and so is who saw a plain form.

    :param visits: the facts of these visits, by their numbers, where they are known already.
    """
    known = visits if visits is not None else {facts.visit_id: facts for facts in facts_of_visits(session, since=since, until=until)}
    yield from _met(session, and_(Visit.started_at >= since, Visit.started_at < until), known)


def meetings_of(session: Session, visits: Mapping[int, Facts]) -> Iterator[Meeting]:
    """Give the meetings of some visits; at most some hundreds, for their numbers all go into one question to the database."""
    yield from _met(session, Visit.id.in_(visits), visits)


def _met(session: Session, which: ColumnElement[bool], known: Mapping[int, Facts]) -> Iterator[Meeting]:
    wanted = (
        select(Event.visit_id, Event.article_id, Event.kind, Event.seconds, Event.reason, Event.language, Event.recorded_at)
        .add_columns(Visit.language.label("visit_language"), Visit.topic)
        .join(Visit, Visit.id == Event.visit_id)
        .where(which, Event.kind != Kind.WITHHELD)
        .order_by(Event.visit_id, Event.id)
    )
    for visit_id, events in groupby(session.execute(wanted), key=lambda event: event.visit_id):
        if (facts := known.get(visit_id)) and _counts(facts):
            yield from _of_visit(events, facts)


def _counts(facts: Facts) -> bool:
    return facts.arm == Arm.TREATMENT and facts.engaged and not facts.straight


def _of_visit(events: Iterable[Row[Any]], facts: Facts) -> Iterator[Meeting]:
    visit = _Visit()
    for event in events:
        _note(visit, event)
    _credit(visit)
    for meeting in visit.met.values():
        solved_at = visit.solved_at.get(meeting.article_id)
        later = visit.submitted_at is not None and (solved_at is None or visit.submitted_at > solved_at)
        meeting.solved = solved_at is not None and not later and not facts.came_back
        meeting.returned = meeting.opened and facts.came_back and not facts.submitted
        meeting.sent = meeting.opened and (later or meeting.returned)
        yield meeting


def _note(visit: _Visit, event: Row[Any]) -> None:
    if event.kind == Kind.SUBMITTED:
        visit.submitted_at = event.recorded_at
    if event.kind == Kind.SOLVED:
        visit.solved_at[event.article_id] = event.recorded_at
    if event.article_id == NO_ARTICLE:
        return
    meeting = visit.met.get(event.article_id)
    if meeting is None:
        meeting = visit.met[event.article_id] = Meeting(event.visit_id, event.article_id, event.visit_language, event.topic, event.recorded_at)
    meeting.at = min(meeting.at, event.recorded_at)
    meeting.language = meeting.language or event.language
    meeting.shown |= event.kind == Kind.SHOWN
    meeting.opened |= event.kind != Kind.SHOWN
    meeting.read |= event.kind in {Kind.SOLVED, Kind.DECLINED} or (event.kind == Kind.READ and (event.seconds or 0.0) >= READ_SECONDS)
    if event.kind == Kind.DECLINED:
        meeting.declined, meeting.reason = True, Reason(event.reason) if event.reason in set(Reason) else None


def _credit(visit: _Visit) -> None:
    """Give a solution that names no article to the only one that was opened, or else to the only one that was shown; or to none."""
    solved_at = visit.solved_at.pop(NO_ARTICLE, None)
    opened = [meeting for meeting in visit.met.values() if meeting.opened] or list(visit.met.values())
    if solved_at is not None and not visit.solved_at and len(opened) == 1 and not opened[0].declined:
        opened[0].opened = opened[0].read = True
        visit.solved_at[opened[0].article_id] = solved_at
