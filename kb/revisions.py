"""Revisions: what a translation said before, who changed it, and why."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Select, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base

AMENDABLE = timedelta(minutes=10)


class Revision(Base):
    """Immutable snapshot of a translation, except that its author may amend it for ten minutes."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    translation_id: Mapped[int] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


def keep_revision(session: Session, translation_id: int, *, title: str, summary: str, body: str, author: str, note: str, now: datetime) -> Revision:
    """Keep what a translation says now.

    The author's own last revision is amended while it is younger than ten minutes, counted from its first save, so
    that saving every few seconds leaves one revision in ten minutes and not a flood. A new note wins over the old one.
    """
    last = latest_revision(session, translation_id)
    if last is not None and last.author == author and timedelta(0) <= now - last.created_at < AMENDABLE:
        last.title, last.summary, last.body = title, summary, body
        last.note = note or last.note
    else:
        last = Revision(translation_id=translation_id, author=author, note=note, title=title, summary=summary, body=body, created_at=now)
        session.add(last)
    session.flush()
    return last


def latest_revision(session: Session, translation_id: int) -> Revision | None:
    """Give the newest snapshot of a translation."""
    return session.scalars(_newest_first(translation_id).limit(1)).first()


def revisions_of(session: Session, translation_id: int) -> list[Revision]:
    """List the snapshots of a translation, newest first."""
    return list(session.scalars(_newest_first(translation_id)))


def _newest_first(translation_id: int) -> Select[Revision]:
    return select(Revision).where(Revision.translation_id == translation_id).order_by(Revision.created_at.desc(), Revision.id.desc())
