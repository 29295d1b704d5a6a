"""Marking: what follows when somebody says what became of a request, whoever says it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kb import trace
from webform import gaps, held, hook_facts, tickets
from webform.terms import Terms
from webform.ticket_changes import Party
from webform.tickets import NO_REQUESTS, Ticket, TicketStatus

MARKS = tuple(status for status in TicketStatus if status is not TicketStatus.HELD)
"""What can be said of a request; that it is held, nobody says."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Who says it: for which party it counts, and under which name it stands in the trace."""

    party: Party
    name: str


def mark(session: Session, ticket: Ticket, status: TicketStatus, by: Marker, *, terms: Terms, now: datetime) -> None:
    """Say what became of a request: its gap, its mails, webhooks and the trace follow."""
    before = ticket.status
    if set(NO_REQUESTS) & {status, before}:
        gaps.reconsider(session, ticket)
    tickets.set_status(session, ticket, status, now, by=by.party)
    if before in NO_REQUESTS and status not in NO_REQUESTS:
        held.let_go(session, ticket, terms=terms, now=now)
    hook_facts.status_changed(session, ticket, before, now)
    after = {"status": ticket.status}
    trace.record(session, actor=by.name, action="marked", subject=f"request:{ticket.reference}", before={"status": before}, after=after, now=now)
