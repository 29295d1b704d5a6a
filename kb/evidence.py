"""Evidence: labelled texts and how sure a model that had not seen them was, from which a gate's merits are read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.intervals import Interval, wilson

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]
Truths = NDArray[np.bool_]

MOST_STEPS = 80
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many texts, and between which bounds the share behind it lies."""

    hits: int
    total: int
    interval: Interval

    @property
    def share(self) -> float | None:
        """Give the share; nothing where there are no texts."""
        return self.hits / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Merits:
    """What a gate does to labelled texts.

    Of those that an article answers, ``answered`` are shown a right one and ``astray`` only wrong ones; of those that none
    answers, ``false_shows`` are shown something. All others are shown nothing.
    """

    gate: float
    answered: Count
    astray: Count
    false_shows: Count


@dataclass(frozen=True, slots=True)
class Evidence:
    """For each text: how sure one was (-1 where there was nothing to show), and what it would have come to.

    ``right`` tells whether a right article would be among those shown, if any are; ``groups`` which texts are about one
    thing and so are right or wrong together (below 0: about none).
    """

    sure: Values
    right: Truths
    answerable: Truths
    groups: Numbers

    @classmethod
    def none(cls) -> "Evidence":
        """Give the evidence of no text."""
        return cls(np.empty(0), np.empty(0, bool), np.empty(0, bool), np.empty(0, np.int64))

    @classmethod
    def together(cls, several: Iterable["Evidence"]) -> "Evidence":
        """Put evidence together."""
        parts = [cls.none(), *several]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("sure", "right", "answerable", "groups")))

    def at(self, gate: float) -> Merits:
        """Tell what a gate does to these texts."""
        shown, silent = self.sure >= gate, ~self.answerable
        return Merits(
            gate,
            _count((shown & self.right)[self.answerable], self.groups[self.answerable]),
            _count((shown & ~self.right)[self.answerable], self.groups[self.answerable]),
            _count(shown[silent], self.groups[silent]),
        )

    def steps(self, most: int = MOST_STEPS) -> list[float]:
        """Find gates between which nothing, or little, changes: from 0 to 1, closest together where the curve moves most."""
        between = self._between()
        if len(between) > most - 2:
            good, bad = np.sort(self.sure[self.answerable & self.right]), np.sort(self.sure[~self.answerable])
            way = -np.searchsorted(good, between) / max(len(good), 1) - np.searchsorted(bad, between) / max(len(bad), 1)
            wanted = np.linspace(way[0], way[-1], most - 2)
            between = between[np.unique(np.minimum(np.searchsorted(-way, -wanted), len(way) - 1))]
        return [0.0, *between.tolist(), 1.0]

    def gate_at(self, share: float) -> float:
        """Find the lowest gate at which no more than a share of the texts without an answer is shown something."""
        silent = np.sort(self.sure[~self.answerable])[::-1]
        allowed = int(share * len(silent) + 1e-9)
        if allowed >= len(silent) or silent[allowed] < 0:
            return 0.0
        return next((gate for gate in self._between().tolist() if gate > silent[allowed]), 1.0)

    def _between(self) -> Values:
        """Give the gates halfway between neighbouring levels of sureness."""
        levels = np.unique(self.sure[self.sure >= 0])
        between = np.unique(np.round((levels[1:] + levels[:-1]) / 2, DIGITS))
        return between[(between > 0) & (between < 1)]

    def facts(self) -> dict[str, Any]:
        """Say everything in plain numbers, for keeping."""
        told = self.right.astype(int) + 2 * self.answerable.astype(int)
        return {"sure": np.round(self.sure, DIGITS + 2).tolist(), "told": told.tolist(), "groups": self.groups.tolist()}

    @classmethod
    def of_facts(cls, facts: dict[str, Any]) -> "Evidence":
        """Take up what was kept."""
        told = np.array(facts["told"], np.int64)
        return cls(np.array(facts["sure"], float), told % 2 == 1, told >= 2, np.array(facts["groups"], np.int64))


def _count(hits: Truths, groups: Numbers) -> Count:
    """Count, with an interval for as many texts as these are worth: those about one thing tell less than as many about several."""
    total, number = len(hits), int(hits.sum())
    if not 0 < number < total:
        return Count(number, total, wilson(number, total))
    share = number / total
    _, members = np.unique(np.where(groups < 0, -1 - np.arange(total), groups), return_inverse=True)
    excess = np.bincount(members, hits - share)
    worth = total / max(float((excess**2).sum()) / (total * share * (1 - share)), 1.0)
    return Count(number, total, wilson(share * worth, worth))
