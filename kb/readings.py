"""Readings: how a text was read before anything was looked up: its language, its words, its synonyms, and the rules it falls under."""

from dataclasses import dataclass
from enum import StrEnum

from kb.rules import RuleKind


@dataclass(frozen=True, slots=True)
class LanguageAccount:
    """The language that was decided for a text, whether by the text itself or by the page, and which articles were looked into."""

    code: str
    interface: str
    by_text: bool
    has_articles: bool
    looked_into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordsAccount:
    """The words of a text.

    ``silent`` ones say nothing in any text and hardly count; ``left_out`` are those that the staff's list leaves out;
    ``unknown`` ones stand in no article that was looked into.
    """

    silent: tuple[str, ...]
    left_out: tuple[str, ...]
    unknown: tuple[str, ...]


class Effect(StrEnum):
    """What would change without a synonym."""

    NOTHING = "nothing"
    ORDER = "order"
    ARTICLES = "articles"
    SILENCE = "silence"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Named:
    """A published article by its name."""

    article_id: int
    language: str
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class SynonymAccount:
    """A synonym that fired: for ``phrase`` it added ``added``.

    Without it the engine would be ``sure_without`` that it can answer, and show the articles of ``without``. ``effect`` puts that
    into one word: nothing changes, the order does, the articles do, there would be silence, or there would be an answer.
    """

    rule: str
    phrase: str
    added: tuple[str, ...]
    effect: Effect
    sure_without: float
    without: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class RuleAccount:
    """A rule of tact that the text falls under, by a phrase as the rule has it or by the topic that was chosen.

    ``kind`` is ``person``: then nothing is suggested and the request is urgent; or ``pin``: then ``article_id`` is shown first, if
    the text's language has it, whatever the gate says.
    """

    rule_id: int
    name: str
    kind: RuleKind
    phrase: str
    topic: str
    article_id: int | None
