"""Coverage: which articles customers can read in which language, and where a translation is out of date, a draft or missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from kb.articles import Status, Translation
from kb.lags import Lag

DRAFTS = (Status.DRAFT, Status.IN_REVIEW)


class State(StrEnum):
    """How an article stands in a language. A translation in the archive is as good as none."""

    CURRENT = "current"
    LATE = "late"
    DRAFT = "draft"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Count:
    """Articles of one language, in all or in one category, by state; ``total`` can be read in some language."""

    current: int
    late: int
    draft: int
    total: int

    @property
    def missing(self) -> int:
        """How many there is no translation of."""
        return self.total - self.current - self.late - self.draft

    @property
    def readable_share(self) -> float:
        """Share that customers can read, in [0, 1]."""
        return (self.current + self.late) / self.total if self.total else 0.0

    def of(self, state: str) -> int:
        """How many are in a state."""
        return int(getattr(self, state))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts by language, the fullest first, and of each language by category of the text that an article began with."""

    languages: Mapping[str, Count]
    categories: Mapping[str, Mapping[str, Count]]
    total: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as it stands in a language, named by the text it began with."""

    article_id: int
    title: str
    language: str
    category: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some of the articles that were asked for: page ``number`` of ``pages``, of ``total`` articles."""

    entries: list[Entry]
    total: int
    number: int
    pages: int


def coverage(session: Session) -> Coverage:
    """Count every article that customers can read in some language, for every language there is."""
    totals = dict(session.execute(_live().with_only_columns(_LEAD.category, func.count()).group_by(_LEAD.category)).all())
    other = aliased(Translation)
    rows = session.execute(
        _live()
        .join(other, other.article_id == _LEAD.article_id)
        .outerjoin(Lag, Lag.translation_id == other.id)
        .with_only_columns(_LEAD.category, other.language, other.status, Lag.translation_id.is_not(None), func.count())
        .group_by(_LEAD.category, other.language, other.status, Lag.translation_id.is_not(None))
    )
    found: dict[str, dict[str, dict[str, int]]] = {}
    for category, language, status, late, number in rows:
        states = found.setdefault(language, {}).setdefault(category, dict.fromkeys(State, 0))
        if status != Status.ARCHIVED:
            states[State.DRAFT if status in DRAFTS else State.LATE if late else State.CURRENT] += number
    categories = {
        language: {name: _count(within.get(name, {}), total) for name, total in sorted(totals.items(), key=lambda each: each[0].casefold())}
        for language, within in found.items()
    }
    languages = {language: _sum(within) for language, within in categories.items()}
    ordered = dict(sorted(languages.items(), key=lambda each: (-each[1].readable_share, each[0])))
    return Coverage(ordered, categories, sum(totals.values()))


def page(session: Session, language: str, state: State, *, category: str | None = None, number: int = 1, per_page: int = 50) -> EntryPage:
    """List the articles that are in a state in a language; of those out of date the ones that have been so longest come first.

    :param category: of the text that the article began with; nothing asks for all.
    :param number: page wanted, from 1; beyond the last one the last is given.
    """
    wanted = _live().where(_is(language, state), *([_LEAD.category == category] if category is not None else []))
    total = session.scalar(wanted.with_only_columns(func.count())) or 0
    pages = max(1, -(-total // per_page))
    number = min(max(1, number), pages)
    since = select(func.min(Lag.since)).join(Translation, Translation.id == Lag.translation_id).where(_other(language))
    order = (since.correlate(_LEAD).scalar_subquery(), _LEAD.id) if state is State.LATE else (_LEAD.id,)
    rows = wanted.with_only_columns(_LEAD.article_id, _LEAD.title, _LEAD.language, _LEAD.category).order_by(*order)
    return EntryPage([Entry(*row) for row in session.execute(rows.offset((number - 1) * per_page).limit(per_page))], total, number, pages)


_LEAD = aliased(Translation, name="lead")


def _live() -> Select[int]:
    """Give the oldest public text of each article that has one."""
    first = select(func.min(Translation.id)).where(Translation.status == Status.PUBLISHED).group_by(Translation.article_id)
    return select(_LEAD.id).where(_LEAD.id.in_(first))


def _is(language: str, state: State) -> ColumnElement[bool]:
    late = exists().where(Lag.translation_id == Translation.id)
    there = {
        State.CURRENT: and_(Translation.status == Status.PUBLISHED, ~late),
        State.LATE: and_(Translation.status == Status.PUBLISHED, late),
        State.DRAFT: Translation.status.in_(DRAFTS),
        State.MISSING: Translation.status != Status.ARCHIVED,
    }
    found = select(Translation.id).where(_other(language), there[state]).correlate(_LEAD).exists()
    return ~found if state is State.MISSING else found


def _other(language: str) -> ColumnElement[bool]:
    return and_(Translation.article_id == _LEAD.article_id, Translation.language == language)


def _count(states: Mapping[str, int], total: int) -> Count:
    return Count(states.get(State.CURRENT, 0), states.get(State.LATE, 0), states.get(State.DRAFT, 0), total)


def _sum(categories: Mapping[str, Count]) -> Count:
    counts = categories.values()
    return Count(*(sum(getattr(each, name) for each in counts) for name in ("current", "late", "draft", "total")))
