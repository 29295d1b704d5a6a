"""The classifier: what past requests say about a text, by a linear model and by the nearest of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kb.features import PIECE_SPACE, WORD_SPACE, Features
from kb.planes import Weighing, planes, weigh
from kb.postings import Postings
from kb.segments import unit
from kb.tempering import trust

Numbers = NDArray[np.int64]
Shares = NDArray[np.float32]
Values = NDArray[np.float64]

NOBODY = -1
"""Stands for the article of a text that no article answers."""
NEIGHBOURS = 10
MOST_CLASSES, LEAST_SAMPLES = 400, 2
PIECES_SHARE = 0.8
FEWEST_TEXTS = 2
"""Texts that must have a piece or a pair of words before it counts: what only one text has says nothing about others."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What past requests say about one text, for each article known to them: shares of belief in [0, 1].

    ``distance`` is where the text lies from the article's plane: above one half on the article's side. All shares of ``linear`` add up to one,
    whatever was typed; a text about something else lies on the far side of every plane.
    """

    articles: Numbers
    linear: Shares
    distance: Shares
    nearest: Shares
    votes: Shares


class Classifier:
    """Past requests as vectors with their articles, and a linear model over them; never changes."""

    def __init__(
        self, samples: Postings, known: NDArray[np.int32], idf: Shares, labels: Numbers, classes: Numbers, coefficients: Shares,
        back: Shares, weighing: Weighing | None = None,
    ) -> None:  # fmt: skip
        """Wrap what was learned.

        :param known: identifiers of all features, in rising order; ``idf`` and ``coefficients`` have a row for each,
            ``coefficients`` one more for what holds without any; ``back`` turns what they give into distances from the planes.
        :param weighing: how the planes were weighed together, for learning again from a part of it; it is not kept.
        :param labels: for each sample its place in ``classes``, which are article ids in rising order.
        """
        self.samples, self.known, self.idf, self.labels, self.classes = samples, known, idf, labels, classes
        self.coefficients, self.back, self.weighing = coefficients, back, weighing
        articles = int((classes != NOBODY).sum())
        self.covered = float((classes[np.unique(labels)] != NOBODY).sum()) / articles if articles and len(labels) else 1.0

    def recall(self, question: Features) -> Memory:
        """Tell what past requests say about a text."""
        ids, weights = self.weigh(question)
        likeness = self.samples.scores(ids, weights)
        nearest = np.zeros(len(self.classes), np.float32)
        np.maximum.at(nearest, self.labels, likeness)
        few = min(NEIGHBOURS, len(likeness))
        best = np.argpartition(-likeness, few - 1)[:few] if few else np.empty(0, np.int64)
        votes = np.bincount(self.labels[best], likeness[best] ** 2, len(self.classes))
        votes = votes * trust(float(likeness.max(initial=0.0)), self.covered) / (votes.sum() + 1e-9)
        return Memory(self.classes, *self._linear(ids, weights), nearest * trust(nearest, self.covered), votes.astype(np.float32))

    def _linear(self, ids: NDArray[np.int32], weights: Shares) -> tuple[Shares, Shares]:
        if not self.coefficients.size:
            return np.zeros(len(self.classes), np.float32), np.zeros(len(self.classes), np.float32)
        at = np.searchsorted(self.known, ids)
        margins = weights @ self.coefficients[at] + self.coefficients[-1]
        powers = np.exp(margins - margins.max())
        distances = margins @ self.back[:-1] + self.back[-1]
        return np.asarray(powers / powers.sum(), np.float32), np.clip((1 + distances) / 2, 0, 1).astype(np.float32)

    def weigh(self, question: Features) -> tuple[NDArray[np.int32], Shares]:
        """Give the features of a text that are known here, in one space: words, then pieces, then pairs; and their weights."""
        ids, counts = _features(question)
        return _known(ids, counts, self.known, self.idf)

    def save(self, path: Path) -> None:
        """Write everything into one file."""
        with path.open("wb") as file:
            np.savez(
                file, **self.samples.arrays("samples"), known=self.known, idf=self.idf, labels=self.labels, classes=self.classes,  # type: ignore[arg-type]
                coefficients=self.coefficients, back=self.back,
            )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> "Classifier":
        """Read what was written."""
        with np.load(path, allow_pickle=False) as arrays:
            samples = Postings.of_arrays("samples", arrays, len(arrays["labels"]))
            return cls(samples, *(arrays[name] for name in ("known", "idf", "labels", "classes", "coefficients", "back")))


def train(
    texts: Sequence[Features], articles: Sequence[int], papers: Sequence[tuple[Features, int]] = (), *, linear: bool,
    weighing: Weighing | None = None, places: Sequence[int] = (),
) -> Classifier:  # fmt: skip
    """Learn from past requests.

    :param articles: the article of each text, or ``NOBODY``.
    :param papers: the articles' own texts with their articles: the linear model learns from them too.
    :param linear: whether to fit a linear model besides remembering.
    :param weighing: how to weigh its planes together, as learned from more of the same; learned anew unless given.
    :param places: which of that these texts are.
    """
    owners = np.asarray([*articles, *(article for _, article in papers)], np.int64)
    classes, labels = np.unique(owners, return_inverse=True)
    everything = [*texts, *(paper for paper, _ in papers)]
    found = [_features(each) for each in everything]
    known, occurrences = np.unique(np.concatenate([ids for ids, _ in found]), return_counts=True) if found else (np.empty(0, np.int32), np.empty(0, np.int64))
    kept = (known < WORD_SPACE) | (occurrences >= FEWEST_TEXTS)
    known, idf = known[kept], (np.log((1 + len(everything)) / (1 + occurrences[kept])) + 1).astype(np.float32)
    rows = [_known(*each, known, idf) for each in found]
    modelled = linear and 2 <= len(classes) <= MOST_CLASSES and len(rows) >= LEAST_SAMPLES * len(classes)
    coefficients = back = np.empty((0, 0), np.float32)
    if modelled:
        matrix = _matrix(rows, known)
        known_already = weighing is not None and weighing.knows(classes)
        weighing = weighing.among(classes, np.asarray(places, np.int64)) if weighing and known_already else weigh(matrix, labels, classes)
        logits = planes(matrix, labels, len(classes)) @ weighing.square
        logits[-1] += weighing.offsets
        coefficients, back = logits.astype(np.float32), weighing.back().astype(np.float32)
    samples = Postings.of_rows(rows[: len(texts)])
    return Classifier(samples, known.astype(np.int32), idf, labels[: len(texts)].astype(np.int64), classes, coefficients, back, weighing)


def _features(text: Features) -> tuple[NDArray[np.int32], Shares]:
    """Number everything a text contains in one space: words, then pieces, then pairs of words."""
    ids = np.concatenate([text.words, text.pieces + WORD_SPACE, text.pairs + (WORD_SPACE + PIECE_SPACE)])
    return ids, np.concatenate([text.word_counts, text.piece_counts, text.pair_counts])


def _known(ids: NDArray[np.int32], counts: Shares, known: NDArray[np.int32], idf: Shares) -> tuple[NDArray[np.int32], Shares]:
    """Keep what is known and weigh it by rarity; words with their pairs, and pieces, each have their fixed share of the length."""
    if not len(known):
        return ids[:0], counts[:0]
    at = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    seen = known[at] == ids
    ids, weights = ids[seen], np.where(counts[seen] < 1, counts[seen], 1 + np.log(counts[seen])) * idf[at[seen]]
    pieces = (ids >= WORD_SPACE) & (ids < WORD_SPACE + PIECE_SPACE)
    shares = np.where(pieces, PIECES_SHARE / (np.linalg.norm(weights[pieces]) + 1e-9), 1 / (np.linalg.norm(weights[~pieces]) + 1e-9))
    return ids, unit(weights * shares)


def _matrix(rows: Sequence[tuple[NDArray[np.int32], Shares]], found: NDArray[np.int32]) -> csr_matrix:
    starts = np.cumsum([0, *(len(ids) for ids, _ in rows)])
    columns = np.searchsorted(found, np.concatenate([ids for ids, _ in rows]))
    return csr_matrix((np.concatenate([weights for _, weights in rows]).astype(np.float64), columns, starts), shape=(len(rows), len(found)))
