"""Calibration: trials of the engine on texts it has not seen, with and without their articles, to learn its worth."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from kb.classifier import NOBODY, Classifier, train
from kb.features import Features, features
from kb.holdings import Entry, Sample
from kb.judgement import FEWEST_TRIALS, Judgement, Trial, learn
from kb.room import Room, empty_slate

ROUNDS, MORE_ROUNDS, FEW_TEXTS = 5, 10, 1500
HIDDEN_SHARE, HELD_SHARE = 0.08, 0.1
"""Few are hidden at a time: what stays must be as full of look-alikes of the hidden ones as the real thing is."""
MOST_TRIALS = 2000
MOST_PROBES = 200
PROBE_LENGTH, KNOWN_SHARE = 14, 0.5
_SEED = 20261122

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled text, ready to be tried: its right articles, none if no article answers."""

    text: str
    language: str
    question: Features
    articles: frozenset[int]


def as_case(sample: Sample) -> Case:
    """Analyse a labelled text once for all its trials."""
    articles = frozenset(() if sample.article_id is None else (sample.article_id,))
    return Case(sample.text, sample.language, features(sample.text, sample.language, bounded=True), articles)


def teach(cases: Sequence[Case]) -> Classifier:
    """Train a classifier on labelled texts."""
    pairs = [(case.question, article) for case in cases for article in (sorted(case.articles) or [NOBODY])]
    return train([question for question, _ in pairs], [article for _, article in pairs])


def calibrate(rooms: Mapping[str, Room], learned: Sequence[Case], apart: Sequence[Case], entries: Sequence[Entry]) -> Judgement:
    """Learn the worth of the sources and the gate.

    :param learned: what the classifier learns from; each is tried with a classifier that has not seen it.
    :param apart: labelled texts that the classifier does not learn from.
    :param entries: from which probes are made where there are too few labelled texts.
    """
    dice = np.random.default_rng(_SEED)
    trials = [*_rounds(rooms, learned, dice), *_apart(rooms, teach(learned) if learned else None, apart, dice)]
    answered = sum(trial.right.any() for trial in trials)
    if answered >= FEWEST_TRIALS and len(trials) - answered >= FEWEST_TRIALS:
        return learn(trials)
    return learn([*trials, *_probes(rooms, entries, dice)], basis="articles")


def _rounds(rooms: Mapping[str, Room], learned: Sequence[Case], dice: np.random.Generator) -> Iterator[Trial]:
    """Take whole articles away, and some texts of the others, and try both on what is left."""
    articles = sorted({article for case in learned for article in case.articles})
    if len(articles) < 2 or len(learned) < FEWEST_TRIALS:
        return
    rounds = MORE_ROUNDS if len(learned) < FEW_TEXTS else ROUNDS
    hiding, holding = dice.permutation(len(articles)), dice.permutation(len(learned)) % int(1 / HELD_SHARE)
    width = max(int(HIDDEN_SHARE * len(articles)), 1)
    for turn in range(rounds):
        hidden = frozenset(articles[place] for place in hiding[np.arange(turn * width, (turn + 1) * width) % len(articles)])
        missing = [case for case in learned if case.articles and case.articles <= hidden]
        others = [(case, place) for case, place in zip(learned, holding, strict=True) if not case.articles & hidden]
        held = [case for case, place in others if place == turn]
        classifier = teach([case for case, place in others if place != turn])
        for case in (*_some(missing, MOST_TRIALS // rounds // 2, dice), *_some(held, MOST_TRIALS // rounds // 2, dice)):
            yield try_case(rooms, classifier, case, hidden)


def _apart(rooms: Mapping[str, Room], classifier: Classifier | None, apart: Sequence[Case], dice: np.random.Generator) -> Iterator[Trial]:
    """Try texts that nothing was learned from: as they are, and without their own articles."""
    for case in _some(apart, MOST_TRIALS, dice):
        yield try_case(rooms, classifier, case, ())
        if case.articles and classifier is None:
            yield try_case(rooms, classifier, case, case.articles)


def _probes(rooms: Mapping[str, Room], entries: Sequence[Entry], dice: np.random.Generator) -> Iterator[Trial]:
    """Make texts of articles: half of the words of a piece of one and half unheard of must find it, and nothing once it is taken away."""
    for entry in _some(entries, MOST_PROBES, dice):
        spaced = " " in entry.text.strip()
        words = entry.text.split() if spaced else list(entry.text)
        start = int(dice.integers(max(len(words) - PROBE_LENGTH, 1)))
        piece = [word if dice.random() < KNOWN_SHARE else _unheard(dice, spaced=spaced) for word in words[start : start + PROBE_LENGTH]]
        text = (" " if spaced else "").join(piece)
        case = Case(text, entry.language, features(text, entry.language, bounded=True), frozenset((entry.article_id,)))
        yield try_case(rooms, None, case, ())
        yield try_case(rooms, None, case, case.articles)


def _unheard(dice: np.random.Generator, *, spaced: bool) -> str:
    """Make up a word that no article has."""
    if not spaced:
        return chr(int(dice.integers(0x20000, 0x2A000)))
    return "".join(chr(int(letter)) for letter in dice.integers(0x1680, 0x169A, 6))


def try_case(rooms: Mapping[str, Room], classifier: Classifier | None, case: Case, hidden: Collection[int]) -> Trial:
    """Lay out the evidence for one text, and say which of it is right."""
    memory = classifier.recall(case.question) if classifier else None
    room = rooms.get(case.language)
    slate = room.slate(case.text, case.question, memory, hidden) if room else empty_slate(memory, hidden)
    right = np.isin(slate.articles, list(case.articles - frozenset(hidden)))
    return Trial(slate, right, bool(case.articles - frozenset(hidden)), native=not case.articles)


def _some(items: Sequence[Item], most: int, dice: np.random.Generator) -> list[Item]:
    if len(items) <= most:
        return list(items)
    return [items[place] for place in sorted(dice.choice(len(items), most, replace=False))]
