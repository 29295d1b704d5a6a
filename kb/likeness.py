"""Likeness: how much one text is about the same as others, by the words and pieces of words they share."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.features import WORD_SPACE, Features
from kb.postings import Postings

Ids = NDArray[np.int32]
Shares = NDArray[np.float32]

PIECES_SHARE = 0.8


class Likeness:
    """Some texts as vectors, each compared with a text that is given; never changes."""

    def __init__(self, postings: Postings, known: Ids, rarity: Shares) -> None:
        """Wrap what was counted.

        :param known: identifiers of everything the texts contain, in rising order, and how rare each is; last of
            ``rarity`` is how rare a thing is that none of them contains.
        """
        self._postings, self._known, self._rarity = postings, known, rarity

    @classmethod
    def of_texts(cls, texts: Sequence[Features]) -> "Likeness":
        """Count what the texts contain."""
        rows = [_counts(text) for text in texts]
        known, occurrences = np.unique(np.concatenate([ids for ids, _ in rows] or [np.empty(0, np.int32)]), return_counts=True)
        rarity = np.append(np.log((1 + len(rows)) / (1 + occurrences)) + 1, np.log(1 + len(rows)) + 1).astype(np.float32)
        empty = cls(Postings.of_rows([]), known.astype(np.int32), rarity)
        return cls(Postings.of_rows([empty._vector(ids, counts) for ids, counts in rows]), empty._known, rarity)

    def to(self, text: Features) -> Shares:
        """Tell how like each of the texts is to this one, from 0 to 1; a word that none of them has makes it less like all."""
        return self._postings.scores(*self._vector(*_counts(text)))

    def _vector(self, ids: Ids, counts: Shares) -> tuple[Ids, Shares]:
        at = np.searchsorted(self._known, ids)
        found = np.append(self._known, -1)[at] == ids
        weights = np.where(counts < 1, counts, 1 + np.log(counts)) * self._rarity[np.where(found, at, len(self._known))]
        pieces = ids >= WORD_SPACE
        shares = np.where(pieces, PIECES_SHARE / (np.linalg.norm(weights[pieces]) + 1e-9), 1 / (np.linalg.norm(weights[~pieces]) + 1e-9))
        weights = weights * shares
        return ids[found], (weights / (np.linalg.norm(weights) + 1e-9))[found].astype(np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Name the arrays for keeping."""
        return {**self._postings.arrays("texts"), "height": np.array(self._postings.height), "known": self._known, "rarity": self._rarity}

    @classmethod
    def load(cls, path: Path) -> "Likeness":
        """Read what was kept in a file, whatever else is in it."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(Postings.of_arrays("texts", arrays, int(arrays["height"])), arrays["known"], arrays["rarity"])


def _counts(text: Features) -> tuple[Ids, Shares]:
    return np.concatenate([text.words, text.pieces + WORD_SPACE]).astype(np.int32), np.concatenate([text.word_counts, text.piece_counts])
