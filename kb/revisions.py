"""Revisions: what a translation said before, who changed it, and why."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Select, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.origins import was_translated
from kb.publications import was_published
from kb.schema import Base

AMENDABLE = timedelta(minutes=10)
BETWEEN_NOTES = " · "


class Revision(Base):
    """Immutable snapshot of what writers made of a translation, except that its author may amend it for ten minutes.

    The newest one may be ahead of what customers read. ``category`` and ``slug`` are nothing where they were not kept.
    """

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    translation_id: Mapped[int] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(String(100))
    slug: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Wording:
    """What writers can change of a translation: the text, where it stands and its address."""

    title: str
    body: str
    summary: str = ""
    category: str = ""
    slug: str = ""


def keep_revision(
    session: Session, translation_id: int, wording: Wording, *, author: str, note: str, amend: bool = True, now: datetime, last: Revision | None = None
) -> Revision:
    """Keep what a translation says now; nothing new is kept if that is what it said last.

    The author's own last revision is amended while it is younger than ten minutes, counted from its first save, so
    that saving every few seconds leaves one revision in ten minutes and not a flood. A new note wins over the old one.
    What customers have read is never amended, nor what another language was made from.

    :param amend: False keeps the last revision as it is, whoever made it.
    :param last: the newest revision, if that is known.
    """
    last = last or latest_revision(session, translation_id)
    same = last is not None and all(getattr(last, name) == value for name, value in asdict(wording).items())
    ours = last is not None and last.author == author and timedelta(0) <= now - last.created_at < AMENDABLE
    if last is not None and (same or (amend and ours)) and not (was_published(session, last.id) or was_translated(session, last.id)):
        for name, value in asdict(wording).items():
            setattr(last, name, value)
        last.note = note or last.note
    elif last is None or not same:
        last = Revision(translation_id=translation_id, author=author, note=note, created_at=now, **asdict(wording))
        session.add(last)
    session.flush()
    return last


def keep_note(session: Session, translation_id: int, note: str) -> bool:
    """Keep a note that came with a text in which nothing changed: on what the translation says now, beside what is noted there.

    :return: whether it was not there yet.
    """
    last = latest_revision(session, translation_id)
    if last is None or not note:
        return False
    noted = last.note.split(BETWEEN_NOTES) if last.note else []
    if note in noted:
        return False
    if noted and note.startswith(noted[-1]):  # It was only written further.
        noted.pop()
    last.note = BETWEEN_NOTES.join([*noted, note])
    return True


def latest_revision(session: Session, translation_id: int) -> Revision | None:
    """Give the newest snapshot of a translation."""
    return session.scalars(_newest_first(translation_id).limit(1)).first()


def revisions_of(session: Session, translation_id: int) -> list[Revision]:
    """List the snapshots of a translation, newest first."""
    return list(session.scalars(_newest_first(translation_id)))


def _newest_first(translation_id: int) -> Select[Revision]:
    return select(Revision).where(Revision.translation_id == translation_id).order_by(Revision.id.desc())
