"""Articles and their translations: what the knowledge base knows, and in which state."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.schema import Base


class Status(StrEnum):
    """How far a translation is: only ``published`` ones are ever seen by a customer."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Article(Base):
    """One answer, in one or more languages."""

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]

    translations: Mapped[list["Translation"]] = relationship(back_populates="article", cascade="all, delete-orphan", order_by="Translation.language")


class Translation(Base):
    """An article in one language."""

    __tablename__ = "translation"
    __table_args__ = (
        UniqueConstraint("article_id", "language", name="uq_translation_article_language"),
        UniqueConstraint("language", "slug", name="uq_translation_language_slug"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(16))
    slug: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(String(16), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    article: Mapped[Article] = relationship(back_populates="translations")
