"""Coverage: which articles customers can read in which language, and where a translation is out of date, a draft or missing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.articles import Status, Translation
from kb.lags import Lag


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
    """Counts by language, the fullest first, and of each language by category of the text that an article began with.

    :ivar leads: by article, its oldest public text and the category of that; articles that nobody can read are left out.
    :ivar states: by language and article; what is not there is missing.
    """

    languages: Mapping[str, Count]
    categories: Mapping[str, Mapping[str, Count]]
    leads: Mapping[int, tuple[int, str]]
    states: Mapping[str, Mapping[int, str]]

    @property
    def total(self) -> int:
        """How many articles can be read in some language."""
        return len(self.leads)


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
    """Count every article that customers can read in some language, for every language there is.

    One pass over an index that has all it needs: joins of the table with itself take five times as long.
    """
    published, archived = Status.PUBLISHED.value, Status.ARCHIVED.value
    late = frozenset(session.scalars(select(Lag.translation_id)))
    columns = (Translation.id, Translation.article_id, Translation.language, Translation.status, Translation.category)
    rows = session.connection().execute(select(*columns)).all()
    leads: dict[int, tuple[int, str]] = {}
    for number, article, _, status, category in rows:
        if status == published and (article not in leads or number < leads[article][0]):
            leads[article] = number, category
    current, behind, draft = State.CURRENT.value, State.LATE.value, State.DRAFT.value  # Members of an enumeration are slow to count.
    states: dict[str, dict[int, str]] = {}
    for number, article, language, status, _ in rows:
        if article in leads:
            within = states.setdefault(language, {})
            if status != archived:
                within[article] = draft if status != published else behind if number in late else current
    totals = Counter(category for _, category in leads.values())
    names = sorted(totals, key=str.casefold)
    categories = {language: _by_category(within, leads, {name: totals[name] for name in names}) for language, within in states.items()}
    languages = {language: _count(Counter(within.values()), len(leads)) for language, within in states.items()}
    ordered = dict(sorted(languages.items(), key=lambda each: (-each[1].readable_share, each[0])))
    return Coverage(ordered, categories, leads, states)


def page(session: Session, found: Coverage, language: str, state: State, *, category: str | None = None, number: int = 1, per_page: int = 50) -> EntryPage:
    """List the articles that are in a state in a language, the oldest first.

    :param category: of the text that the article began with; nothing asks for all.
    :param number: page wanted, from 1; beyond the last one the last is given.
    """
    within = found.states.get(language, {})
    wanted_state = state.value
    wanted = sorted(
        lead for article, (lead, name) in found.leads.items() if within.get(article, "missing") == wanted_state and (category is None or name == category)
    )
    pages = max(1, -(-len(wanted) // per_page))
    number = min(max(1, number), pages)
    columns = (Translation.article_id, Translation.title, Translation.language, Translation.category)
    shown = wanted[(number - 1) * per_page : number * per_page]
    rows = session.execute(select(*columns).where(Translation.id.in_(shown)).order_by(Translation.id))
    return EntryPage([Entry(*row) for row in rows], len(wanted), number, pages)


def _by_category(within: Mapping[int, str], leads: Mapping[int, tuple[int, str]], totals: Mapping[str, int]) -> dict[str, Count]:
    counted = Counter((leads[article][1], state) for article, state in within.items())
    return {name: _count({state.value: counted[name, state.value] for state in State}, total) for name, total in totals.items()}


def _count(states: Mapping[str, int], total: int) -> Count:
    return Count(states.get(State.CURRENT.value, 0), states.get(State.LATE.value, 0), states.get(State.DRAFT.value, 0), total)
