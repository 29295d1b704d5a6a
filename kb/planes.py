"""Planes: a linear model of past requests, one plane for each article, and what all of them together say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]

SHARPNESS = 2.0
"""What the distances from the planes are multiplied with before they are taken for logits."""
FEWEST_TO_WEIGH, FOLDS = 30, 3
"""Texts that each article must have before the planes are weighed together; parts that are left out in turn."""
STEPS, STEPS_AGAIN = 60, 30
"""Steps at most: at first, and where a weighing of nearly the same is known."""
FIRST_SHARPNESS, HOLD = 5.0, 1.0
"""The sharpness that weighing begins with, and how firmly it is held."""
_SEED = 20261122


@dataclass(frozen=True, slots=True)
class Seen:
    """What a weighing was learned from: how far each text is from planes that had not seen it, and the place of its article."""

    distances: NDArray[np.float32]
    labels: Numbers

    def among(self, kept: Numbers, rows: Numbers) -> "Seen":
        """Keep some of the articles, by their places, and those of some texts that are theirs."""
        rows = rows[np.isin(self.labels[rows], kept)]
        return Seen(self.distances[np.ix_(rows, kept)], np.searchsorted(kept, self.labels[rows]))


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the distances from all planes together say about each article: a square matrix and offsets turn them into logits."""

    classes: Numbers
    square: Values
    offsets: Values
    seen: Seen | None = None

    def knows(self, classes: Numbers) -> bool:
        """Tell whether it speaks of all these articles."""
        return bool(np.isin(classes, self.classes).all())

    def back(self) -> Values:
        """Give what turns logits into distances again: a square matrix, and offsets below it."""
        inverse = np.linalg.inv(self.square)
        return np.vstack([inverse, -self.offsets @ inverse])

    def among(self, classes: Numbers, rows: Numbers) -> "Weighing":
        """Weigh the planes of some of the articles, in the same order, as it is learned from some of the texts.

        What was learned of all of them cannot be cut: it leans on planes that are gone, and on texts that are to be unknown.
        """
        if self.seen is None:
            return plain(classes)
        kept = np.searchsorted(self.classes, classes)
        begin = np.vstack([self.square[np.ix_(kept, kept)], self.offsets[kept]])
        return _weighing(classes, self.seen.among(kept, rows), begin, STEPS_AGAIN)


def plain(classes: Numbers) -> Weighing:
    """Let each plane speak for its own article alone."""
    return Weighing(classes, SHARPNESS * np.eye(len(classes)), np.zeros(len(classes)))


def planes(matrix: csr_matrix, labels: Numbers, height: int) -> Values:
    """Separate each article from all others.

    :param labels: for each row the number of its article, below ``height``.
    :return: a row for each feature and one for what holds without any, a column for each article. Without that last one, planes
        would tell an unknown text from the articles no better than by what it has in common with all of them.
    """
    from sklearn.svm import LinearSVC  # Loading it takes longer than most commands.

    model = LinearSVC(C=2.0, random_state=_SEED, tol=1e-2).fit(matrix, labels)
    found = np.column_stack([model.coef_, model.intercept_])
    return np.asarray((found if height > 2 else np.vstack([-found, found])).T, np.float64)


def weigh(matrix: csr_matrix, labels: Numbers, classes: Numbers) -> Weighing:
    """Learn how to weigh the planes together, from texts that the planes had not seen, if each article has enough of them.

    Each plane knows only its own article from the rest; a text between two look-alikes is decided by both, and a third
    plane may say which. As this is linear again, it costs nothing when a text is answered.
    """
    height = len(classes)
    if np.bincount(labels, minlength=height).min() < FEWEST_TO_WEIGH:
        return plain(classes)
    folds = np.empty(len(labels), np.int64)
    mixed = np.random.default_rng(_SEED).permutation(len(labels))
    folds[mixed[np.argsort(labels[mixed], kind="stable")]] = np.arange(len(labels)) % FOLDS
    distances = np.empty((len(labels), height), np.float32)
    for fold in range(FOLDS):
        out = folds == fold
        found = planes(matrix[~out], labels[~out], height)
        distances[out] = matrix[out] @ found[:-1] + found[-1]
    return _weighing(classes, Seen(distances, labels), _usual(height), STEPS)


def _usual(height: int) -> Values:
    return np.vstack([FIRST_SHARPNESS * np.eye(height), np.zeros(height)])


def _weighing(classes: Numbers, seen: Seen, begin: Values, steps: int) -> Weighing:
    """Learn to weigh planes.

    :param begin: a square matrix, and offsets below it, to set out from.
    :param steps: at most.
    """
    from scipy.optimize import minimize  # Loading it takes longer than most commands.

    distances, labels = seen.distances.astype(np.float64), seen.labels
    rows, usual = np.arange(len(labels)), _usual(len(classes))

    def loss(weights: Values) -> tuple[float, Values]:
        found = weights.reshape(usual.shape)
        logits = distances @ found[:-1] + found[-1]
        logits -= logits.max(axis=1, keepdims=True)
        powers = np.exp(logits)
        sums = powers.sum(axis=1, keepdims=True)
        value = (np.log(sums[:, 0]) - logits[rows, labels]).sum() + HOLD / 2 * ((found - usual) ** 2).sum()
        powers /= sums
        powers[rows, labels] -= 1.0
        pull = np.vstack([distances.T @ powers, powers.sum(axis=0)])
        return float(value), (pull + HOLD * (found - usual)).ravel()

    found = minimize(loss, begin.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": steps}).x.reshape(usual.shape)
    return Weighing(classes, found[:-1], found[-1], seen)
