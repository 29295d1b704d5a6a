"""Explanations: why a text gets the answer it gets, in values that a page, a command or an editor can show.

Everything here is computed from the very numbers that decided, and adds up:

- a candidate's ``total`` is the sum of what each ``Evidence`` ``adds``; its ``share`` is that total among all candidates;
- the ``terms`` of an ``Evidence`` and its ``rest`` add up to what it ``adds`` (or, where ``measure`` says so, to its ``odds``);
- the ``signs`` of a ``GateAccount`` and its ``offset`` add up to ``leaning``, whose logistic is how sure the judgement is.
"""

from dataclasses import dataclass
from enum import StrEnum

from kb.readings import LanguageAccount, RuleAccount, SynonymAccount, WordsAccount
from kb.showing import Suggestion


class Verdict(StrEnum):
    """What a text comes to: answers are shown, or why nothing is."""

    SHOWN = "shown"
    TO_PERSON = "to a person"
    NO_QUESTION = "no question"
    NO_ENGINE = "no engine"
    NOTHING_FITS = "nothing fits"
    UNDER_GATE = "under the gate"
    WITHDRAWN = "withdrawn"


class Fate(StrEnum):
    """What becomes of a candidate: it is shown, or why it is not."""

    SHOWN = "shown"
    TO_PERSON = "to a person"
    EXCLUDED = "excluded"
    OTHER_CODE = "other code"
    UNDER_GATE = "under the gate"
    SMALL_PART = "small part"
    NOT_AMONG_BEST = "not among the best"
    OTHER_LANGUAGE = "other language"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What a writer knows the sources by; see ``kb.contributions.KINDS``."""

    TITLE = "title"
    WORDS = "words"
    PIECES = "pieces of words"
    INDEX = "term index"
    LINEAR = "learned model"
    NEAREST = "past requests, nearest"
    VOTES = "past requests, votes"
    OTHER = "other"


class Measure(StrEnum):
    """In what the terms of some evidence are counted: points of the total, or odds that the model gives the article over the average one."""

    POINTS = "points"
    ODDS = "odds"


@dataclass(frozen=True, slots=True)
class Carried:
    """A term of the text and what it adds; below 0 it counts against the article. Words that stand side by side are one term with a blank.

    ``by_synonym`` tells that it was not typed, but that a synonym brought it in.
    """

    term: str
    adds: float
    by_synonym: bool = False


@dataclass(frozen=True, slots=True)
class SourceScore:
    """What one source of ``kb.slate.SOURCES`` says of an article, in [0, 1] or near it, and how much it counts here."""

    source: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the sources of one kind say together of a candidate.

    ``adds`` is the sum of value times weight over ``scores``. ``terms`` are the strongest, and ``rest`` is what is left: weaker
    terms, or what cannot be divided among terms. ``neighbours`` counts the past requests of this article among the ten nearest.
    """

    kind: Kind
    scores: tuple[SourceScore, ...]
    adds: float
    terms: tuple[Carried, ...]
    rest: float
    measure: Measure = Measure.POINTS
    odds: float = 0.0
    neighbours: int = 0


@dataclass(frozen=True, slots=True)
class PassageAccount:
    """How well a passage fits: its ``terms`` and a head start, given to the beginning, add up to ``value``; the best one is shown."""

    heading: str
    beginning: str
    value: float
    terms: tuple[Carried, ...]
    head_start: float
    chosen: bool


@dataclass(frozen=True, slots=True)
class CandidateAccount:
    """An article that was considered.

    ``rank`` counts from 1 in the order of belief; ``score`` is the probability that it answers, for a shown one as it is shown;
    ``share`` is its part of the belief in all candidates. An article that is no longer published has neither title nor language.
    One that is only shown because a rule has ``pinned`` it, and that no source speaks for, has no evidence. ``kept`` is the part of its
    belief that customers' objections to it, for texts like this one, have left it.
    """

    rank: int
    article_id: int
    language: str
    slug: str
    title: str
    fate: Fate
    score: float
    share: float
    total: float
    evidence: tuple[Evidence, ...]
    passages: tuple[PassageAccount, ...] = ()
    pinned: bool = False
    kept: float = 1.0


@dataclass(frozen=True, slots=True)
class SignAccount:
    """A sign of ``kb.judgement.SIGNS``: its value, what is usual, and what it adds; above 0 it speaks for an answer, below against."""

    name: str
    value: float
    usual: float
    adds: float


@dataclass(frozen=True, slots=True)
class GateAccount:
    """What the gate did: nothing is shown while ``sure`` is less than ``gate``.

    ``basis`` says what the gate follows from: ``trials``, ``articles`` or ``hand``. ``judged`` is how sure the signs make one;
    ``sure`` is less where belief in articles that are left out is taken off. ``language`` is that of the judgement, empty for
    the one that all languages without their own share.
    """

    sure: float
    gate: float
    basis: str
    judged: float = 0.0
    leaning: float = 0.0
    offset: float = 0.0
    signs: tuple[SignAccount, ...] = ()
    language: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it let the answer through."""
        return self.sure >= self.gate


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text gets the answer it gets; ``suggestions`` are exactly what a customer would be shown."""

    verdict: Verdict
    suggestions: tuple[Suggestion, ...]
    language: LanguageAccount
    words: WordsAccount
    gate: GateAccount
    candidates: tuple[CandidateAccount, ...]
    synonyms: tuple[SynonymAccount, ...]
    rules: tuple[RuleAccount, ...]
    generation: int
