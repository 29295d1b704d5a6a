"""Events: facts about what happened in a visit, never what was typed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kb.schema import Base


class Kind(StrEnum):
    """What can happen in a visit."""

    SHOWN = "shown"
    WITHHELD = "withheld"
    OPENED = "opened"
    READ = "read"
    SOLVED = "solved"
    DECLINED = "declined"
    SUBMITTED = "submitted"


class Event(Base):
    """One fact of a visit; several articles shown at once are one event each."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("visit_id", "kind", "article_id", name="uq_event_visit_kind_article"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    article_id: Mapped[int] = mapped_column(default=0)
    rank: Mapped[int | None]
    seconds: Mapped[float | None]
    reason: Mapped[str] = mapped_column(String(32), default="")
    recorded_at: Mapped[datetime] = mapped_column(index=True)
