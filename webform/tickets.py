"""Tickets: stored requests, each with a reference that the customer and the team share."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.schema import Base


class TicketStatus(StrEnum):
    """What the team did with a request."""

    NEW = "new"
    ANSWERED = "answered"
    CLOSED = "closed"
    SPAM = "spam"


class Ticket(Base):
    """A request as the customer sent it."""

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
    visit_token: Mapped[str] = mapped_column(String(32), index=True)
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(320), index=True)
    subject: Mapped[str] = mapped_column(String(300), default="")
    message: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(String(64), default="")
    language: Mapped[str] = mapped_column(String(16))
    interface_language: Mapped[str] = mapped_column(String(16))
    predicted_topic: Mapped[str] = mapped_column(String(64), default="")
    predicted_share: Mapped[float | None]
    status: Mapped[str] = mapped_column(String(16), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
