"""Grouping: texts about the same thing brought together, so that a group stays itself while it grows.

A text is a vector of the words and pieces of words that the engine sees in it, the rare ones heaviest. A group is the mean
of its texts, so that the product of a text with it is how like the text is to them on average: what average linkage
looks at. New texts join the group that they are like enough; what is left is gathered anew together with the groups, by
agglomerative clustering, and every group that comes of it goes on as the largest of those it was made of.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kb.features import WORD_SPACE, Features

LEAST = 0.16
"""How like a text must be to those of a group on average, from 0 to 1."""
APART = 0.12
"""How like two parts of a group are at most that had better be two groups."""
FEWEST = 2
"""Texts that make a group."""
PIECES_SHARE = 0.8
WIDEST = 400
"""Features of a centre that are kept: the tail of a large group says nothing."""
MOST_GATHERED = 2400
"""Texts and groups that are gathered at once: their likenesses to each other are a square in memory."""

Ids = NDArray[np.int32]
Values = NDArray[np.float32]
Likenesses = NDArray[np.float64]


class Vector(NamedTuple):
    """What a text or a group contains: identifiers in rising order and how much each counts."""

    ids: Ids
    values: Values


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How rare a thing is among the texts of a language. What a single text has is not kept, and is the rarest."""

    texts: int
    ids: Ids
    rarity: Values

    @classmethod
    def of_texts(cls, texts: Iterable[Features]) -> "Vocabulary":
        """Count what texts have in common."""
        rows = [_counts(text).ids for text in texts]
        ids, occurrences = np.unique(np.concatenate(rows or [np.empty(0, np.int32)]), return_counts=True)
        shared = occurrences > 1
        return cls(len(rows), ids[shared].astype(np.int32), _rarity(occurrences[shared], len(rows)))

    def vector(self, text: Features) -> Vector:
        """Weigh what a text contains; its length is 1, unless the text is empty."""
        ids, counts = _counts(text)
        at = np.searchsorted(self.ids, ids)
        known = np.append(self.ids, -1)[at] == ids
        weights = (1 + np.log(counts)) * np.where(known, np.append(self.rarity, 0)[at], _rarity(np.ones(1, np.int64), self.texts))
        pieces = ids >= WORD_SPACE
        weights = weights * np.where(pieces, PIECES_SHARE / (np.linalg.norm(weights[pieces]) + 1e-9), 1 / (np.linalg.norm(weights[~pieces]) + 1e-9))
        return Vector(ids, (weights / (np.linalg.norm(weights) + 1e-9)).astype(np.float32))


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it stands: its number, how many texts its centre is the mean of, and whether somebody has decided on it.

    A decided group takes in new texts, but is neither put together with another nor taken apart.
    """

    number: int
    count: int
    centre: Vector
    decided: bool = False


class Joining(NamedTuple):
    """The group that a text joins, and how like it is to those in it."""

    number: int
    likeness: float


@dataclass(slots=True)
class Sorting:
    """Where texts belong, by their places in what was sorted.

    ``begun`` are the texts of each new group, ``merged`` leads from the number of a group that is no more to that which goes on.
    """

    joined: dict[int, Joining] = field(default_factory=dict)
    begun: list[list[int]] = field(default_factory=list)
    merged: dict[int, int] = field(default_factory=dict)


def join(texts: Sequence[Vector], groups: Sequence[Group]) -> dict[int, Joining]:
    """Find the group that each text belongs to; texts that are like none are left out."""
    if not texts or not groups:
        return {}
    likeness = likenesses(texts, [group.centre for group in groups])
    best = likeness.argmax(axis=1)
    near = likeness[np.arange(len(texts)), best]
    return {place: Joining(groups[best[place]].number, float(near[place])) for place in np.flatnonzero(near >= LEAST).tolist()}


def gather(texts: Sequence[Vector], groups: Sequence[Group]) -> Sorting:
    """Gather texts that belong to no group with each other and with the open groups.

    :param texts: with ``groups`` together at most ``MOST_GATHERED``.
    """
    found, standing = Sorting(), [group for group in groups if not group.decided]
    centres = [*texts, *(group.centre for group in standing)]
    for members in _clusters(centres, LEAST):
        loose = [place for place in members if place < len(texts)]
        joined = sorted((standing[place - len(texts)] for place in members if place >= len(texts)), key=lambda group: (-group.count, group.number))
        if joined:
            goes_on = joined[0].number
            found.merged |= {group.number: goes_on for group in joined[1:]}
            centre = mean([texts[place] for place in loose], joined)
            found.joined |= {place: Joining(goes_on, dot(texts[place], centre)) for place in loose}
        elif len(loose) >= FEWEST:
            found.begun.append(loose)
    return found


def divide(texts: Sequence[Vector]) -> list[list[int]]:
    """Take a group apart whose texts are about several things; the largest part comes first, nothing means that it is one.

    Small pieces go with the part that they are most like.
    """
    clusters = sorted(_clusters(texts, APART), key=lambda members: (-len(members), members[0]))
    parts = [members for members in clusters if len(members) >= max(FEWEST + 1, 0.15 * len(texts))]
    if len(parts) < 2:
        return []
    groups = [Group(number, len(members), mean([texts[place] for place in members])) for number, members in enumerate(parts)]
    placed = {place: number for number, members in enumerate(parts) for place in members}
    left = [place for place in range(len(texts)) if place not in placed]
    if left:
        nearest = likenesses([texts[place] for place in left], [group.centre for group in groups]).argmax(axis=1)
        placed |= dict(zip(left, nearest.tolist(), strict=True))
    return [[place for place in range(len(texts)) if placed[place] == number] for number in range(len(parts))]


def mean(texts: Sequence[Vector], groups: Sequence[Group] = ()) -> Vector:
    """Give the mean of some texts and of the texts of some groups."""
    parts = [(1.0, text) for text in texts] + [(float(group.count), group.centre) for group in groups]
    total = sum(weight for weight, _ in parts)
    ids, at = np.unique(np.concatenate([part.ids for _, part in parts]), return_inverse=True)
    values = np.bincount(at, np.concatenate([part.values * (weight / total) for weight, part in parts]), len(ids))
    if len(ids) > WIDEST:
        kept = np.sort(np.argpartition(-values, WIDEST - 1)[:WIDEST])
        ids, values = ids[kept], values[kept]
    return Vector(ids.astype(np.int32), values.astype(np.float32))


def dot(one: Vector, other: Vector) -> float:
    """Tell how like a text is to those of a group on average, or to another text."""
    if not len(other.ids):
        return 0.0
    at = np.minimum(np.searchsorted(other.ids, one.ids), len(other.ids) - 1)
    return float(one.values @ np.where(other.ids[at] == one.ids, other.values[at], 0))


def likenesses(ones: Sequence[Vector], others: Sequence[Vector]) -> Likenesses:
    """Compare each with each: a row for each of ``ones``."""
    known, at = np.unique(np.concatenate([each.ids for each in (*ones, *others)]), return_inverse=True)
    border = sum(len(each.ids) for each in ones)
    rows, columns = _matrix(ones, at[:border], len(known)), _matrix(others, at[border:], len(known))
    return np.asarray((rows @ columns.T).toarray())


def follow(number: int, merged: Mapping[int, int]) -> int:
    """Find the number under which a group goes on."""
    while number in merged:
        number = merged[number]
    return number


def _clusters(vectors: Sequence[Vector], least: float) -> list[list[int]]:
    """Put together what is like enough on average; in rising order, each by its first member."""
    from sklearn.cluster import AgglomerativeClustering  # Loading it takes longer than most commands.

    if len(vectors) < 2:
        return [[place] for place in range(len(vectors))]
    distances = np.clip(1 - likenesses(vectors, vectors), 0, None)
    found = AgglomerativeClustering(n_clusters=None, distance_threshold=1 - least, metric="precomputed", linkage="average").fit_predict(distances)
    clusters: dict[int, list[int]] = {}
    for place, label in enumerate(found.tolist()):
        clusters.setdefault(label, []).append(place)
    return list(clusters.values())


def _matrix(vectors: Sequence[Vector], columns: NDArray[np.int64], width: int) -> csr_matrix:
    starts = np.cumsum([0, *(len(vector.ids) for vector in vectors)])
    return csr_matrix((np.concatenate([vector.values for vector in vectors]).astype(np.float64), columns, starts), shape=(len(vectors), width))


def _rarity(occurrences: NDArray[np.int64], texts: int) -> Values:
    return np.asarray(np.log((1 + texts) / (1 + occurrences)).clip(0) + 1, np.float32)


def _counts(text: Features) -> Vector:
    return Vector(
        np.concatenate([text.words, text.pieces + WORD_SPACE]).astype(np.int32),
        np.concatenate([text.word_counts, text.piece_counts]),
    )
