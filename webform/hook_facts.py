"""What other programs are told: said in the transaction in which it happens, by ids and states, never by what was typed and not sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from deflection.events import Event, Kind
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

    :param articles: those that the fact is about; none means the visit as a whole.
    """
    event = {Kind.SOLVED: HookEvent.SOLVED, Kind.DECLINED: HookEvent.TAKEN_BACK, Kind.SUBMITTED: HookEvent.TAKEN_BACK}.get(kind)
    if event is None or not listening(session, event):
        return
    solved = set(session.scalars(select(Event.article_id).where(Event.visit_id == visit.id, Event.kind == Kind.SOLVED)))
    said = set(articles)
    for article in sorted((said or {0}) - solved if event is HookEvent.SOLVED else solved & said if said else solved):
        data: dict[str, object] = {"visit": visit.id, "article": article or None, "topic": visit.topic, "language": visit.language}
        by: dict[str, object] = {} if event is HookEvent.SOLVED else {"by": "request" if kind is Kind.SUBMITTED else "visitor"}
        hook_queue.tell(session, event, data | by, now)


def _of(ticket: Ticket) -> dict[str, object]:
    return {"reference": ticket.reference}


def _details(ticket: Ticket) -> Mapping[Detail, Mapping[str, object]]:
    return {
        Detail.ABOUT: {"topic": ticket.topic, "language": ticket.language, "urgent": ticket.urgent_slug or None},
        Detail.SUBJECT: {"subject": ticket.subject},
        Detail.MESSAGE: {"message": ticket.message},
        Detail.PERSON: {"name": ticket.name, "email": ticket.email},
    }
