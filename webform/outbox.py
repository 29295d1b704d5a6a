"""The outbox: messages that wait to be sent, in the same transaction as what they tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, LargeBinary, Select, String, Text, UnaryExpression, and_, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, deferred, mapped_column, relationship, undefer

from kb.schema import Base
from webform.tickets import Ticket
from webform.wire import Wire

WIRE = Wire()
DAY = timedelta(days=1)


class MessageKind(StrEnum):
    """Which of a ticket's messages it is, or what it tells one of the staff."""

    REQUEST = "request"
    ACKNOWLEDGEMENT = "acknowledgement"
    REMINDER = "reminder"
    ADDITION = "addition"
    SATISFACTION = "satisfaction"
    ALARM = "alarm"
    REPORT = "report"


ABOUT = {MessageKind.REMINDER.value: "review", MessageKind.ALARM.value: "self-check", MessageKind.REPORT.value: "week"}
"""What stands in place of a ticket's reference in a message that is about no ticket."""


class Delivery(StrEnum):
    """How far a message is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Outcome(StrEnum):
    """What an attempt came to; one that its worker did not survive is interrupted, and may have arrived."""

    SENDING = "sending"
    INTERRUPTED = "interrupted"
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"


class OutboxMessage(Base):
    """A complete message as it will go out, with its envelope; a retry sends the same bytes.

    All recipients of a row share one fate: when a server takes some and refuses others, the row is split.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_due", "status", "next_attempt_at"),
        Index("ix_outbox_message_created_at", "created_at", "kind", "status"),
        Index("ix_outbox_message_sent_at", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    sender: Mapped[str] = mapped_column(String(320))
    recipients: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(255))
    mime: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]

    ticket: Mapped[Ticket | None] = relationship(lazy="joined")

    @property
    def reference(self) -> str:
        """The reference of the ticket that it is about, or what else it is about."""
        return self.ticket.reference if self.ticket is not None else ABOUT.get(self.kind, self.kind)

    @property
    def addresses(self) -> list[str]:
        """The envelope's recipients."""
        return self.recipients.splitlines()

    @property
    def is_being_sent(self) -> bool:
        """Whether a worker holds it at the moment (or died holding it, not long ago)."""
        return bool(self.leased_by)


class Attempt(Base):
    """One try to hand a message over, with the server's words."""

    __tablename__ = "outbox_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id", ondelete="CASCADE"), index=True)
    attempted_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(16))
    reply: Mapped[str] = mapped_column(Text, default="")


@dataclass(frozen=True, slots=True)
class Summary:
    """The state of the outbox in four figures; ``oldest_waiting_at`` is None when nothing waits."""

    failed: int
    waiting: int
    oldest_waiting_at: datetime | None
    sent_last_day: int


def enqueue(
    session: Session, *, ticket: Ticket | None, kind: MessageKind, sender: str, recipients: Sequence[str], message: EmailMessage, now: datetime
) -> OutboxMessage:
    """Put a message in the outbox; part of the transaction that stores what it tells.

    :param ticket: what it is about, already flushed; nothing for a reminder.
    :param sender: envelope sender; empty means the null path ``<>``, for mail that must never bounce.
    :param recipients: envelope recipients, kept one a line.
    :param message: complete, with its Message-ID: the bytes made here are what every retry sends.
    """
    row = OutboxMessage(
        ticket=ticket,
        kind=kind.value,
        sender=sender,
        recipients="\n".join(recipients),
        message_id=str(message["Message-ID"]),
        mime=message.as_bytes(policy=WIRE),
        status=Delivery.WAITING.value,
        attempts=0,
        next_attempt_at=now,
        leased_by="",
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def summary(session: Session, now: datetime) -> Summary:
    """Count what needs a person, what waits and what went out in the last 24 hours."""

    def those(*which: ColumnElement[bool]) -> Select[int]:
        return select(func.count()).select_from(OutboxMessage).where(*which)

    waits = OutboxMessage.status == Delivery.WAITING
    oldest = select(func.min(OutboxMessage.created_at)).where(waits)
    sent = func.coalesce(OutboxMessage.status, "") == Delivery.SENT  # As an expression: SQLite would begin with all that ever went out.
    lately = those(OutboxMessage.sent_at > now - DAY, sent)
    # Four questions, each with an index of its own: as one it would read every message that ever went out.
    parts = (those(OutboxMessage.status == Delivery.FAILED), those(waits), oldest, lately)
    row = session.execute(select(*(part.scalar_subquery() for part in parts))).one()
    return Summary(*row)


def failed(session: Session, *, limit: int = 500) -> list[OutboxMessage]:
    """List the messages that were given up, the latest first."""
    return _with(session, Delivery.FAILED, OutboxMessage.failed_at.desc(), limit)


def waiting(session: Session, *, limit: int = 500) -> list[OutboxMessage]:
    """List the messages that wait, the oldest first."""
    return _with(session, Delivery.WAITING, OutboxMessage.id, limit)


def recent(session: Session, limit: int = 50) -> list[OutboxMessage]:
    """List the messages that were sent, the latest first."""
    return _with(session, Delivery.SENT, OutboxMessage.sent_at.desc(), limit)


def of_ticket(session: Session, ticket_id: int) -> list[OutboxMessage]:
    """List the messages of a ticket, in the order they were made."""
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.ticket_id == ticket_id).order_by(OutboxMessage.id)))


def _with(session: Session, status: Delivery, order: UnaryExpression[Any] | InstrumentedAttribute[int], limit: int) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.status == status).order_by(order, OutboxMessage.id.desc()).limit(limit)
    return list(session.scalars(query))


def find(session: Session, message_id: int) -> OutboxMessage | None:
    """Find a message with all its bytes."""
    return session.get(OutboxMessage, message_id, options=[undefer(OutboxMessage.mime)])


def attempts(session: Session, message_id: int) -> list[Attempt]:
    """List the attempts to send a message, the earliest first."""
    return list(session.scalars(select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.id)))


def last_words(session: Session, messages: Sequence[OutboxMessage]) -> dict[int, str]:
    """Tell what the server said last about each of some messages; one that was never tried is left out."""
    ids = [message.id for message in messages]
    latest = select(func.max(Attempt.id)).where(Attempt.message_id.in_(ids), Attempt.outcome != Outcome.SENDING).group_by(Attempt.message_id)
    return {attempt.message_id: attempt.reply for attempt in session.scalars(select(Attempt).where(Attempt.id.in_(latest)))}


def retry(session: Session, message_id: int, now: datetime) -> bool:
    """Make a failed or waiting message due at once, with the whole schedule before it again.

    :return: False when there is no such message, it was sent, or a worker holds it.
    """
    # A row that a worker holds is left alone: its lease and its count of attempts are what keeps a second worker off.
    again = OutboxMessage.status.in_([Delivery.FAILED, Delivery.WAITING])
    return _make_due(session, and_(OutboxMessage.id == message_id, again), now) == 1


def retry_failed(session: Session, now: datetime) -> int:
    """Make every failed message due at once.

    :return: how many there were.
    """
    return _make_due(session, OutboxMessage.status == Delivery.FAILED, now)


def _make_due(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    fresh = {"status": Delivery.WAITING.value, "attempts": 0, "next_attempt_at": now, "failed_at": None}
    query = update(OutboxMessage).where(which, OutboxMessage.leased_by == "").values(fresh)
    return len(session.execute(query.returning(OutboxMessage.id)).all())
