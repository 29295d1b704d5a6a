"""A slate: the few articles that may answer a text, and what each source says of each of them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.classifier import Memory
from kb.segments import Fits

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]

LENGTH = 24
"""Articles looked at closely."""

SOURCES = ("words", "pieces", "like words", "like pieces", "title words", "title pieces", "index", "linear", "linear odds", "nearest", "votes", "distance")
INDEX, LINEAR, NEAREST, DISTANCE = (SOURCES.index(name) for name in ("index", "linear", "nearest", "distance"))
FIRST_WEIGHTS = np.array([5.0, 4.0, 3.0, 3.0, 2.0, 2.0, 1.0, 4.0, 4.0, 5.0, 3.0, 0.0])
"""How much each source counts before anything is known of its worth here."""
SPREADS = np.array([5.0, 4.0, 3.0, 3.0, 2.0, 2.0, 1.0, 4.0, 20.0, 5.0, 3.0, 4.0])
"""How far off that may be; nobody knows beforehand how good a model of the requests will be."""

_LEAST_SHARE = 1e-5


@dataclass(frozen=True, slots=True)
class Slate:
    """Candidates in no order: ``places`` in the room (-1: not in this language), articles, and a column per source."""

    places: Numbers
    articles: Numbers
    values: Values
    information: float
    nobody: float
    """Likeness to the nearest past request that no article answered."""


class Indexed(NamedTuple):
    """Rows of a room with their scores by the term index; each row once."""

    rows: Numbers
    scores: Values


UNINDEXED = Indexed(np.empty(0, np.int64), np.empty(0))


def draw_up(room_articles: Numbers, fits: Fits, index: Indexed, memory: Memory | None, hidden: Collection[int] = ()) -> Slate:
    """Choose the candidates for a text and lay out the evidence.

    :param room_articles: the article of each row of the room.
    :param index: what the term index says.
    :param hidden: articles that are to be left out, as when trying what would happen without them.
    """
    height = len(room_articles)
    top = float(index.scores.max(initial=0.0))
    # The best score of the term index has no scale of its own: it is measured against what the text could reach.
    scale = max(3.0 * fits.information, top, 1e-9)
    columns = np.zeros((height, len(SOURCES)))
    if height:
        for column, values in enumerate(_told(fits)):
            columns[:, column] = values
        columns[index.rows, INDEX] = index.scores / scale
    places, articles = np.arange(height), room_articles
    nobody = 0.0
    if memory is not None and len(memory.articles):
        places, articles, columns = _remember(places, articles, columns, memory)
        nobody = float(memory.nearest[memory.articles < 0].max(initial=0.0))
    seen = articles >= 0
    if hidden:
        seen &= ~np.isin(articles, list(hidden))
    if not seen.all():
        places, articles, columns = places[seen], articles[seen], columns[seen]
    few = min(LENGTH, len(articles))
    best = np.argpartition(-(columns @ FIRST_WEIGHTS), few - 1)[:few] if few else np.empty(0, np.int64)
    return Slate(places[best], articles[best], columns[best], fits.information, nobody)


def first_totals(fits: Fits) -> NDArray[np.float32]:
    """Add up what the articles say of themselves, with the first weights: enough to see which are worth laying out."""
    totals = np.zeros(len(fits.words), np.float32)
    for weight, values in zip(FIRST_WEIGHTS, _told(fits), strict=False):
        totals += np.float32(weight) * values
    return totals


def _told(fits: Fits) -> tuple[NDArray[np.float32], ...]:
    return fits.words, fits.pieces, fits.like_words, fits.like_pieces, fits.title_words, fits.title_pieces


def _remember(places: Numbers, articles: Numbers, columns: Values, memory: Memory) -> tuple[Numbers, Numbers, Values]:
    """Add what past requests say; articles that only they know join as rows outside the room."""
    known = np.isin(memory.articles, articles)
    others = np.flatnonzero(~known & (memory.articles >= 0) & (memory.nearest > 0))
    articles = np.concatenate([articles, memory.articles[others]])
    places = np.concatenate([places, np.full(len(others), -1)])
    columns = np.vstack([columns, np.zeros((len(others), columns.shape[1]))])
    at = np.minimum(np.searchsorted(memory.articles, articles), len(memory.articles) - 1)
    told = memory.articles[at] == articles
    at = at[told]
    linear = memory.linear[at].astype(np.float64)
    columns[told, LINEAR] = linear
    columns[told, LINEAR + 1] = np.log(np.maximum(linear, _LEAST_SHARE) / _LEAST_SHARE) / -np.log(_LEAST_SHARE)
    columns[told, NEAREST], columns[told, NEAREST + 1] = memory.nearest[at], memory.votes[at]
    columns[told, DISTANCE] = memory.distance[at]
    return places, articles, columns
