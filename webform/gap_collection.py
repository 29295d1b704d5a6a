"""Collecting: which requests met nothing good, and why that is believed."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from deflection.events import NO_ARTICLE, Event, Kind
from deflection.visits import Visit
from kb.examples import Example
from webform.gaps import GapRequest, Reason
from webform.tickets import Ticket, TicketStatus

Origin = Callable[[str], str]
"""Gives the mark under which an example keeps what our people said of a request, by its reference."""
UNSAID = -1


def unseen(session: Session, most: int) -> list[Ticket]:
    """List the requests that were not looked at yet, the oldest first. Spam waits until it is none."""
    seen = GapRequest.ticket_id == Ticket.id
    wanted = select(Ticket).outerjoin(GapRequest, seen).where(GapRequest.ticket_id.is_(None), Ticket.status != TicketStatus.SPAM)
    return list(session.scalars(wanted.order_by(Ticket.id).limit(most)))


def reasons(session: Session, tickets: Sequence[Ticket], origin: Origin) -> dict[int, Reason]:
    """Tell for each request why it belongs to a gap, or that it does not.

    What our people said of it counts before what happened in the visit: an article answers, or none does.
    """
    told = _told(session, [ticket.visit_token for ticket in tickets])
    said = _said(session, {origin(ticket.reference): ticket.id for ticket in tickets})
    return {ticket.id: _reason(ticket, told.get(ticket.visit_token, {}), said.get(ticket.id, UNSAID)) for ticket in tickets}


def shown_articles(session: Session, tokens: Sequence[str]) -> dict[str, set[int]]:
    """Name the articles that were shown in each visit, by its token."""
    return {token: kinds[Kind.SHOWN] for token, kinds in _told(session, tokens).items()}


def _reason(ticket: Ticket, told: Mapping[str, set[int]], said: int | None) -> Reason:
    if said != UNSAID:
        return Reason.SAID if said is None else Reason.NONE
    shown, declined, opened = (told.get(kind, set()) for kind in (Kind.SHOWN, Kind.DECLINED, Kind.OPENED))
    opened = opened | told.get(Kind.READ, set())
    if ticket.urgent or not ticket.message or told.get(Kind.SOLVED) or (opened - declined):
        return Reason.NONE
    if not shown:  # What was withheld, for comparison or because a program sent it without asking, might have been good.
        return Reason.NONE if told.get(Kind.WITHHELD) else Reason.NOTHING
    return Reason.DECLINED if declined else Reason.UNOPENED


def _told(session: Session, tokens: Sequence[str]) -> dict[str, dict[str, set[int]]]:
    """Gather by visit and kind which articles something happened to."""
    wanted = select(Visit.token, Event.kind, Event.article_id).join(Visit, Visit.id == Event.visit_id)
    told: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for token, kind, article in session.execute(wanted.where(Visit.token.in_(tokens), Event.article_id != NO_ARTICLE)):
        told[token][kind].add(article)
    return told


def _said(session: Session, origins: Mapping[str, int]) -> dict[int, int | None]:
    rows = session.execute(select(Example.origin, Example.article_id).where(Example.origin.in_(list(origins)), Example.fits))
    return {origins[mark]: article for mark, article in rows if mark}
