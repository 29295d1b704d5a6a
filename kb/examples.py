"""Examples: texts whose right article is known, for training and evaluation."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

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


def add_example(session: Session, text: str, language: str, article_id: int | None, source: str, now: datetime) -> Example:
    """Keep a text whose right article is known; the same text for the same article is kept once.

    It is learned from at the next building of the engine: when an article is published, or by ``kb train``.

    :param article_id: the article that answers; ``None`` says that none does.
    :param source: where it came from, as ``sample``, ``import``, ``solved`` or ``staff``.
    """
    text = text.strip()
    known = session.scalars(
        select(Example).where(Example.text == text, Example.article_id.is_(None) if article_id is None else Example.article_id == article_id)
    ).first()
    if known is not None:
        return known
    example = Example(text=text, language=language, article_id=article_id, source=source, created_at=now)
    session.add(example)
    session.flush()
    return example
