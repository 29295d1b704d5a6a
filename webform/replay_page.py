"""The replay's page: cases with the words that staff may read, and hints, as the templates show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.orm import Session

from kb.analysis import terms
from kb.articles import Translation
from kb.engine import Engine
from kb.hints import Hints, length_hint, title_hint, words_hint
from kb.holdings import Entry
from kb.languages import base
from kb.marks import glimpse
from kb.masking import mask
from kb.overlaps import overlaps
from kb.passages import Section
from kb.showing import best_passage
from webform.comparison import Case, Comparison, Filled, Push
from webform.gap_texts import name, typical
from webform.rehearsals import Account, PastText, Source
from webform.tried import translations

LISTED, MOST_LISTED = 12, 200
PUSHED, FILLED, FOR_NAMES = 3, 5, 5


@dataclass(frozen=True, slots=True)
class Line:
    """A case as it is shown; without a reference for those who may not open requests."""

    case: Case
    words: Markup
    passage: str
    reference: str


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """All that is shown; ``titles`` name the articles that are pushed down, or known to be right."""

    account: Account
    comparison: Comparison
    lines: tuple[Line, ...]
    pushes: tuple[Push, ...]
    titles: Mapping[int, Translation]
    hints: Hints
    gaps: tuple[tuple[Filled, str], ...]
    """Gaps that the draft would fill, each with its name."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: somebody who may open requests, or not; and the languages that titles are wanted in."""

    may_open: bool
    languages: tuple[str, ...]


def furnish(session: Session, account: Account, comparison: Comparison, sections: Sequence[Section], reader: Reader, *, most: int = LISTED) -> ReplayPage:
    """Put the page together, the first cases only.

    :raises ValueError: if nothing was rehearsed.
    """
    if account.rehearsal is None:
        raise ValueError("nothing was rehearsed")
    entry, engine = account.rehearsal.entry, account.rehearsal.after
    lines = tuple(_line(engine, entry, case, sections, reader) for case in comparison.cases[:most])
    pushes = comparison.pushes[:PUSHED]
    named = {push.article_id for push in pushes} | {line.case.right for line in lines if line.case.right is not None}
    hints = hints_for(session, account, comparison, sections)
    texts = typical(session, [each.gap for each in comparison.filled[:FILLED]], FOR_NAMES)
    gaps = tuple((each, name(texts.get(each.gap, []))) for each in comparison.filled[:FILLED])
    return ReplayPage(account, comparison, lines, pushes, translations(session, sorted(named), reader.languages), hints, gaps)


def hints_for(session: Session, account: Account, comparison: Comparison, sections: Sequence[Section]) -> Hints:
    """Say what a good editor would, of texts without what tells who wrote them."""
    if account.rehearsal is None:
        return Hints()
    entry = account.rehearsal.entry
    labelled = [each.past for each in account.texts if each.past.source is Source.EXAMPLE and entry.article_id in each.past.right]
    answers = [case.past for case in comparison.cases if case.after == 1 or case.is_right] + labelled
    concerned = [case.past for case in comparison.cases if case.after or case.before or case.is_right is not None] + labelled
    everything = _spoken([each.past for each in account.texts], entry.language)
    return Hints(
        title_hint(entry.title, _spoken(answers, entry.language), entry.language),
        length_hint(session, sections, entry.language),
        tuple(overlaps(session, account.rehearsal.before, entry)),
        words_hint(entry, _spoken(concerned, entry.language), everything),
    )


def _spoken(pasts: Sequence[PastText], language: str) -> list[str]:
    unique = {(past.source, past.number): past for past in pasts if base(past.language) == language}
    return [masked(past) for past in unique.values()]


def masked(past: PastText) -> str:
    """Give a text without what tells who wrote it."""
    return mask(past.text, past.person) if past.source is Source.REQUEST else past.text


def _line(engine: Engine, entry: Entry, case: Case, sections: Sequence[Section], reader: Reader) -> Line:
    text, language = case.past.text if reader.may_open else masked(case.past), case.past.language
    held = {term.text: 1.0 for term in terms(f"{entry.title}\n{entry.text}", language) if not term.stop}
    wanted = engine.wording(case.past.text, language).wanted(entry.language)
    passage = best_passage(sections, wanted, entry.title, entry.language) if case.after else None
    return Line(case, Markup(glimpse(text, held, language)), passage.heading if passage else "", case.past.reference if reader.may_open else "")  # noqa: S704 - made of escaped text
