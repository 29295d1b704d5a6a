"""Vocabularies of gaps: how rare each word is among the texts of a language, so that the same weights hold from one run to the next."""

from datetime import datetime
from io import BytesIO

import numpy as np
from sqlalchemy import LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.articles import Status, Translation
from kb.features import Features, features
from kb.grouping import Vocabulary
from kb.passages import Passage
from kb.schema import Base
from webform.gap_members import members
from webform.gap_texts import Words, words

MOST_TEXTS, MOST_PASSAGES = 3000, 1000
"""Requests, the newest, and passages of articles that a vocabulary is counted from."""
GROWTH = 2
"""How many times as many requests as before make another vocabulary."""


class GapVocabulary(Base):
    """The vocabulary of a language that is in force; ``requests`` is how many there were when it was made.

    It keeps words as hashed numbers, and only those that several texts share.
    """

    __tablename__ = "gap_vocabulary"

    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    epoch: Mapped[int]
    requests: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


def epoch(session: Session, language: str) -> int:
    """Tell which vocabulary of a language is in force; 0 if there is none yet."""
    return session.scalar(select(GapVocabulary.epoch).where(GapVocabulary.language == language)) or 0


def stored(session: Session, language: str) -> Vocabulary:
    """Read the vocabulary that is in force; there must be one."""
    content = session.scalars(select(GapVocabulary.content).where(GapVocabulary.language == language)).one()
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return Vocabulary(int(arrays["texts"]), arrays["ids"], arrays["rarity"])


def is_due(session: Session, language: str) -> bool:
    """Tell whether there are so many more requests than before that words should be counted anew."""
    before = session.scalar(select(GapVocabulary.requests).where(GapVocabulary.language == language))
    return before is None or _requests(session, language) >= GROWTH * max(before, 1)


def count(session: Session, language: str) -> tuple[int, Vocabulary]:
    """Count the words of the newest requests and of the articles; give them with the number of requests there are."""
    member = members()
    rows = select(member.c.number, member.c.reason).where(member.c.language == language, member.c.reason != "")
    newest = session.execute(rows.order_by(member.c.number.desc()).limit(MOST_TEXTS)).all()
    texts = [seen(told) for told in words(session, {row.number: row.reason for row in newest}).values()]
    published = select(Passage.heading, Passage.text).join(Translation, Translation.id == Passage.translation_id)
    published = published.where(Translation.language.startswith(language, autoescape=True), Translation.status == Status.PUBLISHED)
    sections = session.execute(published.order_by(Passage.id.desc()).limit(MOST_PASSAGES))
    papers = [features(f"{heading}\n{text}", language, bounded=True) for heading, text in sections]
    return _requests(session, language), Vocabulary.of_texts([*texts, *papers])


def keep(session: Session, language: str, requests: int, vocabulary: Vocabulary, now: datetime) -> int:
    """Put a vocabulary in force; give its epoch."""
    row = session.get(GapVocabulary, language) or GapVocabulary(language=language, epoch=0)
    file = BytesIO()
    np.savez(file, texts=np.array(vocabulary.texts), ids=vocabulary.ids, rarity=vocabulary.rarity)
    row.epoch, row.requests, row.content, row.made_at = row.epoch + 1, requests, file.getvalue(), now
    session.add(row)
    session.flush()
    return row.epoch


def seen(words: Words) -> Features:
    """Give what the engine sees in a request whose names, addresses and numbers are masked."""
    return features(words.text, words.language, bounded=True)


def _requests(session: Session, language: str) -> int:
    member = members()
    return session.scalar(select(func.count()).where(member.c.language == language, member.c.reason != "")) or 0
