"""Calibration: trials of the engine on texts it has not seen, with and without their articles, to learn its worth."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from kb.classifier import MOST_CLASSES, NOBODY, Classifier, train
from kb.features import Features, features
from kb.holdings import Entry, Sample
from kb.judgement import Judgement, Trial
from kb.lessons import FEWEST_TRIALS, learn
from kb.padding import gist
from kb.probes import make_probes
from kb.room import Room, empty_slate

ROUNDS = 8
"""Few are hidden at a time: what stays must be as full of look-alikes of the hidden ones as the real thing is."""
MOST_TRIALS = 3200
PAPER_LENGTH = 1500
PLENTY = 10
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
    return _case(sample.text, sample.language, sample.article_id)


def _case(text: str, language: str, article: int | None) -> Case:
    text = gist(text, language)
    return Case(text, language, features(text, language, bounded=True), frozenset(() if article is None else (article,)))


@dataclass(frozen=True, slots=True)
class Papers:
    """The articles' own texts, for the linear model of a small knowledge base; none where articles are many."""

    cases: tuple[Case, ...]

    @classmethod
    def of_entries(cls, entries: Sequence[Entry]) -> "Papers":
        """Take the titles, and titles with the beginning of the texts, so that every article has at least two rows."""
        if len({entry.article_id for entry in entries}) > MOST_CLASSES:
            return cls(())
        texts = ((entry, text) for entry in entries for text in (entry.title, f"{entry.title}\n{entry.text[:PAPER_LENGTH]}"))
        return cls(tuple(Case(text, entry.language, features(text, entry.language), frozenset((entry.article_id,))) for entry, text in texts))


def teach(
    cases: Sequence[Case], papers: Papers, hidden: Collection[int] = (), whole: Classifier | None = None, places: Sequence[int] = ()
) -> Classifier | None:
    """Train a classifier on labelled texts and on the articles' own; none if there is nothing to learn.

    :param hidden: articles whose own texts are left out.
    :param whole: a classifier that learned from more of the same texts; from what it knows of them it is learned how planes are weighed together.
    :param places: which of its texts these are.
    """
    if not cases and not papers.cases:
        return None
    pairs = [(case.question, article) for case in cases for article in (sorted(case.articles) or [NOBODY])]
    # Where there are many requests per article, its own text has nothing to add to how people ask. Where there are none at all, planes
    # would know the articles of their day alone, and keep one that is new or a draft from being shown until they are learned again.
    plenty = len(cases) >= PLENTY * len({article for _, article in pairs})
    own = [(case.question, min(case.articles)) for case in papers.cases if not plenty and not case.articles.intersection(hidden)]
    texts, articles = [question for question, _ in pairs], [article for _, article in pairs]
    return train(texts, articles, own, linear=bool(papers.cases), weighing=whole.weighing if whole else None, places=places)


def calibrate(
    rooms: Mapping[str, Room], learned: Sequence[Case], apart: Sequence[Case], entries: Sequence[Entry], papers: Papers, whole: Classifier | None = None
) -> dict[str, Judgement]:
    """Learn the worth of the sources and the gate.

    :param learned: what the classifier learns from; each is tried with a classifier that has not seen it.
    :param apart: labelled texts that the classifier does not learn from.
    :param entries: from which probes are made where there are too few labelled texts.
    :param whole: the classifier whose worth is to be learned.
    """
    dice = np.random.default_rng(_SEED)
    trials = list(_rounds(rooms, learned, apart, papers, whole, dice))
    answered = sum(trial.right.any() for trial in trials)
    if answered >= FEWEST_TRIALS and sum(not trial.answerable for trial in trials) >= FEWEST_TRIALS:
        return learn(trials)
    return learn([*trials, *_probes(rooms, entries, learned, papers, dice)], basis="articles")


def _rounds(
    rooms: Mapping[str, Room], learned: Sequence[Case], apart: Sequence[Case], papers: Papers, whole: Classifier | None, dice: np.random.Generator
) -> Iterator[Trial]:
    """Take whole articles away, and some texts of the others, and try both on what is left."""
    everything = (*learned, *apart)
    articles = sorted({article for case in everything for article in case.articles})
    if len(articles) < 2 or len(everything) < FEWEST_TRIALS:
        return
    hiding, holding = dice.permutation(len(articles)) % ROUNDS, dice.permutation(len(everything)) % ROUNDS
    for turn in range(ROUNDS):
        hidden = frozenset(article for article, place in zip(articles, hiding, strict=True) if place == turn)
        missing = [case for case in everything if case.articles and case.articles <= hidden]
        others = [(place, case, holding[place] == turn) for place, case in enumerate(everything) if not case.articles & hidden]
        held = [case for _, case, out in others if out and case.articles]
        native = [case for _, case, out in others if out and not case.articles]
        places = [place for place, _, out in others if not out and place < len(learned)]
        classifier = teach([learned[place] for place in places], papers, hidden, whole, places)
        for case in (part for cases in (missing, held, native) for part in _some(cases, MOST_TRIALS // ROUNDS // 2, dice)):
            yield try_case(rooms, classifier, case, hidden)


def _probes(rooms: Mapping[str, Room], entries: Sequence[Entry], learned: Sequence[Case], papers: Papers, dice: np.random.Generator) -> Iterator[Trial]:
    """Try texts made of articles: each must find its own, and nothing once that is taken away with all that was learned of it."""
    whole = teach(learned, papers)
    for probes in make_probes(entries, dice):
        hidden = frozenset(probe.article_id for probe in probes)
        without = teach([case for case in learned if not case.articles & hidden], papers, hidden)
        for probe in probes:
            case = _case(probe.text, probe.language, probe.article_id)
            yield try_case(rooms, whole, case, ())
            yield try_case(rooms, without, case, case.articles)
            if probe.strange:
                yield try_case(rooms, whole, _case(probe.strange, probe.language, None), ())


def try_case(rooms: Mapping[str, Room], classifier: Classifier | None, case: Case, hidden: Collection[int]) -> Trial:
    """Lay out the evidence for one text, and say which of it is right."""
    memory = classifier.recall(case.question) if classifier else None
    room = rooms.get(case.language)
    slate = room.slate(case.text, case.question, memory, hidden) if room else empty_slate(memory, hidden)
    right = np.isin(slate.articles, list(case.articles - frozenset(hidden)))
    return Trial(slate, right, bool(case.articles - frozenset(hidden)), case.language, min(case.articles, default=-1))


def _some(items: Sequence[Item], most: int, dice: np.random.Generator) -> list[Item]:
    if len(items) <= most:
        return list(items)
    return [items[place] for place in sorted(dice.choice(len(items), most, replace=False))]
