"""Tickets: stored requests, each with a reference that the customer and the team share."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Select, String, Text, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base
from webform.lines import storable
from webform.ticket_changes import Party, TicketChange

ALPHABET = "23456789CDFGHJKMNPQRTVWXY"  # No pair that is misread on paper or on the phone, no vowels that make words.
REFERENCE_LETTERS = 6
REFERENCE_TRIES = 10
SEARCH_LETTERS = 200
SEARCH_WORDS = 8
_REFERENCE = re.compile("T-[0-9A-Z]{6}")


class Channel(StrEnum):
    """The way a request came: by the form, or from a program."""

    FORM = "form"
    PROGRAM = "api"


class TicketStatus(StrEnum):
    """What the team did with a request."""

    NEW = "new"
    ANSWERED = "answered"
    CLOSED = "closed"
    SPAM = "spam"
    HELD = "held"


NO_REQUESTS = (TicketStatus.SPAM, TicketStatus.HELD)
"""States of what is no request, or not known to be one."""


def fold(text: str) -> str:
    """Make texts comparable that differ only in case or in how a character is composed."""
    return unicodedata.normalize("NFKC", text).casefold()


def _searchable(context: Any) -> str:
    """Fold what staff search in; the texts of a ticket never change, so once is enough."""
    values = context.get_current_parameters()
    return fold("\n".join(str(values.get(name) or "") for name in ("reference", "name", "email", "subject", "message", "phone")))


class Ticket(Base):
    """A request as the customer sent it.

    ``search_text`` is its words case-folded, because SQLite compares case-insensitively in ASCII only.
    ``offered_article_id`` is the one article that the acknowledgement offers. ``urgent`` is the name of the rule that sent it
    straight to a person, as it was called then, and ``urgent_slug`` its name for machines; both are empty for any other request.
    ``answers`` are those to the topic's fields by key, of the version ``field_set_id``.
    ``suspicion`` are the signs, with spaces between, for which it was held.
    ``channel`` is empty for a request from the
    time before it was kept. With a ``phone`` it asks to be called, between ``call_from`` and ``call_until`` or as soon as somebody
    is free; ``call_zone`` is the time zone in which that was chosen.
    """

    __tablename__ = "ticket"
    __table_args__ = (Index("ix_ticket_updated_at_id", "updated_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
    visit_token: Mapped[str] = mapped_column(String(32), index=True)
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(320), index=True)
    subject: Mapped[str] = mapped_column(String(300), default="")
    message: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text, default=_searchable)
    topic: Mapped[str] = mapped_column(String(64), default="")
    language: Mapped[str] = mapped_column(String(16))
    interface_language: Mapped[str] = mapped_column(String(16))
    predicted_topic: Mapped[str] = mapped_column(String(100), default="")
    predicted_share: Mapped[float | None]
    offered_article_id: Mapped[int | None]
    urgent: Mapped[str] = mapped_column(String(100), default="")
    urgent_slug: Mapped[str] = mapped_column(String(80), default="")
    field_set_id: Mapped[int | None]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    suspicion: Mapped[str] = mapped_column(String(100), default="", server_default="")
    channel: Mapped[str] = mapped_column(String(16), default="", server_default="")
    phone: Mapped[str] = mapped_column(String(40), default="", server_default="")
    call_from: Mapped[datetime | None]
    call_until: Mapped[datetime | None]
    call_zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    status: Mapped[str] = mapped_column(String(16), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]

    @property
    def kind(self) -> str:
        """What it asks for, as machines read it: an answer, or a call."""
        return "call-back" if self.phone else "request"


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Some of the tickets that were asked for, newest first: page ``number`` of ``pages``, of ``total`` tickets."""

    tickets: list[Ticket]
    total: int
    number: int
    pages: int


def new_reference() -> str:
    """Draw a reference such as ``T-7F3K9Q``."""
    return "T-" + "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LETTERS))


def open_ticket(session: Session, ticket: Ticket, *, mail_domain: str, now: datetime) -> tuple[Ticket, bool]:
    """Store a request, unless the same submission was stored before.

    :param ticket: filled but for reference, Message-ID, status and times, which are given here.
    :param mail_domain: right-hand side of the Message-ID.
    :return: the stored ticket, and whether it is new. Of two posts at the same moment one is new.
    """
    texts = {column.key: value for column in Ticket.__mapper__.column_attrs if (value := getattr(ticket, column.key)) is not None}
    for _ in range(REFERENCE_TRIES):
        if stored := find_submission(session, ticket.submission_key):
            return stored, False
        reference = new_reference()
        message_id = f"<{reference}.{secrets.token_hex(8)}@{mail_domain}>"
        candidate = Ticket(**texts, reference=reference, message_id=message_id, status=_first_status(ticket), created_at=now, updated_at=now)
        try:
            with session.begin_nested():
                session.add(candidate)
        except IntegrityError:
            continue  # Another process stored the submission first, or drew the same reference.
        return candidate, True
    raise RuntimeError("no free reference was found")


def _first_status(ticket: Ticket) -> TicketStatus:
    return TicketStatus.HELD if ticket.suspicion else TicketStatus.NEW


def find_submission(session: Session, submission_key: str) -> Ticket | None:
    """Find the ticket that a submission has already become."""
    return session.scalar(select(Ticket).where(Ticket.submission_key == submission_key))


def find_said(session: Session, ticket: Ticket) -> Ticket | None:
    """Find a ticket of the same visit with the same texts and answers, whatever files it has."""
    texts = (Ticket.visit_token, Ticket.name, Ticket.email, Ticket.subject, Ticket.message, Ticket.topic)
    same = select(Ticket).where(*(text == getattr(ticket, text.key) for text in texts), Ticket.phone == "").order_by(Ticket.id)
    return next((each for each in session.scalars(same) if dict(each.answers) == dict(ticket.answers)), None)


def find(session: Session, reference: str) -> Ticket | None:
    """Find a ticket by its reference, as typed by a person: case and surrounding space do not matter."""
    asked = fold(reference[:40]).strip().upper()
    return session.scalar(select(Ticket).where(Ticket.reference == asked)) if _REFERENCE.fullmatch(asked) else None


def page(session: Session, *, text: str = "", status: str = "", topic: str = "", urgent: bool = False, number: int = 1, per_page: int = 50) -> TicketPage:
    """List tickets, newest first.

    :param text: words that must all occur in reference, name, address, subject or message; case does not matter.
    :param status: only these; empty means all.
    :param topic: slug; only these; empty means all.
    :param urgent: only those that a rule sent straight to a person.
    :param number: page asked for, from 1; beyond the last one the last is given.
    """
    wanted = _wanted(text, status, topic, urgent=urgent)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-total // per_page))
    number = min(max(1, number), pages)
    newest = wanted.order_by(Ticket.created_at.desc(), Ticket.id.desc()).offset((number - 1) * per_page).limit(per_page)
    return TicketPage(list(session.scalars(newest)), total, number, pages)


def tally(session: Session) -> dict[str, int]:
    """Count the tickets of each status; one that no ticket has counts 0."""
    counted = session.execute(select(Ticket.status, func.count()).group_by(Ticket.status))
    return {status.value: 0 for status in TicketStatus} | dict(counted.all())


def urgent_count(session: Session) -> int:
    """Count the urgent requests that nobody has dealt with yet."""
    return session.scalar(select(func.count()).select_from(Ticket).where(Ticket.urgent != "", Ticket.status == TicketStatus.NEW)) or 0


def set_status(session: Session, ticket: Ticket, status: TicketStatus, now: datetime, *, by: Party = Party.TEAM) -> None:
    """Say what became of a request, and keep when and by whom it was said."""
    if ticket.status != status:
        session.add(TicketChange(ticket_id=ticket.id, before=str(ticket.status), status=status.value, party=by.value, changed_at=now))
        ticket.status, ticket.updated_at = status, now
        session.flush()


def _wanted(text: str, status: str, topic: str, *, urgent: bool) -> Select[Ticket]:
    query = select(Ticket)
    if status:
        query = query.where(Ticket.status == storable(status))
    if topic:
        query = query.where(Ticket.topic == storable(topic))
    if urgent:
        query = query.where(Ticket.urgent != "")
    for word in fold(storable(text[:SEARCH_LETTERS])).split()[:SEARCH_WORDS]:
        query = query.where(Ticket.search_text.contains(word, autoescape=True))
    return query
