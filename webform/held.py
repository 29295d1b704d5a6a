"""Held requests: stored like every other, but no mail goes out before somebody, or time, has decided that they are requests."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webform import additions, attachments, dispatch, forwarding, outbox, tickets, topics
from webform.forwarding import Forwarded
from webform.terms import Terms
from webform.ticket_changes import Party
from webform.tickets import Ticket, TicketStatus

AT_ONCE = 50


def let_go(session: Session, ticket: Ticket, *, terms: Terms, now: datetime, acknowledge: bool = True) -> bool:
    """Put the mails of a request in line that was held, as they would have been when it came.

    :param acknowledge: whether the customer gets a confirmation.
    :return: whether they were not in line before.
    """
    if outbox.of_ticket(session, ticket.id):
        return False
    topic = topics.find(session, ticket.topic) if ticket.topic else None
    going = dispatch.again(session, ticket, topic, terms)
    files = [file for file in attachments.of_ticket(session, ticket.id) if file.addition_id is None]
    forwarding.forward(session, ticket, Forwarded(topic, going, files), terms, now, acknowledge=acknowledge)
    additions.forward_held(session, ticket, terms, now)
    return True


def any_due(session: Session, terms: Terms, now: datetime) -> bool:
    """Tell whether a request has been held for as long as one may be."""
    return session.scalar(_overdue(terms, now).limit(1)) is not None


def release_overdue(session: Session, terms: Terms, now: datetime) -> int:
    """Let the requests go to the team about which nobody has decided in time: marked, and without a confirmation.

    :return: how many went.
    """
    found = list(session.scalars(_overdue(terms, now).limit(AT_ONCE)))
    for ticket in found:
        tickets.set_status(session, ticket, TicketStatus.NEW, now, by=Party.PROGRAM)
        let_go(session, ticket, terms=terms, now=now, acknowledge=False)
    return len(found)


def _overdue(terms: Terms, now: datetime) -> Select[Ticket]:
    since = now - timedelta(hours=terms.held_hours)
    return select(Ticket).where(Ticket.status == TicketStatus.HELD, Ticket.created_at <= since).order_by(Ticket.id)
