"""Examples: texts whose right article is known, for training and evaluation."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base


class Standing(StrEnum):
    """How far an example is believed.

    One of our own people's, or of a file of theirs, is ``trusted``. What somebody from outside said is ``waiting`` and
    teaches nothing until people on other networks said the same of a like text (``agreed``), or one of ours confirms it.
    """

    TRUSTED = "trusted"
    AGREED = "agreed"
    WAITING = "waiting"


class Example(Base):
    """A text and the article that answers it; without an article, none does.

    With ``fits`` false it says the opposite: this article does not answer this text. ``origin`` and ``network`` are keyed
    hashes of the visit or request that an example from outside came from, and of the network it came over; both are
    forgotten after a time. ``tended_by`` is who of the staff changed it last.
    """

    __tablename__ = "example"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16), default="")
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    fits: Mapped[bool] = mapped_column(default=True, server_default=true())
    source: Mapped[str] = mapped_column(String(16))
    standing: Mapped[str] = mapped_column(String(16), default=Standing.TRUSTED, server_default=Standing.TRUSTED.value)
    origin: Mapped[str | None] = mapped_column(String(64), index=True)
    network: Mapped[str | None] = mapped_column(String(64))
    tended_by: Mapped[str] = mapped_column(String(255), default="", server_default="")
    created_at: Mapped[datetime]


def add_example(session: Session, text: str, language: str, article_id: int | None, source: str, now: datetime) -> Example:
    """Keep a text whose right article is known; the same text for the same article is kept once.

    It is learned from at the next lesson: soon after enough of them have come, or by ``kb train``.

    :param article_id: the article that answers; ``None`` says that none does.
    :param source: where it came from, as ``sample``, ``import`` or ``staff``: somebody who is trusted. What others say is a voice.
    """
    text = text.strip()
    same_article = Example.article_id.is_(None) if article_id is None else Example.article_id == article_id
    known = session.scalars(select(Example).where(Example.text == text, same_article, Example.fits, Example.standing == Standing.TRUSTED)).first()
    if known is not None:
        return known
    example = Example(text=text, language=language, article_id=article_id, source=source, created_at=now)
    session.add(example)
    session.flush()
    return example
