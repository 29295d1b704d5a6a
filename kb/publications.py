"""Publications: which revision of a translation customers could read, from when until when."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base


class Publication(Base):
    """A time in which customers could read one revision; ``public_until`` is nothing while they can."""

    __tablename__ = "publication"
    __table_args__ = (Index("ix_publication_translation_id_public_until", "translation_id", "public_until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    translation_id: Mapped[int] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    published_by: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    public_from: Mapped[datetime] = mapped_column(index=True)
    public_until: Mapped[datetime | None]


def begin_publication(session: Session, translation_id: int, revision_id: int, *, author: str = "", note: str = "", now: datetime) -> None:
    """Note that customers read this revision from now on, and no other one of the translation."""
    public = _open(session, translation_id)
    if public is not None and public.revision_id == revision_id:
        return
    end_publication(session, translation_id, now=now)
    session.add(Publication(translation_id=translation_id, revision_id=revision_id, published_by=author, note=note, public_from=now))
    session.flush()


def end_publication(session: Session, translation_id: int, *, now: datetime) -> None:
    """Note that customers cannot read the translation any more."""
    still = (Publication.translation_id == translation_id, Publication.public_until.is_(None))
    session.execute(update(Publication).where(*still).values(public_until=now))


def was_published(session: Session, revision_id: int) -> bool:
    """Tell whether customers can or could read a revision."""
    return session.scalars(select(Publication.id).where(Publication.revision_id == revision_id).limit(1)).first() is not None


def public_revision(session: Session, translation_id: int) -> int | None:
    """Tell which revision of a translation customers read now, or read last."""
    last = select(Publication.revision_id).where(Publication.translation_id == translation_id).order_by(Publication.id.desc())
    return session.scalars(last.limit(1)).first()


def publications_of(session: Session, translation_ids: Collection[int]) -> list[Publication]:
    """List when which revision was public, the first one first."""
    query = select(Publication).where(Publication.translation_id.in_(translation_ids)).order_by(Publication.translation_id, Publication.id)
    return list(session.scalars(query))


def _open(session: Session, translation_id: int) -> Publication | None:
    return session.scalars(select(Publication).where(Publication.translation_id == translation_id, Publication.public_until.is_(None))).first()
