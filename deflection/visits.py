"""Visits: openings of the form, from the first typed character to sending or thirty idle minutes."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from kb.schema import Base


class Visit(Base):
    """One opening of the form. It knows no person: no address, no name, no typed text."""

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    arm: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(16), default="")
    topic: Mapped[str] = mapped_column(String(64), default="")
    scripted: Mapped[bool]
    engaged: Mapped[bool] = mapped_column(default=False)
    person: Mapped[str | None] = mapped_column(String(64), index=True)
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
