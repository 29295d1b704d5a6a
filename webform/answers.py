"""What our people said of requests: which article answers one, kept as an example of the best kind."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import tending
from kb.examples import Example, add_example
from webform import hearing
from webform.tickets import Ticket
from webform.tokens import Tokens


def mark(tokens: Tokens, reference: str) -> str:
    """Give the mark under which an example keeps what was said of a request."""
    return tokens.digest("answer", reference)


def example_of(session: Session, tokens: Tokens, ticket: Ticket) -> Example | None:
    """Find what was said of a request."""
    return session.scalars(select(Example).where(Example.origin == mark(tokens, ticket.reference))).first()


def note(session: Session, tokens: Tokens, ticket: Ticket, article: int | None, who: str, now: datetime) -> None:
    """Note which article answers a request, or that none does; the last word counts."""
    example = example_of(session, tokens, ticket)
    if example is not None:
        tending.move(session, [example.id], article, who, now)
    else:
        said = hearing.Description(ticket.subject, ticket.message, ticket.language, (ticket.name, ticket.email))
        example = add_example(session, said.text(), ticket.language, article, "staff", now)
        tending.add(session, example, who, now)
    example.origin = mark(tokens, ticket.reference)
    session.flush()


def attach(session: Session, tokens: Tokens, tickets: Iterable[Ticket], article: int, who: str, now: datetime) -> int:
    """Note of several requests that an article answers them; give how many."""
    count = 0
    for count, ticket in enumerate(tickets, 1):  # noqa: B007 - counted as they go by
        note(session, tokens, ticket, article, who, now)
    return count
