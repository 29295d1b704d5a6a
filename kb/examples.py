"""Examples: texts whose right article is known, for training and evaluation."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.schema import Base


class Example(Base):
    """A text and the article that answers it; without an article, none does."""

    __tablename__ = "example"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16), default="")
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
