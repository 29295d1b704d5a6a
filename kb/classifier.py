"""The classifier: what past requests say about a text, by a linear model and by the nearest of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from kb.features import WORD_SPACE, Features
from kb.postings import Postings
from kb.segments import unit

Numbers = NDArray[np.int64]
Shares = NDArray[np.float32]

NOBODY = -1
"""Stands for the article of a text that no article answers."""
NEIGHBOURS = 10
MOST_CLASSES, LEAST_SAMPLES = 400, 2
HEAD_START, RIDGE, POLISHING_STEPS = 2.0, 0.03, 10
PIECES_SHARE = 0.8
MOST_ROWS_TURNED, JITTER = 2000, 1e-6
_SEED = 20261122


@dataclass(frozen=True, slots=True)
class Memory:
    """What past requests say about one text, for each article known to them: shares of belief in [0, 1]."""

    articles: Numbers
    linear: Shares
    nearest: Shares
    votes: Shares


class Classifier:
    """Past requests as vectors with their articles, and a linear model over them; never changes."""

    def __init__(self, samples: Postings, known: NDArray[np.int32], idf: Shares, labels: Numbers, classes: Numbers, coefficients: Shares) -> None:
        """Wrap what was learned.

        :param known: identifiers of all features, in rising order; ``idf`` and ``coefficients`` have a row for each.
        :param labels: for each sample its place in ``classes``, which are article ids in rising order.
        """
        self.samples, self.known, self.idf, self.labels, self.classes = samples, known, idf, labels, classes
        self.coefficients = coefficients

    def recall(self, question: Features) -> Memory:
        """Tell what past requests say about a text."""
        ids, weights = self._vector(question)
        likeness = self.samples.scores(ids, weights)
        nearest = np.zeros(len(self.classes), np.float32)
        np.maximum.at(nearest, self.labels, likeness)
        few = min(NEIGHBOURS, len(likeness))
        best = np.argpartition(-likeness, few - 1)[:few] if few else np.empty(0, np.int64)
        votes = np.bincount(self.labels[best], likeness[best] ** 2, len(self.classes))
        return Memory(self.classes, self._linear(ids, weights), nearest, (votes / (votes.sum() + 1e-9)).astype(np.float32))

    def _linear(self, ids: NDArray[np.int32], weights: Shares) -> Shares:
        if not self.coefficients.size:
            return np.zeros(len(self.classes), np.float32)
        at = np.searchsorted(self.known, ids)
        margins = weights @ self.coefficients[at]
        powers = np.exp(margins - margins.max())
        return np.asarray(powers / powers.sum(), np.float32)

    def _vector(self, question: Features) -> tuple[NDArray[np.int32], Shares]:
        ids = np.concatenate([question.words, question.pieces + WORD_SPACE])
        counts = np.concatenate([question.word_counts, question.piece_counts])
        if not len(self.known):
            return ids[:0], counts[:0]
        at = np.minimum(np.searchsorted(self.known, ids), len(self.known) - 1)
        known = self.known[at] == ids
        return ids[known], _weighed(ids[known], counts[known], self.idf[at[known]])

    def save(self, path: Path) -> None:
        """Write everything into one file."""
        with path.open("wb") as file:
            np.savez(
                file, **self.samples.arrays("samples"), known=self.known, idf=self.idf, labels=self.labels, classes=self.classes,  # type: ignore[arg-type]
                coefficients=self.coefficients,
            )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> "Classifier":
        """Read what was written."""
        with np.load(path, allow_pickle=False) as arrays:
            samples = Postings.of_arrays("samples", arrays, len(arrays["labels"]))
            return cls(samples, *(arrays[name] for name in ("known", "idf", "labels", "classes", "coefficients")))


def train(texts: Sequence[Features], articles: Sequence[int], papers: Sequence[tuple[Features, int]] = (), *, linear: bool) -> Classifier:
    """Learn from past requests.

    :param articles: the article of each text, or ``NOBODY``.
    :param papers: the articles' own texts with their articles: the linear model learns from them too.
    :param linear: whether to fit a linear model besides remembering.
    """
    owners = np.asarray([*articles, *(article for _, article in papers)], np.int64)
    classes, labels = np.unique(owners, return_inverse=True)
    everything = [*texts, *(paper for paper, _ in papers)]
    ids = [np.concatenate([text.words, text.pieces + WORD_SPACE]) for text in everything]
    known, occurrences = np.unique(np.concatenate(ids), return_counts=True) if ids else (np.empty(0, np.int32), np.empty(0, np.int64))
    idf = (np.log((1 + len(everything)) / (1 + occurrences)) + 1).astype(np.float32)
    rows = []
    for each, text in zip(ids, everything, strict=True):
        counts = np.concatenate([text.word_counts, text.piece_counts])
        rows.append((each, _weighed(each, counts, idf[np.searchsorted(known, each)])))
    planes = linear and 2 <= len(classes) <= MOST_CLASSES and len(rows) >= LEAST_SAMPLES * len(classes)
    coefficients = _fit(rows, known, labels, len(classes)) if planes else np.empty((0, 0), np.float32)
    samples = Postings.of_rows(rows[: len(texts)])
    return Classifier(samples, known.astype(np.int32), idf, labels[: len(texts)].astype(np.int64), classes, coefficients)


def _weighed(ids: NDArray[np.int32], counts: Shares, idf: Shares) -> Shares:
    """Weigh features by rarity; words and pieces each have their fixed share of the length."""
    weights = (1 + np.log(counts)) * idf
    words = ids < WORD_SPACE
    return unit(np.where(words, weights / (np.linalg.norm(weights[words]) + 1e-9), PIECES_SHARE * weights / (np.linalg.norm(weights[~words]) + 1e-9)))


def _fit(rows: Sequence[tuple[NDArray[np.int32], Shares]], found: NDArray[np.int32], labels: Numbers, height: int) -> Shares:
    """Fit one plane per article."""
    starts = np.cumsum([0, *(len(ids) for ids, _ in rows)])
    columns = np.searchsorted(found, np.concatenate([ids for ids, _ in rows]))
    matrix = csr_matrix((np.concatenate([weights for _, weights in rows]).astype(np.float64), columns, starts), shape=(len(rows), len(found)))
    model = LinearSVC(C=2.0, random_state=_SEED, tol=1e-2, fit_intercept=False).fit(matrix, labels)
    coefficients = model.coef_ if height > 2 else np.vstack([-model.coef_, model.coef_])
    return _polish(matrix.astype(np.float32), labels, HEAD_START * coefficients.T)


def _polish(matrix: csr_matrix, labels: Numbers, start: NDArray[np.float64]) -> Shares:
    """Take a few steps from separating planes towards the softmax regression, whose second and third places are better.

    The planes are sums of the texts' own vectors, so where texts are fewer than features it is walked in the texts' space:
    the steps are the same, and each costs a fraction.
    """
    if matrix.shape[0] > min(MOST_ROWS_TURNED, matrix.shape[1]):
        found = _walk(matrix, matrix.T.tocsr(), labels, start)
        return np.ascontiguousarray(found, np.float32)
    likeness = (matrix @ matrix.T).toarray().astype(np.float64)
    root = cholesky(likeness + JITTER * np.eye(len(labels)), lower=True)
    begin = solve_triangular(root, matrix @ start, lower=True)
    short = root.astype(np.float32)
    found = _walk(short, np.ascontiguousarray(short.T), labels, begin)
    return np.ascontiguousarray(matrix.T @ solve_triangular(root, found, lower=True, trans="T"), np.float32)


def _walk(matrix: csr_matrix | Shares, turned: csr_matrix | Shares, labels: Numbers, start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Step towards the least loss of the softmax regression.

    :param turned: the transposed matrix.
    """
    size, rows = start.shape, np.arange(len(labels))

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        planes = weights.reshape(size).astype(np.float32)
        logits = matrix @ planes
        logits -= logits.max(axis=1, keepdims=True)
        powers = np.exp(logits)
        sums = powers.sum(axis=1, keepdims=True)
        value = (np.log(sums[:, 0]) - logits[rows, labels]).sum() + RIDGE / 2 * float((planes * planes).sum())
        powers /= sums
        powers[rows, labels] -= 1.0
        return float(value), (turned @ powers + RIDGE * planes).ravel().astype(np.float64)

    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": POLISHING_STEPS, "maxcor": 5})
    return np.asarray(found.x.reshape(size), float)
