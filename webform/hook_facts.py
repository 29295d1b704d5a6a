"""What other programs are told: said in the transaction in which it happens, by ids and states, never by what was typed and not sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from deflection.events import Event, Kind
from deflection.facts import RETURN
from deflection.visits import Visit
from webform import hook_queue
from webform.hooks import Detail, HookEvent, listening
from webform.routing import Route
from webform.tickets import Ticket


def request_opened(session: Session, ticket: Ticket, now: datetime) -> None:
    """Tell that a request was stored."""
    hook_queue.tell(session, HookEvent.REQUEST_OPENED, _of(ticket) | {"status": ticket.status}, now, details=_details(ticket))


def routed(session: Session, ticket: Ticket, route: Route, now: datetime) -> None:
    """Tell every event that routing rules named for a request, in their order."""
    for name in route.events:
        data = _of(ticket) | {"name": name, "tags": list(route.tags), "rules": [number for number, _ in route.rules]}
        hook_queue.tell(session, HookEvent.ROUTED, data, now, details=_details(ticket))


def status_changed(session: Session, ticket: Ticket, before: str, now: datetime) -> None:
    """Tell that a request is now something else than before."""
    if ticket.status != before:
        data = _of(ticket) | {"status": str(ticket.status), "before": str(before)}
        hook_queue.tell(session, HookEvent.STATUS_CHANGED, data, now, details=_details(ticket))


def undeliverable(session: Session, mail: int, kind: str, reference: str, now: datetime) -> None:
    """Tell that a mail was given up; the server's words are not told, because they name its reader."""
    hook_queue.tell(session, HookEvent.UNDELIVERABLE, {"mail": mail, "kind": kind, "reference": reference}, now)


def visit_tells(session: Session, visit: Visit, kind: Kind, articles: Sequence[int], now: datetime) -> None:
    """Tell, before a fact of a visit is recorded, whether it solves the visit's problem or takes a solution back.

    :param visit: of which no more than the number need be known.
    :param articles: those that the fact is about; none means the visit as a whole.
    """
    event = {Kind.SOLVED: HookEvent.SOLVED, Kind.DECLINED: HookEvent.TAKEN_BACK, Kind.SUBMITTED: HookEvent.TAKEN_BACK}.get(kind)
    if event is None or not listening(session, event):
        return
    solved = set(session.scalars(select(Event.article_id).where(Event.visit_id == visit.id, Event.kind == Kind.SOLVED)))
    said, visit = set(articles), session.get_one(Visit, visit.id)
    for article in sorted((said or {0}) - solved if event is HookEvent.SOLVED else solved & said if said else solved):
        data: dict[str, object] = {"visit": visit.id, "article": article or None, "topic": visit.topic, "language": visit.language}
        by: dict[str, object] = {} if event is HookEvent.SOLVED else {"by": "request" if kind is Kind.SUBMITTED else "visitor"}
        hook_queue.tell(session, event, data | by, now)


def returns(session: Session, visit: Visit, now: datetime) -> None:
    """Tell, before the request of a visit is recorded, that it takes back what earlier visits of the same person or browser had solved.

    The rule is that of the figures: within seven days, about the same topic. A visit is told once, by the first request.
    """
    marks = [column == mark for column, mark in ((Visit.person, visit.person), (Visit.browser, visit.browser)) if mark is not None]
    if not marks or not listening(session, HookEvent.TAKEN_BACK):
        return
    request = aliased(Event)
    sent = select(request.id).where(request.visit_id == Visit.id, request.kind == Kind.SUBMITTED).exists()
    lately = (or_(*marks), Visit.id != visit.id, Visit.started_at < now, Visit.last_seen_at >= now - RETURN, ~sent)
    found = select(Visit, Event).join(Event, Event.visit_id == Visit.id).where(*lately, Event.kind == Kind.SOLVED).order_by(Event.id)
    before = _requests_before(session, visit, marks)
    for earlier, solved in session.execute(found):
        alike = earlier.topic == visit.topic or not earlier.topic or not visit.topic
        if alike and not any(at > earlier.started_at for at in before):
            _taken_back(session, earlier, solved.article_id, "return", now)


def _requests_before(session: Session, visit: Visit, marks: Sequence[ColumnElement[bool]]) -> list[datetime]:
    """Give when the same person or browser sent a request before: what was taken back by it is not taken back again."""
    sent = select(Event.recorded_at).join(Visit, Visit.id == Event.visit_id)
    return list(session.scalars(sent.where(or_(*marks), Visit.id != visit.id, Event.kind == Kind.SUBMITTED)))


def _taken_back(session: Session, visit: Visit, article: int, by: str, now: datetime) -> None:
    data = {"visit": visit.id, "article": article or None, "topic": visit.topic, "language": visit.language, "by": by}
    hook_queue.tell(session, HookEvent.TAKEN_BACK, data, now)


def _of(ticket: Ticket) -> dict[str, object]:
    return {"reference": ticket.reference}


def _details(ticket: Ticket) -> Mapping[Detail, Mapping[str, object]]:
    return {
        Detail.ABOUT: {"topic": ticket.topic, "language": ticket.language, "urgent": ticket.urgent_slug or None},
        Detail.SUBJECT: {"subject": ticket.subject},
        Detail.MESSAGE: {"message": ticket.message},
        Detail.PERSON: {"name": ticket.name, "email": ticket.email},
    }
