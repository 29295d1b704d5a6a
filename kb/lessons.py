"""Lessons: what trials teach about the worth of the sources, how sure to be, and where the gate stands."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kb.evidence import Evidence
from kb.judgement import SIGNS, TOGETHER, Judgement, Trial, Values, signs
from kb.slate import FIRST_WEIGHTS, SPREADS

FALSE_SHOWS = 0.10
"""Share of texts without an answer for which something may be shown."""
CAUTION = 0.5
"""Standard errors kept as a distance from that share."""
FEWEST_TRIALS = 20
ENOUGH_FOR_LANGUAGE, ENOUGH_NATIVE = 100, 60
MANY_TRIALS = 400
"""Trials of one language from which on it has a judgement of its own."""
USUAL_SLOPES = {
    "index": 0.03, "linear": 0.16, "linear odds": 0.27, "nearest": 0.08, "share": 0.11, "three": 0.40, "standing out": 0.33, "margin": 0.07, "total": 0.11,
    "nobody": -0.12, "information": 0.29, "distance": 0.30, "second linear": -0.13, "second nearest": 0.20,
}  # fmt: skip
"""What the signs, each measured in its own standard deviations, told on average in trials on five sets of articles in three languages."""
AGAINST, EITHER_WAY = {"nobody"}, {"information", "second linear", "second nearest"}
"""Signs that only count against an answer, and those that may do both; all others, which say how well it fits, never count against it."""
FIRMNESS = 30.0
"""How firmly the usual slopes are held against what one's own trials say; a few hundred trials move them."""
PRIOR_STRENGTH = 2.0


def learn(trials: Sequence[Trial], basis: str = "trials") -> dict[str, Judgement]:
    """Learn the worth of the sources and the gate from trials, none of which the engine had seen.

    :param basis: what the trials were made from.
    :return: one judgement for every language with enough trials, and under the empty name one for all others. They share one gate:
        a language's scores are shifted so that its own share of false shows is reached there.
    """
    whole = _Lesson.of(trials, basis)
    gate = whole.gate(0.0)
    found = {}
    for language in sorted({trial.language for trial in trials}):
        own = [trial for trial in trials if trial.language == language]
        answered = sum(trial.answerable for trial in own)
        if MANY_TRIALS <= len(own) < len(trials) and min(answered, len(own) - answered) >= ENOUGH_FOR_LANGUAGE:
            lesson = _Lesson.of(own, basis)
            shift = lesson.shift_to(gate)
            found[language] = replace(lesson.judgement, offset=lesson.judgement.offset + shift, gate=gate, evidence=lesson.evidence(shift))
    return {"": replace(whole.judgement, gate=gate, evidence=whole.evidence(0.0, without=found)), **found}


@dataclass(frozen=True)
class _Lesson:
    """A judgement without a gate, and how sure models that had not seen the trials were of each."""

    judgement: Judgement
    logits: Values
    silent: NDArray[np.bool_]
    groups: NDArray[np.int64]
    trials: Sequence[Trial] = ()

    @classmethod
    def of(cls, trials: Sequence[Trial], basis: str) -> "_Lesson":
        weights = learn_weights([trial for trial in trials if trial.right.any()] if basis == "trials" else [])
        kept = [trial for trial in trials if len(trial.slate.articles)]
        truth = np.array([_is_met(trial, weights) for trial in kept], dtype=bool)
        if truth.all() or not truth.any():  # No article or hardly one: nothing tells good from bad, so nothing is shown yet.
            flat = np.zeros(len(SIGNS))
            return cls(Judgement(weights, flat, flat + 1.0, flat, 0.0, 0.999, basis), flat[:0], truth[:0], np.empty(0, np.int64))
        rows = np.array([signs(trial.slate, weights) for trial in kept])
        centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
        scaled = (rows - centre) / spread
        slopes, offset = _fit(scaled, truth)
        judgement = Judgement(weights, centre, spread, np.where(spread > 1e-5, slopes, 0.0), offset, 0.999, basis)
        groups = np.array([trial.group for trial in kept])
        silent = ~np.array([trial.answerable for trial in kept])
        native = (groups < 0) & silent
        apart = np.where(native, -1 - np.arange(len(kept)), groups)
        return cls(judgement, _held_out(scaled, truth), native if native.sum() >= ENOUGH_NATIVE else silent, apart, trials)

    def evidence(self, shift: float, *, without: Container[str] = ()) -> Evidence:
        """Tell how sure one was of each trial, with the logits shifted.

        :param without: languages that are judged on their own.
        """
        sure = np.full(len(self.trials), -1.0)  # Of a text for which there is no candidate, nothing can be shown.
        sure[np.array([bool(len(trial.slate.articles)) for trial in self.trials], bool)] = 1 / (1 + np.exp(-np.clip(self.logits + shift, -30, 30)))
        right = np.array([_is_met(trial, self.judgement.weights) for trial in self.trials], bool)
        answerable, groups = np.array([trial.answerable for trial in self.trials], bool), np.array([trial.group for trial in self.trials], np.int64)
        kept = np.array([trial.language not in without for trial in self.trials], bool)
        if (native := ~answerable & (groups < 0)).sum() >= ENOUGH_NATIVE:  # The gate follows from real ones alone; so does what is said of it.
            kept &= answerable | native
        return Evidence(sure[kept], right[kept], answerable[kept], groups[kept])

    def gate(self, shift: float) -> float:
        """Read the gate off how sure one would be of texts without an answer, with the logits shifted."""
        if not len(self.logits):
            return 0.999
        sure = 1 / (1 + np.exp(-np.clip(self.logits + shift, -30, 30)))
        return gate_for(sure[self.silent], self.groups[self.silent])

    def shift_to(self, gate: float) -> float:
        """Find the shift that brings the gate to a given place, by halving."""
        low, high = -8.0, 8.0
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if self.gate(middle) < gate else (low, middle)
        return high


def _is_met(trial: Trial, weights: Values) -> bool:
    """Tell whether a right article would be among those shown."""
    return bool(trial.right[np.argsort(-(trial.slate.values @ weights), kind="stable")[:TOGETHER]].any())


def gate_for(scores: Values, groups: NDArray[np.int64]) -> float:
    """Set the gate so that the allowed share of texts without an answer passes it, give or take what chance may do.

    :param scores: how sure one would be of texts without an answer.
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
    from scipy.optimize import minimize  # Loading it takes longer than most commands.

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
        off = (weights - FIRST_WEIGHTS) / SPREADS
        value = -np.log(np.maximum(of_right, 1e-300)).sum() + PRIOR_STRENGTH * (off**2).sum()
        return float(value), stacked.T @ pull + 2 * PRIOR_STRENGTH * off / SPREADS

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
        slopes, offset = _fit(rows[train], truth[train])
        result[test] = rows[test] @ slopes + offset
    return result


def _fit(rows: Values, truth: NDArray[np.bool_]) -> tuple[Values, float]:
    """Fit a logistic regression that holds on to the usual slopes; both outcomes count alike, however many there are of each.

    :return: slopes and offset.
    """
    from scipy.optimize import minimize  # Loading it takes longer than most commands.

    usual = np.array([USUAL_SLOPES.get(name, 0.0) for name in SIGNS])
    bounds = [(None if name in AGAINST | EITHER_WAY else 0.0, 0.0 if name in AGAINST else None) for name in SIGNS]
    sides = np.where(truth, 1.0, -1.0)
    parts = np.where(truth, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))

    def loss(found: Values) -> tuple[float, Values]:
        off = found[:-1] - usual
        odds = sides * (rows @ found[:-1] + found[-1])
        pull = -parts * sides / (1 + np.exp(np.clip(odds, -30, 30)))
        value = (parts * np.logaddexp(0, -odds)).sum() + FIRMNESS * (off**2).sum()
        return float(value), np.append(rows.T @ pull + 2 * FIRMNESS * off, pull.sum())

    found = minimize(loss, np.append(usual, 0.0), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    return np.asarray(found[:-1], float), float(found[-1])
