"""The casebook: examples as staff find and list them."""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kb.articles import Article, Translation
from kb.catalogue import SEARCH_LETTERS, SEARCH_WORDS, holds
from kb.examples import Example

NOBODY = "-"
"""Asks for examples that no article answers; no article has this id."""
MOST_OFFERED = 1000
AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which examples are asked for; what is empty asks for all.

    ``text`` are words that must all occur, whatever their case; ``article`` is an external id, or ``NOBODY``.
    """

    text: str = ""
    article: str = ""
    language: str = ""
    source: str = ""
    standing: str = ""

    def query(self) -> Select[int]:
        """Ask for the numbers of the examples, the newest first."""
        found = select(Example.id).order_by(Example.id.desc())
        for word in unicodedata.normalize("NFKC", self.text[:SEARCH_LETTERS]).replace("\0", " ").split()[:SEARCH_WORDS]:
            found = found.where(holds(Example.text, word))
        if self.article == NOBODY:
            found = found.where(Example.article_id.is_(None))
        elif self.article:
            found = found.where(Example.article_id == select(Article.id).where(Article.external_id == self.article.replace("\0", "")).scalar_subquery())
        for column, value in ((Example.language, self.language), (Example.source, self.source), (Example.standing, self.standing)):
            found = found.where(column == value) if value else found
        return found


@dataclass(frozen=True, slots=True)
class Case:
    """One example as it is listed; without an article, none answers."""

    id: int
    text: str
    language: str
    article_id: int | None
    external_id: str
    fits: bool
    source: str
    standing: str
    tended_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some of the examples that were asked for: page ``number`` of ``pages``, of ``total`` examples."""

    cases: list[Case]
    total: int
    number: int
    pages: int


def page(session: Session, wanted: Wanted, *, number: int = 1, per_page: int = 50) -> CasePage:
    """List examples, the newest first.

    :param number: page asked for, from 1; beyond the last one the last is given.
    """
    query = wanted.query()
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // per_page))
    number = min(max(1, number), pages)
    return CasePage(_cases(session, session.scalars(query.offset((number - 1) * per_page).limit(per_page)).all()), total, number, pages)


def kinds(session: Session) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Count examples by language, source and standing, the most frequent first."""

    def counted(column: Select[str, int]) -> dict[str, int]:
        return dict(session.execute(column).all())

    columns = (Example.language, Example.source, Example.standing)
    languages, sources, standings = (counted(select(each, func.count()).group_by(each).order_by(func.count().desc(), each)) for each in columns)
    return languages, sources, standings


def articles(session: Session, languages: Sequence[str]) -> list[tuple[str, str]]:
    """Offer articles to choose from, as pairs of external id and title in the first of some languages that there is."""
    rows = select(Article.external_id, Translation.language, Translation.title).join(Translation).order_by(Article.external_id).limit(3 * MOST_OFFERED)
    titles: dict[str, dict[str, str]] = {}
    for external_id, language, title in session.execute(rows):
        titles.setdefault(external_id, {})[language] = title
    chosen = ((name, next((told[one] for one in languages if one in told), next(iter(told.values())))) for name, told in titles.items())
    return list(chosen)[:MOST_OFFERED]


def lines(session: Session, wanted: Wanted) -> Iterator[str]:
    """Write examples as lines of JSON that ``webform kb import`` reads, the oldest first."""
    numbers = session.scalars(wanted.query()).all()[::-1]
    for start in range(0, len(numbers), AT_A_TIME):
        for case in reversed(_cases(session, numbers[start : start + AT_A_TIME])):
            row: dict[str, object] = {"text": case.text, "lang": case.language, "article_id": case.external_id or None, "source": case.source}
            yield json.dumps(row if case.fits else row | {"fits": False}, ensure_ascii=False) + "\n"


def _cases(session: Session, numbers: Sequence[int]) -> list[Case]:
    columns = (Example.id, Example.text, Example.language, Example.article_id, func.coalesce(Article.external_id, "").label("external_id"))
    more = (Example.fits, Example.source, Example.standing, Example.tended_by, Example.created_at)
    rows = select(*columns, *more).outerjoin(Article, Article.id == Example.article_id).where(Example.id.in_(numbers)).order_by(Example.id.desc())
    return [Case(**row._mapping) for row in session.execute(rows)]
