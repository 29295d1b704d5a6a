"""Lessons: what trials teach about the worth of the sources, how sure to be, and where the gate stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from kb.judgement import SIGNS, Judgement, Trial, Values, signs
from kb.slate import FIRST_WEIGHTS

FALSE_SHOWS = 0.10
"""Share of texts without an answer for which something may be shown."""
CAUTION = 0.5
"""Standard errors kept as a distance from that share."""
FEWEST_TRIALS = 20
FEW_SIGNS = [SIGNS.index(name) for name in ("share", "three", "standing out", "nobody", "linear", "nearest")]
ENOUGH_FOR_LANGUAGE, ENOUGH_NATIVE = 100, 60
MANY_TRIALS = 400
"""From so many trials on every sign is believed; before, only those that depend least on how a text is worded."""
PRIOR_STRENGTH = 2.0


def learn(trials: Sequence[Trial], basis: str = "trials") -> dict[str, Judgement]:
    """Learn the worth of the sources and the gate from trials, none of which the engine had seen.

    :param basis: what the trials were made from.
    :return: one judgement for every language with enough trials, and under the empty name one for all others. They share one gate:
        a language's scores are shifted so that its own share of false shows is reached there.
    """
    whole = _Lesson.of(trials, basis)
    gate = whole.gate(0.0)
    found = {"": replace(whole.judgement, gate=gate)}
    for language in sorted({trial.language for trial in trials}):
        own = [trial for trial in trials if trial.language == language]
        answered = sum(trial.answerable for trial in own)
        if MANY_TRIALS <= len(own) < len(trials) and min(answered, len(own) - answered) >= ENOUGH_FOR_LANGUAGE:
            lesson = _Lesson.of(own, basis)
            shift = lesson.shift_to(gate)
            found[language] = replace(lesson.judgement, offset=lesson.judgement.offset + shift, gate=gate)
    return found


@dataclass(frozen=True)
class _Lesson:
    """A judgement without a gate, and how sure models that had not seen the trials were of each."""

    judgement: Judgement
    logits: Values
    shares: Values
    silent: NDArray[np.bool_]
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, trials: Sequence[Trial], basis: str) -> "_Lesson":
        weights = learn_weights([trial for trial in trials if trial.right.any()] if basis == "trials" else [])
        kept = [trial for trial in trials if len(trial.slate.articles)]
        truth = np.array([trial.answerable for trial in kept], dtype=bool)
        if truth.all() or not truth.any():  # No article or hardly one: nothing tells good from bad, so nothing is shown yet.
            flat = np.zeros(len(SIGNS))
            return cls(Judgement(weights, flat, flat + 1.0, flat, 0.0, 0.999, basis), flat[:0], flat[:0], truth[:0], np.empty(0, np.int64))
        rows = np.array([signs(trial.slate, weights) for trial in kept])
        if len(kept) < MANY_TRIALS:
            believed = np.zeros(len(SIGNS))
            believed[FEW_SIGNS] = 1.0
            rows = rows * believed
        centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
        scaled = (rows - centre) / spread
        model = _sureness().fit(scaled, truth)
        slopes = np.where(spread > 1e-5, model.coef_[0], 0.0)
        judgement = Judgement(weights, centre, spread, slopes, float(model.intercept_[0]), 0.999, basis)
        groups = np.array([trial.group for trial in kept])
        native = (groups < 0) & ~truth
        shares = np.array([judgement.shares(trial.slate).max() for trial in kept])
        apart = np.where(native, -1 - np.arange(len(kept)), groups)
        return cls(judgement, _held_out(scaled, truth), shares, native if native.sum() >= ENOUGH_NATIVE else ~truth, apart)

    def gate(self, shift: float) -> float:
        """Read the gate off the scores that first candidates would have, with the logits shifted."""
        if not len(self.logits):
            return 0.999
        sure = 1 / (1 + np.exp(-np.clip(self.logits + shift, -30, 30)))
        return gate_for((sure * self.shares)[self.silent], self.groups[self.silent])

    def shift_to(self, gate: float) -> float:
        """Find the shift that brings the gate to a given place, by halving."""
        low, high = -8.0, 8.0
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if self.gate(middle) < gate else (low, middle)
        return high


def gate_for(scores: Values, groups: NDArray[np.int64]) -> float:
    """Set the gate so that the allowed share of texts without an answer passes it, give or take what chance may do.

    :param scores: best scores of texts without an answer.
    :param groups: what the texts are about: those about one thing are right or wrong together, so the standard error
        is one over groups, not over texts.
    """
    if not len(scores):
        return 0.5
    _, members = np.unique(groups, return_inverse=True)
    ordered = np.sort(scores)
    for place in range(int((1 - FALSE_SHOWS) * len(scores)), len(scores)):
        passed = scores > ordered[place]
        excess = np.bincount(members, passed - passed.mean())
        if passed.mean() + CAUTION * np.sqrt((excess**2).sum()) / len(scores) <= FALSE_SHOWS:
            return float(min(ordered[place] + 1e-6, 0.999))
    return float(min(ordered[-1] + 1e-6, 0.999))


def learn_weights(answered: Sequence[Trial]) -> Values:
    """Weigh the sources so that the right candidates come first; the fewer trials, the nearer to the first weights."""
    if len(answered) < FEWEST_TRIALS:
        return FIRST_WEIGHTS.copy()
    values = [trial.slate.values for trial in answered]
    starts = np.cumsum([0, *(len(each) for each in values)])[:-1]
    stacked = np.vstack(values)
    right = np.concatenate([trial.right for trial in answered]).astype(float)
    owner = np.repeat(np.arange(len(values)), [len(each) for each in values])

    def loss(weights: Values) -> tuple[float, Values]:
        logits = stacked @ weights
        logits -= np.maximum.reduceat(logits, starts)[owner]
        powers = np.exp(logits)
        shares = powers / np.add.reduceat(powers, starts)[owner]
        of_right = np.add.reduceat(powers * right, starts) / np.add.reduceat(powers, starts)
        pull = shares - powers * right / np.maximum(np.add.reduceat(powers * right, starts), 1e-300)[owner]
        off = (weights - FIRST_WEIGHTS) / FIRST_WEIGHTS
        value = -np.log(np.maximum(of_right, 1e-300)).sum() + PRIOR_STRENGTH * (off**2).sum()
        return float(value), stacked.T @ pull + 2 * PRIOR_STRENGTH * off / FIRST_WEIGHTS

    found = minimize(loss, FIRST_WEIGHTS, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(FIRST_WEIGHTS))
    return np.asarray(found.x, float)


def _held_out(rows: Values, truth: NDArray[np.bool_], folds: int = 5) -> Values:
    """Judge every trial by a model that has not seen it."""
    result = np.zeros(len(rows))
    for fold in range(folds):
        test = np.arange(len(rows)) % folds == fold
        train = ~test
        if len(set(truth[train])) < 2:
            return np.zeros(len(rows))
        result[test] = _sureness().fit(rows[train], truth[train]).decision_function(rows[test])
    return result


def _sureness() -> LogisticRegression:
    return LogisticRegression(C=0.3, class_weight="balanced", max_iter=500)
