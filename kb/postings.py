"""Postings: a sparse matrix kept by feature, so that a text costs only what its own features touch."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

Ids = NDArray[np.int32]
Weights = NDArray[np.float32]
Lengths = NDArray[np.int64]

BUDGET = 400_000
"""Postings touched for one text at most; the rarest features come first."""
COLUMNS = 64
"""Widths of the matrices that are multiplied are multiples of this."""
PARTS = ("features", "starts", "rows", "values", "occurrences")


@dataclass(frozen=True, slots=True)
class Spans:
    """Where the postings of some features begin, how many of them are kept, and in how many rows each feature occurs."""

    begins: Lengths
    counts: Lengths
    occurrences: Lengths


class Postings:
    """For each feature, the rows that have it and how strongly; never changes."""

    def __init__(self, features: Ids, starts: NDArray[np.int64], rows: Ids, values: Weights, height: int, occurrences: Ids | None = None) -> None:
        """Wrap arrays that belong together.

        :param features: identifiers in rising order.
        :param starts: where the postings of each feature begin, and at last where all end.
        :param height: number of rows.
        :param occurrences: in how many rows each feature occurs, where not all of its postings are kept.
        """
        self.features, self.starts, self.rows, self.values, self.height = features, starts, rows, values, height
        self.occurrences = np.diff(starts).astype(np.int32) if occurrences is None else occurrences
        self._blanks: dict[int, csc_matrix] = {}

    @classmethod
    def of_rows(cls, rows: Sequence[tuple[Ids, Weights]]) -> "Postings":
        """Turn rows of features and weights round."""
        ids = np.concatenate([ids for ids, _ in rows]) if rows else np.empty(0, np.int32)
        values = np.concatenate([values for _, values in rows]) if rows else np.empty(0, np.float32)
        numbers = np.repeat(np.arange(len(rows), dtype=np.int32), [len(ids) for ids, _ in rows])
        order = np.argsort(ids, kind="stable")
        features, first = np.unique(ids[order], return_index=True)
        starts = np.append(first, len(ids)).astype(np.int64)
        return cls(features.astype(np.int32), starts, numbers[order], values[order].astype(np.float32), len(rows))

    def lengths(self, wanted: Ids) -> Lengths:
        """Tell in how many rows each wanted feature occurs."""
        return self.spans(wanted).occurrences

    def without_frequent(self, most: int) -> "Postings":
        """Let go of the postings of features that more rows have; what is known of their number stays."""
        counts = np.diff(self.starts)
        kept = counts <= most
        which = np.repeat(kept, counts)
        starts = np.concatenate([[0], np.cumsum(np.where(kept, counts, 0))]).astype(np.int64)
        return Postings(self.features, starts, self.rows[which], self.values[which], self.height, self.occurrences)

    def spans(self, wanted: Ids) -> Spans:
        """Find where the postings of each wanted feature stand."""
        if not len(self.features):
            nothing = np.zeros(len(wanted), np.int64)
            return Spans(nothing, nothing, nothing)
        at = np.minimum(np.searchsorted(self.features, wanted), len(self.features) - 1)
        begins = self.starts[at]
        known = self.features[at] == wanted
        return Spans(begins, np.where(known, self.starts[at + 1] - begins, 0), np.where(known, self.occurrences[at], 0))

    def scores(self, wanted: Ids, weights: Weights, budget: int = BUDGET) -> Weights:
        """Add up, for every row, the weight of each wanted feature times its value there."""
        return self.sums(self.spans(wanted), (weights,), budget)[0]

    def shares(self, wanted: Ids, weights: Weights, rows: Sequence[int], budget: int = BUDGET) -> NDArray[np.float64]:
        """Tell what each wanted feature adds to the scores of some rows.

        :return: a line for each feature and a column for each of ``rows``; the columns add up to their ``scores``.
        """
        found = np.zeros((len(wanted), len(rows)))
        spans = self.spans(wanted)
        for place in _affordable(spans, budget):
            part = slice(int(spans.begins[place]), int(spans.begins[place] + spans.counts[place]))
            owners, values = self.rows[part], self.values[part] * weights[place]
            for column, row in enumerate(rows):
                found[place, column] = values[owners == row].sum()
        return found

    def sums(self, spans: Spans, weighings: Sequence[Weights], budget: int = BUDGET) -> list[Weights]:
        """Add up, for every row, the weight of each feature times its value there, once for each way to weigh them."""
        order = _affordable(spans, budget)
        if not len(order):
            return [np.zeros(self.height, np.float32) for _ in weighings]
        order = order[np.argsort(-spans.begins[order])]
        # A matrix over the wanted columns alone, without copying one posting: a column that ends before it begins is empty,
        # so between each two that are wanted stands one that runs backwards.
        many = 2 * len(order)
        matrix = self._blank(many)
        matrix.data, matrix.indices = self.values, self.rows
        edges = np.zeros(matrix.shape[1] + 1, np.int64)
        edges[0:many:2] = spans.begins[order]
        edges[1:many:2] = edges[0:many:2] + spans.counts[order]
        edges[many:] = edges[many - 1]
        matrix.indptr = edges.astype(self.rows.dtype)
        found = []
        for weights in weighings:
            column = np.zeros(matrix.shape[1], np.float32)
            column[:many:2] = weights[order]
            found.append(matrix @ column)
        return found

    def _blank(self, many: int) -> csc_matrix:
        """Give an empty matrix of at least so many columns: making one takes longer than multiplying it, copying one does not."""
        width = -(-many // COLUMNS) * COLUMNS
        if (blank := self._blanks.get(width)) is None:
            blank = self._blanks[width] = csc_matrix((self.height, width), dtype=np.float32)
        return copy(blank)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Name the arrays for keeping."""
        return {f"{name}.{part}": getattr(self, part) for part in PARTS}

    @classmethod
    def of_arrays(cls, name: str, arrays: Mapping[str, NDArray[np.generic]], height: int) -> "Postings":
        """Wrap arrays that were kept.

        :raises ValueError: if they do not fit together, as after a damage.
        """
        features, starts, rows, values, occurrences = (arrays[f"{name}.{part}"] for part in PARTS)
        fit = len(starts) == len(features) + 1 == len(occurrences) + 1 and len(rows) == len(values) and int(starts[0]) == 0 and int(starts[-1]) == len(rows)
        # What adds them up looks at no border: a row beyond the last one would be written to somebody else's memory.
        if not fit or np.any(np.diff(starts) < 0) or (len(rows) and not 0 <= int(rows.min()) <= int(rows.max()) < height):
            raise ValueError(f"the postings {name} are damaged")
        return cls(features, starts, rows, values, height, occurrences)  # type: ignore[arg-type]


def _affordable(spans: Spans, budget: int) -> NDArray[np.int64]:
    """Choose the known features that the budget allows, the rarest first."""
    if int(spans.counts.sum()) <= budget:
        return np.flatnonzero(spans.counts)
    order = np.argsort(spans.counts, kind="stable")
    order = order[spans.counts[order] > 0]
    return order[np.cumsum(spans.counts[order]) <= budget]
