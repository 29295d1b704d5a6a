"""Hints: what a good editor would say of a draft, each with its measured reason; silent where there is nothing to say."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.analysis import terms
from kb.articles import Translation
from kb.holdings import Entry
from kb.languages import base
from kb.overlaps import Overlap
from kb.passages import Passage, Section
from kb.visibility import readable

FEWEST_TEXTS = 3
"""Texts of customers from which on something is said of how they speak."""
TITLE_MET, SAID_BY = 0.5, 0.4
"""Share of the texts under which a title is said to miss them, and share of them that have a word before it is named."""
MOST_WORDS = 6
TIMES_USUAL = 1.5
"""How much more often a word must be said here than in all texts, so that it says something about this article."""
USUAL_SHARE, TIMES_LONG, FEWEST_PASSAGES = 0.9, 2.0, 20
"""Share of the published passages that are called usual, how many times as long a passage must be, and how many there must be to say so."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word as customers write it, and in how many texts."""

    word: str
    texts: int


@dataclass(frozen=True, slots=True)
class TitleHint:
    """Of ``texts`` that the article answers only ``met`` have a word of the title; ``words`` are what they say instead."""

    met: int
    texts: int
    words: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class LengthHint:
    """A passage of so many characters, where nine of ten published ones have at most ``usual``."""

    heading: str
    characters: int
    usual: int


@dataclass(frozen=True, slots=True)
class WordsHint:
    """Words that customers use and the article lacks, of so many texts."""

    texts: int
    words: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Hints:
    """Everything there is to say."""

    title: TitleHint | None = None
    length: LengthHint | None = None
    overlaps: tuple[Overlap, ...] = ()
    words: WordsHint | None = None

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return bool(self.title or self.length or self.overlaps or self.words)


def title_hint(title: str, texts: Sequence[str], language: str) -> TitleHint | None:
    """Compare a title with the texts that its article answers, without names and numbers of persons."""
    named = _content(title, language).keys()
    spoken = [_content(text, language) for text in texts]
    met = sum(not named.isdisjoint(each) for each in spoken)
    if len(texts) < FEWEST_TEXTS or met >= TITLE_MET * len(texts):
        return None
    words = _frequent(spoken, named, least=max(SAID_BY * len(texts), 2))
    return TitleHint(met, len(texts), words) if words else None


def words_hint(entry: Entry, texts: Sequence[str], everything: Sequence[str]) -> WordsHint | None:
    """Find the words that customers use and an article lacks.

    :param texts: those that the article answered, or was put away for.
    :param everything: all texts of its language, to tell what is said everywhere.
    """
    if len(texts) < FEWEST_TEXTS:
        return None
    spoken = [_content(text, entry.language) for text in texts]
    usual = Counter(term for text in everything for term in _content(text, entry.language))
    known = _content(f"{entry.title}\n{entry.text}", entry.language).keys()
    common = {term for term, count in _counted(spoken).items() if count * len(everything) < TIMES_USUAL * usual[term] * len(texts)}
    words = _frequent(spoken, known | common, least=max(2, 0.15 * len(texts)))
    return WordsHint(len(texts), words) if words else None


def length_hint(session: Session, sections: Sequence[Section], language: str) -> LengthHint | None:
    """Compare the longest passage with what customers usually read in place."""
    if not sections:
        return None
    length = func.length(Passage.text)
    published = select(length).join(Translation, Translation.id == Passage.translation_id).where(readable(), Translation.language == base(language))
    number = session.scalar(published.with_only_columns(func.count())) or 0
    if number < FEWEST_PASSAGES:
        return None
    usual = session.scalar(published.order_by(length).offset(int(USUAL_SHARE * (number - 1))).limit(1)) or 0
    longest = max(sections, key=lambda section: len(section.text))
    return LengthHint(longest.heading, len(longest.text), usual) if len(longest.text) > TIMES_LONG * usual else None


def _content(text: str, language: str) -> dict[str, str]:
    """Give the terms of a text that say something, each as it stands there."""
    found: dict[str, str] = {}
    for term in terms(text, language):
        if not term.stop and not term.text.isdigit():
            found.setdefault(term.text, text[term.start : term.end])
    return found


def _counted(spoken: Sequence[dict[str, str]]) -> Counter[str]:
    return Counter(term for each in spoken for term in each)


def _frequent(spoken: Sequence[dict[str, str]], without: Collection[str], *, least: float) -> tuple[Said, ...]:
    """Name the most frequent terms in the form that is written most often."""
    counts = Counter({term: count for term, count in _counted(spoken).items() if term not in without and count >= least})
    forms = {term: Counter(each[term].lower() for each in spoken if term in each).most_common(1)[0][0] for term, _ in counts.most_common(MOST_WORDS)}
    return tuple(Said(forms[term], count) for term, count in counts.most_common(MOST_WORDS))
