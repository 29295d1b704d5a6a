"""Objections: what people said does not answer a text, and how far that lowers an article for texts like it.

An objection is bounded three ways. What only one network says of texts like this one counts nothing. What others say
who were helped by the article with a like text counts against it. And however many object, an article keeps at least
half of its share of belief: it falls behind one that is about as good, and stays before one that is much worse.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.features import Features, features
from kb.holdings import Remark
from kb.likeness import Likeness, Shares
from kb.padding import gist

DEEPEST = 0.5
"""Part of its share of belief that an article loses at most."""
LEAST = 0.25
"""Likeness below which an objection is about something else."""
OURS = -1

Numbers = NDArray[np.int64]


class Objections:
    """All remarks about articles that anybody objected to; never changes."""

    def __init__(self, likeness: Likeness, articles: Numbers, networks: Numbers, fits: NDArray[np.bool_]) -> None:
        """Wrap what was counted: of each remark its article, its network as a number (`OURS` for none) and what it says."""
        self._likeness, self._articles, self._networks, self._fits = likeness, articles, networks, fits
        self.articles = frozenset(articles.tolist())

    @classmethod
    def of_remarks(cls, remarks: Sequence[Remark]) -> "Objections | None":
        """Count remarks; nothing if nobody objects to anything."""
        doubtful = {remark.article_id for remark in remarks if not remark.fits}
        kept = [remark for remark in remarks if remark.article_id in doubtful]
        if not kept:
            return None
        numbers = {network: number for number, network in enumerate(sorted({remark.network for remark in kept if remark.network}))}
        return cls(
            Likeness.of_texts([features(gist(remark.text, remark.language), remark.language, bounded=True) for remark in kept]),
            np.array([remark.article_id for remark in kept], np.int64),
            np.array([numbers[remark.network] if remark.network else OURS for remark in kept], np.int64),
            np.array([remark.fits for remark in kept], bool),
        )

    def keeps(self, question: Features) -> dict[int, float]:
        """Tell which articles are objected to for a text like this, and which part of its belief each keeps."""
        likeness = self._likeness.to(question)
        near = likeness >= LEAST
        found = {}
        for article in np.unique(self._articles[near & ~self._fits]).tolist():
            here = near & (self._articles == article)
            against, helped = self._weight(likeness, here & ~self._fits), self._weight(likeness, here & self._fits)
            if against > 0:
                found[article] = 1 - DEEPEST * against / (against + helped + 1)
        return found

    def _weight(self, likeness: Shares, here: NDArray[np.bool_]) -> float:
        """Add up how like the remarks are, one of each network, without the one network that says it most; ours need nobody else."""
        networks, at = self._networks[here], likeness[here] ** 2
        best = np.zeros(networks.max(initial=OURS) + 2)
        np.maximum.at(best, networks + 1, at)
        return float(best[0] + best[1:].sum() - best[1:].max(initial=0.0))

    def save(self, path: Path) -> None:
        """Write everything into one file."""
        with path.open("wb") as file:
            np.savez(file, **self._likeness.arrays(), articles=self._articles, networks=self._networks, fits=self._fits)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> "Objections":
        """Read what was written."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(Likeness.load(path), arrays["articles"], arrays["networks"], arrays["fits"])
