"""The catalogue: all translations as staff list them, whatever their state."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from kb.articles import Article, Status, Translation

SEARCH_LETTERS = 200
SEARCH_WORDS = 8
COLUMNS = (
    Translation.article_id,
    Article.external_id,
    Translation.language,
    Translation.slug,
    Translation.title,
    Translation.category,
    Translation.status,
    Translation.updated_at,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One translation in the catalogue, without its body."""

    article_id: int
    external_id: str
    language: str
    slug: str
    title: str
    category: str
    status: str
    updated_at: datetime

    @property
    def is_public(self) -> bool:
        """Whether customers can read it."""
        return self.status == Status.PUBLISHED


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Some of the translations that were asked for: page ``number`` of ``pages``, of ``total`` translations."""

    entries: list[Entry]
    total: int
    number: int
    pages: int


def page(session: Session, *, text: str = "", status: str = "", language: str = "", number: int = 1, per_page: int = 50) -> CataloguePage:
    """List translations, the latest change first.

    :param text: words that must all occur in title, category or external id; case does not matter.
    :param status: only these; empty means all.
    :param language: only these; empty means all.
    :param number: page asked for, from 1; beyond the last one the last is given.
    """
    conditions = _conditions(text, status, language)
    rows = select(Translation).join(Article).where(*conditions)
    total = session.scalar(rows.with_only_columns(func.count())) or 0
    pages = max(1, -(-total // per_page))
    number = min(max(1, number), pages)
    latest = rows.with_only_columns(*COLUMNS).order_by(Translation.updated_at.desc(), Translation.id.desc()).offset((number - 1) * per_page).limit(per_page)
    return CataloguePage([Entry(**row._mapping) for row in session.execute(latest)], total, number, pages)


def languages(session: Session) -> dict[str, int]:
    """Count translations by language, the most frequent first."""
    counted = select(Translation.language, func.count()).group_by(Translation.language).order_by(func.count().desc(), Translation.language)
    return dict(session.execute(counted).all())


def _conditions(text: str, status: str, language: str) -> list[ColumnElement[bool]]:
    words = unicodedata.normalize("NFKC", text[:SEARCH_LETTERS]).replace("\0", " ").split()[:SEARCH_WORDS]
    columns = (Translation.title, Translation.category, Article.external_id)
    conditions = [or_(*(holds(column, word) for column in columns)) for word in words]
    if status:
        conditions.append(Translation.status == status)
    if language:
        conditions.append(Translation.language == language)
    return conditions


def holds(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    """Look for a word whatever its case. SQLite folds ASCII only, so the usual spellings are looked for one by one."""
    spellings = sorted({word, word.lower(), word.upper(), word.capitalize()})
    return or_(column.icontains(word, autoescape=True), *(column.contains(spelling, autoescape=True) for spelling in spellings))
