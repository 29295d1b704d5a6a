"""Askings: a text as one engine took it and what it made of it, kept so that it can be asked again at a part of the cost."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kb.analysis import engaged
from kb.classifier import Memory
from kb.elsewhere import names
from kb.engine import Belief, Engine
from kb.features import Features
from kb.judgement import TOGETHER
from kb.languages import language_of
from kb.placing import Weighed
from kb.rule_book import NO_TACT, Tact
from kb.segments import Scores, weigh

MOST_REMEMBERED = 2000
"""Articles with past requests up to which it is kept what those say of a text; else they are asked anew."""
LEAST_SHARE = 0.002
"""Share of belief under which an article has no part in it."""
NOTHING = Weighed(NO_TACT, Belief(0.0, ()), frozenset())
"""Of a text that is not looked up at all."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What an engine made of a text, without its words.

    ``weights`` are those of the text's features among the articles of its language, for each part of an article; ``strength``
    is how much all candidates together speak for themselves (the logarithm of the sum of their powers); ``weighty`` are
    those that have any part in the belief. ``is_named`` tells whether the text has a name or code by which an article of another
    language could be found.
    """

    language: str
    weighed: Weighed
    question: Features | None = None
    memory: Memory | None = None
    weights: Mapping[str, Scores] | None = None
    strength: float = -np.inf
    is_named: bool = False
    weighty: frozenset[int] = frozenset()


SILENT = Asking("", NOTHING)
"""Of a text about which only people are asked."""


def ask(engine: Engine, text: str, interface: str, tact: Tact) -> Asking:
    """Tell what any gate would show for a text, and keep what asking it again would have to find out again."""
    language = language_of(text, interface)
    wording = engine.wording(text, language)
    if not engaged(wording.text, language):
        return Asking(language, NOTHING)
    question = engine.question(wording, language)
    memory = engine.classifier.recall(question) if engine.classifier else None
    hidden = tact.excluded | engine.about_other_codes(wording.text, language)
    slates = engine.slates(wording, language, question, hidden, memory)
    weighed = Weighed(tact, engine.settle(wording, language, question, slates, TOGETHER, hidden), pins_of(engine, tact, language))
    kept = memory if memory is None or len(memory.articles) <= MOST_REMEMBERED else None
    named = names(f"{wording.text}\n{wording.added}", language)
    room = engine.rooms.get(language)
    if room is None or not len(slates[0].articles):
        return Asking(language, weighed, question, kept, is_named=True)
    weights, _ = weigh(tuple(room.segments.values()), question)
    totals = slates[0].values @ engine.judgements.get(language, engine.judgement).weights
    strength = float(np.logaddexp.reduce(totals))
    weighty = frozenset(slates[0].articles[totals > strength + np.log(LEAST_SHARE)].tolist())
    return Asking(language, weighed, question, kept, weights, strength, bool(named.codes or named.words), weighty)


def ask_again(engine: Engine, text: str, before: Asking) -> Weighed:
    """Ask another engine that has learned the same from past requests; it must not be one with other words."""
    if before.question is None:
        return before.weighed
    wording, tact = engine.wording(text, before.language), before.weighed.tact
    hidden = tact.excluded | engine.about_other_codes(wording.text, before.language)
    slates = engine.slates(wording, before.language, before.question, hidden, before.memory)
    belief = engine.settle(wording, before.language, before.question, slates, TOGETHER, hidden)
    return Weighed(tact, belief, pins_of(engine, tact, before.language))


def pins_of(engine: Engine, tact: Tact, language: str) -> frozenset[int]:
    """Name the pinned articles that exist in a language."""
    return frozenset(pin for pin in tact.pinned if language in engine.spoken.get(pin, ()))
