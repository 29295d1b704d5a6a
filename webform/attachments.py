"""Attachments: files that came with a request, or wait for it to be sent."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column, undefer

from kb.schema import Base
from webform import file_kinds
from webform.file_kinds import FileKind
from webform.tickets import Ticket

WAITING = timedelta(hours=1)
AT_ONCE = timedelta(seconds=10)
TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
MOST_FILES = 5
MOST_BYTES = 10_000_000


class Refusal(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    EACH = "each"
    TOO_MANY = "too-many"
    KIND = "kind"
    BROKEN = "broken"
    PIXELS = "pixels"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


class Scan(StrEnum):
    """What the scanner for viruses says of a file; ``done`` where there is nothing to wait for."""

    DONE = ""
    WAITING = "waiting"
    INFECTED = "infected"


class AttachmentRefused(Exception):
    """A file cannot be taken; ``reason`` is for the view to put into words."""

    def __init__(self, reason: Refusal) -> None:
        """Say why."""
        super().__init__(reason)
        self.reason = reason


class Attachment(Base):
    """A file as the customer chose it; without a ticket it is removed when it expires. One that came later has the addition it came with.

    ``scan`` is a `Scan`: a file that waits for the scanner is held, one with a virus has no content any more.
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(43), unique=True)
    visit_token: Mapped[str] = mapped_column(String(32), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    addition_id: Mapped[int | None]
    filename: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    scan: Mapped[str] = mapped_column(String(16), default="", server_default="", index=True)


def keep(
    session: Session,
    *,
    visit: str,
    filename: str,
    content: bytes,
    now: datetime,
    scan: Scan = Scan.DONE,
    most_files: int = MOST_FILES,
    most_bytes: int = MOST_BYTES,
) -> Attachment:
    """Keep a file until its request is sent; the same file again is the one that waits already.

    :param visit: the random part of the visit's token.
    :param filename: as the browser said it; only a clean last part of it is kept.
    :param most_files: how many may wait in one visit.
    :param most_bytes: how large they may be together.
    :raises AttachmentRefused: if it is empty, not of an accepted kind, or beyond a limit.
    """
    kind = _accepted(filename, content, most_bytes)
    name = file_kinds.clean_name(filename, kind)
    others = list(session.scalars(select(Attachment).where(Attachment.visit_token == visit, Attachment.ticket_id.is_(None))))
    for other in others:
        if other.size == len(content) and other.filename == name and other.content == content:
            other.expires_at, other.scan = now + WAITING, scan.value
            return other
    if len(others) >= most_files:
        raise AttachmentRefused(Refusal.TOO_MANY)
    if sum(other.size for other in others) + len(content) > most_bytes:
        raise AttachmentRefused(Refusal.TOO_LARGE)
    kept = Attachment(visit_token=visit, filename=name, content_type=kind.content_type, size=len(content), content=content, created_at=now)
    kept.scan, kept.token, kept.expires_at = scan.value, secrets.token_urlsafe(TOKEN_BYTES), now + WAITING
    session.add(kept)
    session.flush()
    return kept


def waiting(session: Session, visit: str, tokens: Sequence[str]) -> list[Attachment]:
    """Give the files that a form names, in the order they were chosen; a token of another visit is no file.

    A file that has been sent is still one of them, so that the same post again is recognised by what it carries.
    """
    named = _possible(tokens)
    if not named:
        return []
    return list(session.scalars(select(Attachment).where(Attachment.visit_token == visit, Attachment.token.in_(named)).order_by(Attachment.id)))


def all_waiting(session: Session, visit: str, now: datetime) -> list[Attachment]:
    """Give every file of a visit that waits to be sent, in the order they were chosen."""
    there = (Attachment.visit_token == visit, Attachment.ticket_id.is_(None), Attachment.expires_at > now)
    return list(session.scalars(select(Attachment).where(*there).order_by(Attachment.id)))


def remove(session: Session, visit: str, token: str) -> None:
    """Take a waiting file of a visit away."""
    session.execute(delete(Attachment).where(Attachment.visit_token == visit, Attachment.token.in_(_possible([token])), Attachment.ticket_id.is_(None)))


def drop_others(session: Session, visit: str, tokens: Sequence[str], now: datetime) -> None:
    """Remove the waiting files of a visit that its form no longer names, so that they do not count against its limits.

    Files of the last seconds stay: they may belong to the same form, sent twice at once.
    """
    unnamed = (Attachment.visit_token == visit, Attachment.ticket_id.is_(None), Attachment.token.not_in(_possible(tokens)))
    session.execute(delete(Attachment).where(*unnamed, Attachment.created_at < now - AT_ONCE))


def of_ticket(session: Session, ticket_id: int) -> list[Attachment]:
    """Give the files of a request, without reading their content."""
    return list(session.scalars(select(Attachment).where(Attachment.ticket_id == ticket_id).order_by(Attachment.id)))


def content(session: Session, attachment_id: int) -> Attachment | None:
    """Give a file of a request with its content; one that was never sent is nobody's to read."""
    wanted = select(Attachment).where(Attachment.id == attachment_id, Attachment.ticket_id.is_not(None))
    return session.scalar(wanted.options(undefer(Attachment.content)))


def attach(session: Session, ticket: Ticket, files: Sequence[Attachment]) -> list[Attachment]:
    """Make files part of a request. One that already went with another request of the visit goes with this one as a copy."""
    attached = []
    for file in files:
        if file.ticket_id is None:
            file.ticket_id, file.expires_at = ticket.id, None
            attached.append(file)
        else:
            attached.append(_copy(file, ticket))
    session.add_all(attached)
    session.flush()
    return attached


def fingerprint(files: Sequence[Attachment]) -> str:
    """Tell files by what is in them: the same files sent again under other tokens give the same digits."""
    digests = sorted(hashlib.sha256(file.filename.encode() + b"\0" + file.content).hexdigest() for file in files)
    return hashlib.sha256("".join(digests).encode()).hexdigest() if digests else ""


def expire(session: Session, now: datetime) -> int:
    """Remove the files whose request was not sent in time.

    :return: how many went.
    """
    gone = session.execute(delete(Attachment).where(Attachment.ticket_id.is_(None), Attachment.expires_at <= now).returning(Attachment.id))
    return len(gone.all())


def _possible(tokens: Sequence[str]) -> list[str]:
    """Leave out what can be no token, among it what no database takes as a text."""
    return [token for token in tokens if _TOKEN.fullmatch(token)]


def _accepted(filename: str, content: bytes, most_bytes: int) -> FileKind:
    if not content:
        raise AttachmentRefused(Refusal.EMPTY)
    if len(content) > most_bytes:
        raise AttachmentRefused(Refusal.TOO_LARGE)
    kind = file_kinds.tell(filename, content)
    if kind is None:
        raise AttachmentRefused(Refusal.KIND)
    return kind


def _copy(file: Attachment, ticket: Ticket) -> Attachment:
    return Attachment(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        visit_token=file.visit_token,
        ticket_id=ticket.id,
        filename=file.filename,
        content_type=file.content_type,
        size=file.size,
        content=file.content,
        created_at=file.created_at,
        scan=file.scan,
    )
