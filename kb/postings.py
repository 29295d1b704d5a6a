"""Postings: a sparse matrix kept by feature, so that a text costs only what its own features touch."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Weights = NDArray[np.float32]

BUDGET = 400_000
"""Postings touched for one text at most; the rarest features come first."""


class Postings:
    """For each feature, the rows that have it and how strongly; never changes."""

    def __init__(self, features: Ids, starts: NDArray[np.int64], rows: Ids, values: Weights, height: int) -> None:
        """Wrap arrays that belong together.

        :param features: identifiers in rising order.
        :param starts: where the postings of each feature begin, and at last where all end.
        :param height: number of rows.
        """
        self.features, self.starts, self.rows, self.values, self.height = features, starts, rows, values, height

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

    def lengths(self, wanted: Ids) -> NDArray[np.int64]:
        """Tell in how many rows each wanted feature occurs."""
        return self._spans(wanted)[1]

    def scores(self, wanted: Ids, weights: Weights, budget: int = BUDGET) -> Weights:
        """Add up, for every row, the weight of each wanted feature times its value there."""
        order, where, counts = self._touched(wanted, budget)
        if not len(order):
            return np.zeros(self.height, np.float32)
        return np.bincount(self.rows[where], self.values[where] * np.repeat(weights[order], counts), self.height).astype(np.float32)

    def shares(self, wanted: Ids, weights: Weights, rows: Sequence[int], budget: int = BUDGET) -> NDArray[np.float64]:
        """Tell what each wanted feature adds to the scores of some rows.

        :return: a line for each feature and a column for each of ``rows``; the columns add up to their ``scores``.
        """
        found = np.zeros((len(wanted), len(rows)))
        order, where, counts = self._touched(wanted, budget)
        line = np.repeat(order, counts)
        for column, row in enumerate(rows):
            mine = self.rows[where] == row
            found[line[mine], column] = self.values[where[mine]] * weights[line[mine]]
        return found

    def _touched(self, wanted: Ids, budget: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Choose the wanted features that the budget allows: their places, the places of all their postings, and how many each has."""
        begins, counts = self._spans(wanted)
        order = np.argsort(counts, kind="stable")
        order = order[counts[order] > 0]
        order = order[np.cumsum(counts[order]) <= budget]
        begins, counts = begins[order], counts[order]
        # The positions of all postings of all features in one array, without a loop in Python.
        ends = np.cumsum(counts)
        where = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins - (ends - counts), counts)
        return order, where, counts

    def _spans(self, wanted: Ids) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if not len(self.features):
            return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.int64)
        at = np.minimum(np.searchsorted(self.features, wanted), len(self.features) - 1)
        known = self.features[at] == wanted
        begins = self.starts[at]
        return begins, np.where(known, self.starts[at + 1] - begins, 0)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Name the arrays for keeping."""
        return {f"{name}.features": self.features, f"{name}.starts": self.starts, f"{name}.rows": self.rows, f"{name}.values": self.values}

    @classmethod
    def of_arrays(cls, name: str, arrays: Mapping[str, NDArray[np.generic]], height: int) -> "Postings":
        """Wrap arrays that were kept.

        :raises ValueError: if they do not fit together, as after a damage.
        """
        features, starts, rows, values = (arrays[f"{name}.{part}"] for part in ("features", "starts", "rows", "values"))
        if len(starts) != len(features) + 1 or len(rows) != len(values) or int(starts[-1]) != len(rows):
            raise ValueError(f"the postings {name} are damaged")
        return cls(features, starts, rows, values, height)  # type: ignore[arg-type]
