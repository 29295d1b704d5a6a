"""Changes of requests: when each came to its state, and who brought it there."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base


class Party(StrEnum):
    """Who changes a request: one of the staff, the customer who sent it, or a program."""

    TEAM = "team"
    CUSTOMER = "customer"
    PROGRAM = "program"


class TicketChange(Base):
    """A request that came from one state to another; the first state, ``new``, is told by the request itself.

    ``party`` is empty for what was changed before these rows were kept: of that only the last change is known.
    """

    __tablename__ = "ticket_change"
    __table_args__ = (Index("ix_ticket_change_status_changed_at", "status", "changed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    before: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    party: Mapped[str] = mapped_column(String(16))
    changed_at: Mapped[datetime]


def of_ticket(session: Session, ticket_id: int) -> list[TicketChange]:
    """List what a request went through, in its order."""
    return list(session.scalars(select(TicketChange).where(TicketChange.ticket_id == ticket_id).order_by(TicketChange.id)))


def first_times(session: Session, ticket_ids: Collection[int], statuses: Collection[str]) -> dict[int, datetime]:
    """Tell when each of some requests first came to one of some states; one that never did is left out."""
    first = select(TicketChange.ticket_id, func.min(TicketChange.changed_at)).where(TicketChange.ticket_id.in_(ticket_ids), TicketChange.status.in_(statuses))
    return dict(session.execute(first.group_by(TicketChange.ticket_id)).all()) if ticket_ids else {}
