"""Gaps: groups of requests that met nothing good, and what our people decided about each."""

from datetime import datetime
from enum import StrEnum

import numpy as np
from sqlalchemy import ForeignKey, Index, LargeBinary, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb import trace
from kb.articles import Article
from kb.grouping import Group, Vector
from kb.schema import Base
from webform.tickets import Ticket

PROGRAM = "gaps"
"""Who closes a gap that a published article answers, as the trace names it."""


class GapState(StrEnum):
    """What is to become of a gap. Only an ``open`` one waits; a ``merged`` one goes on under another number."""

    OPEN = "open"
    WRITING = "writing"
    ANSWERED = "answered"
    DISMISSED = "dismissed"
    MERGED = "merged"


class Reason(StrEnum):
    """Why a request belongs to a gap; ``none`` if it does not, because something good was shown or nothing was to be. ``mail`` is one of old mail."""

    NONE = ""
    NOTHING = "nothing"
    UNOPENED = "unopened"
    DECLINED = "declined"
    SAID = "said"
    MAIL = "mail"


_DEEDS = {GapState.OPEN: "restored", GapState.WRITING: "changed", GapState.ANSWERED: "answered", GapState.DISMISSED: "dismissed"}


class Gap(Base):
    """A group of requests about one thing that no article answered. Its texts are those of the requests; it keeps none.

    ``centre`` is what its texts have in common, as hashed words; it is the mean of ``counted`` texts, weighed by the vocabulary
    of ``epoch``. ``examined`` is how many texts it had when it was last looked at whether it is about several things.
    ``refused_article_id`` is an article that somebody said does not answer after all. ``answered_share`` is the share of
    ``asked`` texts that are shown something new since ``asked_generation``.
    """

    __tablename__ = "gap"
    __table_args__ = (Index("ix_gap_state_language", "state", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=GapState.OPEN)
    article_id: Mapped[int | None] = mapped_column(index=True)
    decided_by: Mapped[str] = mapped_column(String(255), default="")
    decided_at: Mapped[datetime | None]
    refused_article_id: Mapped[int | None]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("gap.id", ondelete="SET NULL"), index=True)
    begun_at: Mapped[datetime]
    centre: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
    epoch: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int] = mapped_column(default=0)
    examined: Mapped[int] = mapped_column(default=0)
    asked: Mapped[int] = mapped_column(default=0)
    answered_share: Mapped[float | None]
    asked_generation: Mapped[int | None]


class GapRequest(Base):
    """A request that was looked at for gaps: why it belongs to one, or not, and to which; it goes when the request goes.

    ``nearness`` is how like it is to the texts of its gap, from 0 to 1; nothing until its gap was looked for.
    """

    __tablename__ = "gap_request"
    __table_args__ = (
        Index("ix_gap_request_gap_id_sent_at", "gap_id", "sent_at"),
        Index("ix_gap_request_gap_id_nearness", "gap_id", "nearness"),
        Index("ix_gap_request_language_gap_id_ticket_id", "language", "gap_id", "ticket_id"),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True)
    gap_id: Mapped[int | None] = mapped_column(ForeignKey("gap.id", ondelete="SET NULL"))
    language: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(16))
    nearness: Mapped[float | None]
    sent_at: Mapped[datetime]


def find(session: Session, number: int) -> Gap | None:
    """Find a gap; one that was merged is found as that which it became."""
    gap = session.get(Gap, number) if number < 2**31 else None
    while gap is not None and gap.merged_into is not None:
        gap = session.get(Gap, gap.merged_into)
    return gap if gap is not None and gap.state != GapState.MERGED else None


def dismiss(session: Session, gap: Gap, who: str, now: datetime) -> None:
    """Say that no article is needed; that holds for whatever joins the group later."""
    _decide(session, gap, GapState.DISMISSED, None, who, now)


def reopen(session: Session, gap: Gap, who: str, now: datetime) -> None:
    """Take back what was decided; the article that was said to answer does not close the gap again by itself."""
    gap.refused_article_id = gap.article_id if gap.state == GapState.ANSWERED else None
    gap.asked, gap.answered_share, gap.asked_generation = 0, None, None
    _decide(session, gap, GapState.OPEN, None, who, now)


def answer(session: Session, gap: Gap, article_id: int, who: str, now: datetime) -> None:
    """Say that an article answers."""
    _decide(session, gap, GapState.ANSWERED, article_id, who, now)


def begin_writing(session: Session, gap: Gap, article_id: int, who: str, now: datetime) -> None:
    """Say that an article about it is being written; until it is published, the gap waits on."""
    _decide(session, gap, GapState.WRITING, article_id, who, now)


def reconsider(session: Session, ticket: Ticket) -> None:
    """Have a request looked at anew: something was said about it that may take it out of its gap, or into one."""
    session.execute(delete(GapRequest).where(GapRequest.ticket_id == ticket.id))


def standing(gap: Gap, centre: bytes) -> Group:
    """Give a gap as grouping knows it."""
    return Group(gap.id, gap.counted, unpacked(centre), decided=gap.state != GapState.OPEN)


def packed(vector: Vector) -> bytes:
    """Write a vector down, six bytes for each feature."""
    return vector.ids.astype("<i4").tobytes() + vector.values.astype("<f2").tobytes()


def unpacked(content: bytes) -> Vector:
    """Read a vector that was written down."""
    count = len(content) // 6
    return Vector(np.frombuffer(content, "<i4", count).astype(np.int32), np.frombuffer(content, "<f2", count, 4 * count).astype(np.float32))


def _decide(session: Session, gap: Gap, state: GapState, article_id: int | None, who: str, now: datetime) -> None:
    before, after = _told(session, gap.state, gap.article_id), _told(session, state, article_id)
    trace.record(session, actor=who, action=_DEEDS[state], subject=f"gap:{gap.id}", before=before, after=after, now=now)
    gap.state, gap.article_id, gap.decided_by, gap.decided_at = state, article_id, who, now
    session.flush()


def _told(session: Session, state: str, article_id: int | None) -> dict[str, object]:
    article = session.get(Article, article_id) if article_id is not None else None
    return {"status": str(state), "article": article.external_id if article else ""}
