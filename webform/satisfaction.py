"""Satisfaction: the one question after a request was closed, who is asked, and what was said."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Select, String, Text, exists, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from kb.inserts import insert_into
from kb.schema import Base
from webform import acknowledgement
from webform.lines import storable
from webform.ticket_changes import Party, TicketChange
from webform.tickets import Ticket, TicketStatus

LONGEST_COMMENT = 2000
CHANGEABLE = timedelta(days=7)
"""For so long an answer can be changed, once."""
FORGOTTEN = timedelta(days=7)
"""What could not be asked for so long is not asked any more: nobody remembers."""
REST = timedelta(days=7)
"""One address is not asked again for so long, whatever it sent."""
MOST_AT_ONCE = 100


class Score(StrEnum):
    """How it was."""

    GOOD = "good"
    MIDDLING = "middling"
    BAD = "bad"


class Satisfaction(Base):
    """The question about one request; without ``asked_at`` it was decided not to ask, without ``score`` nobody answered yet."""

    __tablename__ = "satisfaction"
    __table_args__ = (Index("ix_satisfaction_asked_at_score", "asked_at", "score"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), unique=True)
    topic: Mapped[str] = mapped_column(String(64), default="")
    language: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime | None]
    score: Mapped[str] = mapped_column(String(16), default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    changed_at: Mapped[datetime | None]

    def may_answer(self, now: datetime) -> bool:
        """Tell whether an answer can be given, or changed for the one time."""
        return self.answered_at is None or (self.changed_at is None and now < self.answered_at + CHANGEABLE)


class NotAsked(Base):
    """An address that does not want to be asked, as a keyed hash."""

    __tablename__ = "not_asked"

    address_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    said_at: Mapped[datetime]


def any_due(session: Session, after: timedelta, now: datetime) -> bool:
    """Tell whether somebody is to be asked."""
    return session.scalars(_due(after, now).limit(1)).first() is not None


def due(session: Session, after: timedelta, now: datetime) -> list[Ticket]:
    """List requests that the team closed so long ago and that are closed still, the first ones first."""
    return list(session.scalars(_due(after, now).order_by(Ticket.id).limit(MOST_AT_ONCE)))


def begin(session: Session, ticket: Ticket, *, address_key: str, ours: Collection[str], now: datetime) -> Satisfaction | None:
    """Decide about a request once and for all; whichever worker comes first decides.

    :param address_key: keyed hash of the customer's address.
    :param ours: addresses of our own.
    :return: the question to be sent, or nothing if nobody is asked: a robot, one of ours, who does not want to be, who was asked just now.
    """
    address = ticket.email.lower()
    silent = acknowledgement.is_nobody(address) or address in {own.lower() for own in ours} or session.get(NotAsked, address_key) is not None
    asked = None if silent or _was_asked(session, address, now - REST) else now
    row = {"ticket_id": ticket.id, "topic": ticket.topic, "language": ticket.interface_language, "asked_at": asked, "score": "", "comment": ""}
    made = insert_into(session, Satisfaction).values(row).on_conflict_do_nothing(index_elements=["ticket_id"]).returning(Satisfaction.id)
    number = session.scalar(made)
    return session.get_one(Satisfaction, number) if number is not None and asked is not None else None


def of_ticket(session: Session, ticket_id: int) -> Satisfaction | None:
    """Give the question about a request that was asked, with what was said."""
    return session.scalar(select(Satisfaction).where(Satisfaction.ticket_id == ticket_id, Satisfaction.asked_at.is_not(None)))


def answer(session: Session, question: Satisfaction, score: Score, comment: str, now: datetime) -> bool:
    """Take an answer, or the one change of it.

    :return: whether it was still possible. The same answer again changes nothing and is none.
    """
    words = storable(comment).strip()[:LONGEST_COMMENT]
    if question.answered_at is not None and (question.score, question.comment) == (score.value, words):
        return True
    if not question.may_answer(now):
        return False
    if question.answered_at is None:
        question.answered_at = now
    else:
        question.changed_at = now
    question.score, question.comment = score.value, words
    session.flush()
    return True


def ask_no_more(session: Session, address_key: str, now: datetime) -> None:
    """Never ask an address again."""
    row = {"address_key": address_key, "said_at": now}
    session.execute(insert_into(session, NotAsked).values(row).on_conflict_do_nothing(index_elements=["address_key"]))


def _due(after: timedelta, now: datetime) -> Select[Ticket]:
    later = aliased(TicketChange)
    changed_since = exists().where(later.ticket_id == Ticket.id, later.id > TicketChange.id)
    decided = exists().where(Satisfaction.ticket_id == Ticket.id)
    closed = TicketChange.status == TicketStatus.CLOSED, TicketChange.party == Party.TEAM
    lately = TicketChange.changed_at <= now - after, TicketChange.changed_at > now - after - FORGOTTEN
    joined = select(Ticket).join(TicketChange, TicketChange.ticket_id == Ticket.id)
    return joined.where(*closed, *lately, Ticket.status == TicketStatus.CLOSED, ~changed_since, ~decided)


def _was_asked(session: Session, address: str, since: datetime) -> bool:
    asked = select(Satisfaction.id).join(Ticket, Ticket.id == Satisfaction.ticket_id)
    return session.scalar(asked.where(Satisfaction.asked_at > since, func.lower(Ticket.email) == address).limit(1)) is not None
