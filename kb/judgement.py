"""Judgement: from the evidence of a slate to probabilities, and the gate; what is learned about the sources' worth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from kb.slate import FIRST_WEIGHTS, INDEX, LINEAR, NEAREST, SOURCES, Slate

Values = NDArray[np.float64]

FALSE_SHOWS = 0.10
"""Share of texts without an answer for which something may be shown."""
FEWEST_TRIALS = 20
SIGNS = (
    *SOURCES,
    "share",
    "three",
    "standing out",
    "nobody",
    "margin",
    "total",
    "information",
    "found information",
    "agreement",
    "second linear",
    "second nearest",
)
FEW_SIGNS = [SIGNS.index(name) for name in ("share", "three", "standing out", "nobody", "linear", "nearest")]
MANY_TRIALS = 400
"""From so many trials on every sign is believed; before, only those that depend least on how a text is worded."""
PRIOR_STRENGTH = 2.0


@dataclass(frozen=True, slots=True)
class Trial:
    """A slate and which of its articles are right; none, if the text has no answer."""

    slate: Slate
    right: NDArray[np.bool_]
    answerable: bool
    group: int = -1
    """The article that was hidden for this trial; -1 for a real text that no article answers."""


@dataclass(frozen=True)
class Judgement:
    """How the sources are weighed, how sure that makes one, and from which probability on something is shown."""

    weights: Values
    centre: Values
    spread: Values
    slopes: Values
    offset: float
    gate: float
    basis: str
    """What the gate follows from: ``trials`` or ``articles``."""

    def shares(self, slate: Slate) -> Values:
        """Divide belief among the candidates, as if one of them had to be right."""
        return _softmax(slate.values @ self.weights)

    def score(self, slate: Slate, limit: int) -> list[tuple[int, float]]:
        """Rank the candidates.

        :return: the best rows of the slate with the probability that each answers, given that those above it do not.
        """
        if not len(slate.articles):
            return []
        shares = self.shares(slate)
        order = np.argsort(-shares, kind="stable")[:limit]
        sure = self.sure(signs(slate, self.weights))
        return [(int(row), score) for row, score in zip(order, _one_after_another(sure, shares[order]), strict=True)]

    def sure(self, found: Values) -> float:
        """Tell how probable it is that an article answers a text with these signs."""
        return float(1 / (1 + np.exp(-np.clip((found - self.centre) / self.spread @ self.slopes + self.offset, -30, 30))))

    def facts(self) -> dict[str, Any]:
        """Say everything in plain numbers, for keeping."""
        arrays = {name: getattr(self, name).tolist() for name in ("weights", "centre", "spread", "slopes")}
        return {**arrays, "offset": self.offset, "gate": self.gate, "basis": self.basis}

    @classmethod
    def of_facts(cls, facts: dict[str, Any]) -> "Judgement":
        """Take up what was kept."""
        arrays = {name: np.array(facts[name], float) for name in ("weights", "centre", "spread", "slopes")}
        return cls(**arrays, offset=float(facts["offset"]), gate=float(facts["gate"]), basis=str(facts["basis"]))


def signs(slate: Slate, weights: Values) -> Values:
    """Collect what tells an answered text from one without an answer."""
    totals = slate.values @ weights
    shares = _softmax(totals)
    order = np.argsort(-shares, kind="stable")
    first = slate.values[order[0]]
    second = slate.values[order[1]] if len(order) > 1 else np.zeros_like(first)
    margin = shares[order[0]] - (shares[order[1]] if len(order) > 1 else 0.0)
    standing_out = totals[order[0]] - (totals[order[3:13]].mean() if len(order) > 3 else 0.0)
    agreement = float(np.mean([np.argmax(column) == order[0] for column in slate.values.T[[0, 1, INDEX, LINEAR, NEAREST]] if column.any()] or [0.0]))
    trusted = (shares[order[0]], shares[order[:3]].sum(), standing_out, slate.nobody)
    others = (margin, totals[order[0]], np.log1p(slate.information), first[0] * np.log1p(slate.information), agreement, second[LINEAR], second[NEAREST])
    return np.concatenate([first, trusted, others])


def learn(trials: Sequence[Trial], basis: str = "trials") -> Judgement:
    """Learn the worth of the sources and the gate from trials, none of which the engine had seen.

    :param basis: what the trials were made from.
    """
    answered = [trial for trial in trials if trial.right.any()] if basis == "trials" else []
    weights = learn_weights(answered)
    kept = [trial for trial in trials if len(trial.slate.articles)]
    truth = np.array([trial.answerable for trial in kept], dtype=bool)
    if truth.all() or not truth.any():  # No article or hardly one: nothing tells good from bad, so nothing is shown yet.
        flat = np.zeros(len(SIGNS))
        return Judgement(weights, flat, flat + 1.0, flat, 0.0, 0.999, basis)
    rows = np.array([signs(trial.slate, weights) for trial in kept])
    if len(kept) < MANY_TRIALS:
        believed = np.zeros(len(SIGNS))
        believed[FEW_SIGNS] = 1.0
        rows = rows * believed
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = (rows - centre) / spread
    model = _sureness().fit(scaled, truth)
    groups = np.array([trial.group for trial in kept])
    native = (groups < 0) & ~truth
    silent = native if native.sum() >= FEWEST_TRIALS else ~truth
    slopes = np.where(spread > 1e-5, model.coef_[0], 0.0)
    judgement = Judgement(weights, centre, spread, slopes, float(model.intercept_[0]), 0.0, basis)
    # The gate is on the score of the first, which also depends on how belief is divided; so it is read off in those terms.
    firsts = [sure * judgement.shares(trial.slate).max() for sure, trial in zip(_held_out(scaled, truth), kept, strict=True)]
    return replace(judgement, gate=gate_for(np.array(firsts)[silent], np.where(native, -1 - np.arange(len(kept)), groups)[silent]))


def gate_for(scores: Values, groups: NDArray[np.int64]) -> float:
    """Set the gate so that the allowed share of texts without an answer passes it, give or take what chance may do.

    :param scores: best scores of texts without an answer.
    :param groups: what the texts are about: those about one thing are right or wrong together, so the standard error that
        is kept as a distance from the allowed share is one over groups, not over texts.
    """
    if not len(scores):
        return 0.5
    _, members = np.unique(groups, return_inverse=True)
    ordered = np.sort(scores)
    for place in range(int((1 - FALSE_SHOWS) * len(scores)), len(scores)):
        passed = scores > ordered[place]
        excess = np.bincount(members, passed - passed.mean())
        if passed.mean() + np.sqrt((excess**2).sum()) / len(scores) <= FALSE_SHOWS:
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


def _one_after_another(sure: float, shares: Values) -> list[float]:
    """Say for each candidate how probable it answers once those above it did not; never more than the one above."""
    scores: list[float] = []
    left = 1.0
    for share in shares:
        own = sure * float(share)
        scores.append(min(own / max(left, 1e-9), scores[-1] if scores else 1.0))
        left -= own
    return scores


def _held_out(rows: Values, truth: NDArray[np.bool_], folds: int = 5) -> Values:
    """Judge every trial by a model that has not seen it."""
    result = np.zeros(len(rows))
    for fold in range(folds):
        test = np.arange(len(rows)) % folds == fold
        train = ~test
        if len(set(truth[train])) < 2:
            return np.full(len(rows), 0.5)
        result[test] = _sureness().fit(rows[train], truth[train]).predict_proba(rows[test])[:, 1]
    return result


def _sureness() -> LogisticRegression:
    return LogisticRegression(C=0.3, class_weight="balanced", max_iter=500)


def _softmax(logits: Values) -> Values:
    powers = np.exp(logits - logits.max()) if len(logits) else logits
    return np.asarray(powers / powers.sum() if len(logits) else powers, float)
