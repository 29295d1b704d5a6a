"""Showing: a candidate made into a suggestion, with its best passage and the matched words marked."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, TypeVar

from sqlalchemy import bindparam, select

from kb.article_links import has_links, resolve
from kb.articles import Translation
from kb.database import Database
from kb.engine import Candidate
from kb.kept_terms import term_set
from kb.languages import ENGLISH, base
from kb.marks import find, glimpse, mark_html
from kb.passages import Passage
from kb.ready import Line, Ready
from kb.visibility import readable
from kb.wording import Wording

TITLE_SHARE = 0.35
"""What a term counts towards a passage that stands in the title as well."""
HEADING = 2.0
"""What a term counts that stands in the heading of a passage."""
BEGINNING = 0.5
"""Head start of the beginning of an article for a text that speaks of its title, and again as much for one that says no more."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One article offered for a text.

    ``score`` is the calibrated probability in [0, 1] that it answers; ``rank`` counts from 1; ``passage`` is the plain
    text of the best matching passage, ``highlights`` are ``(start, end)`` character offsets into it, sorted and not
    overlapping; ``passage_html`` is safe HTML with the matched words in ``<mark>``; ``glimpse_html`` is one or two
    sentences of it, likewise marked; ``elsewhere`` tells that the article exists in none of the reader's languages.
    """

    rank: int
    article_id: int
    language: str
    slug: str
    title: str
    heading: str
    anchor: str
    score: float
    passage: str
    passage_html: str
    glimpse_html: str
    highlights: tuple[tuple[int, int], ...]
    elsewhere: bool = False


def show(line: Line, candidates: Sequence[Candidate], wording: Wording, languages: Sequence[str]) -> tuple[Suggestion, ...]:
    """Make suggestions of candidates; one that is no longer published is left out. Links to other articles in them are not led anywhere yet.

    :param languages: languages in which an article is shown if it exists in them, the best first.
    """
    translations: dict[int, list[_Found]] = {}
    for candidate in candidates:
        translations[candidate.article_id] = [_Found(*row) for row in _PUBLISHED.rows(line, {"article": candidate.article_id})]
    chosen = {article: min(each, key=lambda found: _rank(found.language, languages)) for article, each in translations.items() if each}
    passages = {found.id: [_Piece(*row) for row in _PASSAGES.rows(line, {"translation": found.id})] for found in chosen.values()}
    wanted = {language: wording.wanted(language) for language in {found.language for found in chosen.values()}}
    shown: list[Suggestion] = []
    for candidate in candidates:
        if article := chosen.get(candidate.article_id):
            away = base(article.language) not in {base(each) for each in languages}
            shown.append(_suggestion(len(shown) + 1, candidate.score, article, passages[article.id], wanted[article.language], elsewhere=away))
    return tuple(shown)


def show_and_lead(database: Database, candidates: Sequence[Candidate], wording: Wording, languages: Sequence[str]) -> tuple[Suggestion, ...]:
    """Do the same, and lead the links in them, which few have, to where their articles are now."""
    with database.reading_plainly() as line:
        shown = show(line, candidates, wording, languages)
    if not any(has_links(each.passage_html) for each in shown):
        return shown
    with database.reading() as session:
        return tuple(replace(each, passage_html=resolve(session, each.passage_html, each.language)) for each in shown)


class _Found(NamedTuple):
    """A published translation, without the text that is not needed."""

    id: int
    article_id: int
    language: str
    slug: str
    title: str
    summary: str


class _Piece(NamedTuple):
    heading: str
    anchor: str
    text: str
    html: str


class Piece(Protocol):
    """What passages are compared by."""

    @property
    def heading(self) -> str:
        """What the passage stands under."""

    @property
    def text(self) -> str:
        """What it says."""


AnyPiece = TypeVar("AnyPiece", bound=Piece)

_PUBLISHED = Ready(
    select(Translation.id, Translation.article_id, Translation.language, Translation.slug, Translation.title, Translation.summary)
    .where(Translation.article_id == bindparam("article"), readable())
    .order_by(Translation.language)
)
_PASSAGES = Ready(
    select(Passage.heading, Passage.anchor, Passage.text, Passage.html).where(Passage.translation_id == bindparam("translation")).order_by(Passage.position)
)


def _rank(language: str, languages: Sequence[str]) -> int:
    wished = [base(each) for each in (*languages, ENGLISH)]
    return wished.index(base(language)) if base(language) in wished else len(wished)


def _suggestion(rank: int, score: float, found: _Found, passages: Sequence[_Piece], wanted: Mapping[str, float], *, elsewhere: bool) -> Suggestion:
    best = best_passage(passages, wanted, found.title, found.language)
    heading, anchor, passage, source = best or ("", "", found.summary, "")
    wanted = {term: wanted[term] for term in term_set(passage, found.language) & wanted.keys()}  # Each piece of it is looked through for all of them.
    return Suggestion(
        rank, found.article_id, found.language, found.slug, found.title, heading, anchor, score, passage,
        mark_html(source, wanted, found.language), glimpse(passage, wanted, found.language), find(passage, wanted, found.language), elsewhere,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PassageFit:
    """How well a passage fits wanted terms: what each of them counts, and a head start; ``value`` is all of it together."""

    terms: Mapping[str, float]
    head_start: float

    @property
    def value(self) -> float:
        """What passages are compared by; the same in whatever order the terms come."""
        return math.fsum(self.terms.values()) + self.head_start


def passage_fits(passages: Sequence[Piece], wanted: Mapping[str, float], title: str, language: str) -> list[PassageFit]:
    """Tell how well each passage fits: the more of the wanted terms it knows, the better; those count more that few passages have, or its heading.

    What the title says too speaks for the article, hardly for one passage of it; and an article answers its title at its beginning.

    :param wanted: what each term counts, 1 for what was said and less for other words for it.
    """
    headed = [term_set(passage.heading, language) & wanted.keys() for passage in passages]
    known = [each | (term_set(passage.text, language) & wanted.keys()) for passage, each in zip(passages, headed, strict=True)]
    said = {term for term, each in wanted.items() if each >= 1}
    named = term_set(title, language) & wanted.keys()
    met = named & said
    weights = {term: weight * wanted[term] * (TITLE_SHARE if term in named else 1.0) for term, weight in _weights(known).items()}
    found = []
    for number, (passage, each) in enumerate(zip(passages, known, strict=True)):
        length = 1 + math.log1p(len(passage.text)) / 20
        head_start = BEGINNING * (1 + len(met) / len(said)) if met and number == 0 else 0.0
        found.append(PassageFit({term: weights[term] * (HEADING if term in headed[number] else 1.0) / length for term in each}, head_start))
    return found


def best_passage(passages: Sequence[AnyPiece], wanted: Mapping[str, float], title: str, language: str) -> AnyPiece | None:
    """Choose the passage that fits best; the first of those that fit alike."""
    values = [fit.value for fit in passage_fits(passages, wanted, title, language)]
    return passages[max(range(len(passages)), key=values.__getitem__)] if passages else None


def _weights(known: Sequence[Collection[str]]) -> Mapping[str, float]:
    found: dict[str, int] = defaultdict(int)
    for each in known:
        for term in each:
            found[term] += 1
    return {term: math.log(1 + len(known) / count) for term, count in found.items()}
