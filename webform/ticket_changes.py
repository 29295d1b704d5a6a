"""Changes of requests: which status was set when, and how long after the request came."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base


class TicketChange(Base):
    """One status that the team set. ``after_seconds`` is how long after the request came, so that a median needs no arithmetic of dates."""

    __tablename__ = "ticket_change"
    __table_args__ = (Index("ix_ticket_change_ticket_id_status", "ticket_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(String(16))
    changed_at: Mapped[datetime]
    after_seconds: Mapped[int]


def keep(session: Session, ticket_id: int, status: str, *, opened_at: datetime, now: datetime) -> None:
    """Note that a request got a status, in the transaction that sets it.

    :param opened_at: when the request came.
    """
    waited = max(0, round((now - opened_at).total_seconds()))
    session.add(TicketChange(ticket_id=ticket_id, status=status, changed_at=now, after_seconds=waited))
