"""The catalogue: all translations as staff list them, whatever their state."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from kb.articles import Article, Status, Translation

SEARCH_LETTERS = 200
SEARCH_WORDS = 8
LEAST_OPENED = 10
"""Openings under which a solve rate says nothing yet."""
LOW_SHARE = 0.2
"""Share of solved among opened from which down an article does not do its work."""
SORTS = ("changed", "title", "review", "shown", "solved")
COLUMNS = (
    Translation.id,
    Translation.article_id,
    Article.external_id,
    Translation.language,
    Translation.slug,
    Translation.title,
    Translation.category,
    Translation.status,
    Translation.pending,
    Translation.updated_at,
    Translation.publish_at,
    Translation.withdraw_at,
    Article.owner,
    Article.review_at,
)


NOTHING = {"shown": 0, "opened": 0, "solved": 0}


@dataclass(frozen=True, slots=True)
class Entry:
    """One translation in the catalogue, without its body; what an article solved is counted over all its languages."""

    id: int
    article_id: int
    external_id: str
    language: str
    slug: str
    title: str
    category: str
    status: str
    pending: str
    updated_at: datetime
    publish_at: datetime | None
    withdraw_at: datetime | None
    owner: str
    review_at: datetime | None
    shown: int
    opened: int
    solved: int

    @property
    def is_public(self) -> bool:
        """Whether customers can read it."""
        return self.status == Status.PUBLISHED

    @property
    def solve_share(self) -> float | None:
        """The share of openings that solved the problem; nothing as long as there are too few."""
        return self.solved / self.opened if self.opened >= LEAST_OPENED else None


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Some of the translations that were asked for: page ``number`` of ``pages``, of ``total`` translations."""

    entries: list[Entry]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which translations are wanted; what is empty asks for all.

    ``text`` has words that must all occur in title, category or external id; case does not matter. ``owner`` may be
    ``-`` for nobody. ``review_due`` asks for those whose review date is past that moment, ``untranslated`` for articles
    that have no translation into a language, ``low`` for those that are opened often and solve little.
    """

    text: str = ""
    status: str = ""
    language: str = ""
    category: str = ""
    owner: str = ""
    review_due: datetime | None = None
    untranslated: str = ""
    low: bool = False


Counts = Callable[[Sequence[int] | None], Subquery]
"""Gives a table of ``article_id, shown, opened, solved``, of some articles or of all."""


def page(session: Session, *, counts: Counts | None = None, sort: str = "changed", number: int = 1, per_page: int = 50, **wanted: object) -> CataloguePage:
    """List translations, the latest change first unless another order is asked for.

    :param counts: what is known of articles; without it nothing was ever shown. It is asked about all only where order or
        filter need it.
    :param sort: one of `SORTS`.
    :param number: page asked for, from 1; beyond the last one the last is given.
    :param wanted: fields of `Wanted`.
    """
    asked = Wanted(**wanted)  # type: ignore[arg-type]
    known = counts(None) if counts is not None and (asked.low or sort in {"shown", "solved"}) else None
    fitting = _rows(asked, known)
    counted = fitting if asked.low else _rows(asked, None)
    total = session.scalar(counted.with_only_columns(func.count())) or 0
    pages = max(1, -(-total // per_page))
    number = min(max(1, number), pages)
    # The order is found without reading a single text.
    chosen = list(session.scalars(fitting.order_by(*_order(sort, known)).offset((number - 1) * per_page).limit(per_page)))
    found = {row.id: row._mapping for row in session.execute(select(*COLUMNS).join(Article).where(Translation.id.in_(chosen)))}
    told = _told(session, counts, sorted({row["article_id"] for row in found.values()}))
    entries: list[dict[str, Any]] = [{**found[each], **told.get(found[each]["article_id"], NOTHING)} for each in chosen if each in found]
    return CataloguePage([Entry(**each) for each in entries], total, number, pages)


def ids_of(session: Session, *, counts: Counts | None = None, most: int, **wanted: object) -> list[int]:
    """Give the numbers of all translations that are asked for, but at most so many."""
    return list(session.scalars(rows(counts=counts, **wanted).order_by(Translation.id).limit(most)))


def rows(*, counts: Counts | None = None, **wanted: object) -> Select[int]:
    """Ask for the numbers of all translations that are wanted."""
    asked = Wanted(**wanted)  # type: ignore[arg-type]
    return _rows(asked, counts(None) if counts is not None and asked.low else None)


def _rows(asked: Wanted, known: Subquery | None) -> Select[int]:
    rows = select(Translation.id).join(Article)
    if known is not None:
        rows = rows.outerjoin(known, known.c.article_id == Translation.article_id)
    return rows.where(*_conditions(asked, known))


def _told(session: Session, counts: Counts | None, articles: Sequence[int]) -> dict[int, dict[str, int]]:
    if counts is None or not articles:
        return {}
    known = counts(articles)
    return {row.article_id: {name: getattr(row, name) or 0 for name in NOTHING} for row in session.execute(select(known))}


def languages(session: Session) -> dict[str, int]:
    """Count translations by language, the most frequent first."""
    counted = select(Translation.language, func.count()).group_by(Translation.language).order_by(func.count().desc(), Translation.language)
    return dict(session.execute(counted).all())


def categories(session: Session, most: int = 500) -> list[str]:
    """List the categories that translations have, in order of names."""
    return [name for name in session.scalars(select(Translation.category).distinct().order_by(Translation.category).limit(most)) if name]


def _order(sort: str, counts: Subquery | None) -> list[ColumnElement[Any]]:
    latest: list[ColumnElement[Any]] = [Translation.updated_at.desc(), Translation.id.desc()]
    if sort == "title":
        return [func.lower(Translation.title), *latest]
    if sort == "review":
        return [Article.review_at.is_(None), Article.review_at.asc(), *latest]
    if counts is None or sort not in SORTS:
        return latest
    if sort == "shown":
        return [func.coalesce(counts.c.shown, 0).desc(), *latest]
    if sort == "solved":  # The worst first, and those of which nothing can be said last.
        known = func.coalesce(counts.c.opened, 0) >= LEAST_OPENED
        return [known.desc(), (counts.c.solved * 1.0 / func.nullif(counts.c.opened, 0)).asc(), *latest]
    return latest


def _conditions(asked: Wanted, counts: Subquery | None) -> list[ColumnElement[bool]]:
    words = unicodedata.normalize("NFKC", asked.text[:SEARCH_LETTERS]).replace("\0", " ").split()[:SEARCH_WORDS]
    columns = (Translation.title, Translation.category, Article.external_id)
    conditions: list[ColumnElement[bool]] = [or_(*(holds(column, word) for column in columns)) for word in words]
    if asked.status:
        ahead = asked.status in {Status.DRAFT, Status.IN_REVIEW}
        conditions.append(or_(Translation.status == asked.status, Translation.pending == asked.status) if ahead else Translation.status == asked.status)
    if asked.language:
        conditions.append(Translation.language == asked.language)
    if asked.category:
        conditions.append(Translation.category == asked.category)
    if asked.owner:
        conditions.append(Article.owner == ("" if asked.owner == "-" else asked.owner))
    if asked.review_due is not None:
        conditions.append(Article.review_at <= asked.review_due)
    if asked.untranslated:
        other = aliased(Translation)
        conditions.append(~select(other.id).where(other.article_id == Translation.article_id, other.language == asked.untranslated).exists())
    if asked.low:
        conditions += [false()] if counts is None else [counts.c.opened >= LEAST_OPENED, counts.c.solved * 1.0 / counts.c.opened <= LOW_SHARE]
    return conditions


def holds(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    """Look for a word whatever its case. SQLite folds ASCII only, so the usual spellings are looked for one by one."""
    spellings = sorted({word, word.lower(), word.upper(), word.capitalize()})
    return or_(column.icontains(word, autoescape=True), *(column.contains(spelling, autoescape=True) for spelling in spellings))
