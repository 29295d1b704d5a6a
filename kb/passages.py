"""Passages: the sections of an article, which are matched, shown in place and linked to."""

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kb.schema import Base


class Passage(Base):
    """A section of a translation under one heading, rendered once when the translation is saved."""

    __tablename__ = "passage"
    __table_args__ = (UniqueConstraint("translation_id", "position", name="uq_passage_translation_position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    translation_id: Mapped[int] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"))
    position: Mapped[int]
    heading: Mapped[str] = mapped_column(String(300), default="")
    anchor: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
