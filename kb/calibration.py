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

ROUNDS = 5
HIDDEN_SHARE, HELD_SHARE = 0.2, 0.2
MOST_TRIALS = 2400
MOST_PROBES = 300
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
    if len(articles) < ROUNDS or len(learned) < FEWEST_TRIALS:
        return
    hiding = dice.permutation(len(articles)) % ROUNDS
    holding = dice.permutation(len(learned)) % int(1 / HELD_SHARE)
    for turn in range(ROUNDS):
        hidden = frozenset(article for article, place in zip(articles, hiding, strict=True) if place == turn)
        missing = [case for case in learned if case.articles and case.articles <= hidden]
        others = [(case, place) for case, place in zip(learned, holding, strict=True) if not case.articles & hidden]
        held = [case for case, place in others if place == turn]
        classifier = teach([case for case, place in others if place != turn])
        for case in _some(missing, MOST_TRIALS // ROUNDS // 3, dice):
            yield try_case(rooms, classifier, case, hidden)
        for case in _some(held, 2 * MOST_TRIALS // ROUNDS // 3, dice):
            yield try_case(rooms, classifier, case, hidden)


def _apart(rooms: Mapping[str, Room], classifier: Classifier | None, apart: Sequence[Case], dice: np.random.Generator) -> Iterator[Trial]:
    """Try texts that nothing was learned from: as they are, and without their own articles."""
    for case in _some(apart, MOST_TRIALS, dice):
        yield try_case(rooms, classifier, case, ())
        if case.articles and classifier is None:
            yield try_case(rooms, classifier, case, case.articles)


def _probes(rooms: Mapping[str, Room], entries: Sequence[Entry], dice: np.random.Generator) -> Iterator[Trial]:
    """Make texts of articles: a piece of one must find it, and its title must find nothing once it is taken away."""
    for entry in _some(entries, MOST_PROBES, dice):
        words = entry.text.split() if " " in entry.text else list(entry.text)
        start = int(dice.integers(max(len(words) - 12, 1)))
        glue = " " if " " in entry.text else ""
        piece = glue.join(word for word in words[start : start + 24] if dice.random() < 0.5)
        for text, hidden in ((piece, ()), (entry.title, (entry.article_id,))):
            question = features(text, entry.language, bounded=True)
            yield try_case(rooms, None, Case(text, entry.language, question, frozenset((entry.article_id,))), hidden)


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
