"""Judgement: from the evidence of a slate to probabilities, and the gate; what is learned about the sources' worth."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.evidence import Evidence
from kb.slate import INDEX, LINEAR, NEAREST, SOURCES, Slate

Values = NDArray[np.float64]

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

_VOICES = [0, 1, INDEX, LINEAR, NEAREST]
"""Sources that agree or not on which article is the best."""

TOGETHER = 3
"""Candidates that are judged together: as many as are shown."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A slate and which of its articles are right; none, if the text has no answer."""

    slate: Slate
    right: NDArray[np.bool_]
    answerable: bool
    language: str
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
    evidence: Evidence = field(default_factory=Evidence.none, compare=False)
    """What became of the trials that it was learned from, each judged by a model that had not seen it."""

    def shares(self, slate: Slate) -> Values:
        """Divide belief among the candidates, as if one of them had to be right."""
        return _softmax(slate.values @ self.weights)

    def believe(self, slate: Slate, limit: int) -> tuple[float, list[tuple[int, float]]]:
        """Rank the candidates.

        :return: the probability that one of the best ``TOGETHER`` answers, and the best rows of the slate, each with the
            probability that it is the one.
        """
        if not len(slate.articles):
            return 0.0, []
        totals = slate.values @ self.weights
        shares = _softmax(totals)
        order = np.argsort(-shares, kind="stable")
        sure = self.sure(_signs(slate, totals, shares, order))
        order = order[: max(limit, TOGETHER)]
        told = sure * shares[order] / shares[order[:TOGETHER]].sum()
        return sure, [(int(row), float(score)) for row, score in zip(order[:limit], told, strict=False)]

    def sure(self, found: Values) -> float:
        """Tell how probable it is that one of the best ``TOGETHER`` answers a text with these signs."""
        return float(1 / (1 + np.exp(-np.clip((found - self.centre) / self.spread @ self.slopes + self.offset, -30, 30))))

    def facts(self) -> dict[str, Any]:
        """Say everything in plain numbers, for keeping."""
        arrays = {name: getattr(self, name).tolist() for name in ("weights", "centre", "spread", "slopes")}
        return {**arrays, "offset": self.offset, "gate": self.gate, "basis": self.basis, "evidence": self.evidence.facts()}

    @classmethod
    def of_facts(cls, facts: dict[str, Any]) -> "Judgement":
        """Take up what was kept."""
        arrays = {name: np.array(facts[name], float) for name in ("weights", "centre", "spread", "slopes")}
        return cls(**arrays, offset=float(facts["offset"]), gate=float(facts["gate"]), basis=str(facts["basis"]), evidence=Evidence.of_facts(facts["evidence"]))


def signs(slate: Slate, weights: Values) -> Values:
    """Collect what tells an answered text from one without an answer."""
    totals = slate.values @ weights
    shares = _softmax(totals)
    return _signs(slate, totals, shares, np.argsort(-shares, kind="stable"))


def _signs(slate: Slate, totals: Values, shares: Values, order: NDArray[np.intp]) -> Values:
    first = slate.values[order[0]]
    second = slate.values[order[1]] if len(order) > 1 else np.zeros_like(first)
    margin = shares[order[0]] - (shares[order[1]] if len(order) > 1 else 0.0)
    standing_out = totals[order[0]] - (totals[order[3:13]].mean() if len(order) > 3 else 0.0)
    voices = slate.values[:, _VOICES]
    heard = voices.any(axis=0)
    agreement = ((voices.argmax(axis=0) == order[0]) & heard).sum() / max(heard.sum(), 1)
    trusted = (shares[order[0]], shares[order[:3]].sum(), standing_out, slate.nobody)
    others = (margin, totals[order[0]], np.log1p(slate.information), first[0] * np.log1p(slate.information), agreement, second[LINEAR], second[NEAREST])
    return np.concatenate([first, trusted, others])


def _softmax(logits: Values) -> Values:
    powers = np.exp(logits - logits.max()) if len(logits) else logits
    return np.asarray(powers / powers.sum() if len(logits) else powers, float)
