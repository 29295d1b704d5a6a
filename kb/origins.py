"""Origins: what was said of which revision a translation was made from; how it is read stands in ``kb.descent``."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base


class Reason(StrEnum):
    """Why a translation says what a revision of its source says."""

    MADE = "made"
    STILL_RIGHT = "still right"
    MINOR = "minor"


class Origin(Base):
    """Somebody's word that a translation, from one of its revisions on, says what a revision of its source says.

    Without a source the text is nobody's translation: it was written in its own right.
    """

    __tablename__ = "origin"

    id: Mapped[int] = mapped_column(primary_key=True)
    translation_id: Mapped[int] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"), index=True)
    source_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(16))
    author: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]


def was_translated(session: Session, revision_id: int) -> bool:
    """Tell whether somebody made another language from a revision, which then may not change any more."""
    return session.scalars(select(Origin.id).where(Origin.source_revision_id == revision_id).limit(1)).first() is not None
