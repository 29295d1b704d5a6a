"""Rooms: the published articles of one language, as vectors and as a term index, searched together."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kb.classifier import Memory
from kb.features import Features, features
from kb.index import TermIndex
from kb.segments import Fits, Segment, fits
from kb.slate import UNINDEXED, Indexed, Slate, draw_up, first_totals
from kb.thesaurus import thesaurus_of

log = logging.getLogger(__name__)

SMALL = 2000
"""Rows that are all laid out."""
SHORT = 200
"""Rows beyond that number that are laid out for what they say of themselves, and as many for what past requests say of them."""
GONE = -2
"""Stands for the article of a row that is no longer published, or stands in a later segment anew."""


class Room:
    """One language's articles; never changes, so any number of threads may ask."""

    def __init__(self, language: str, segments: Mapping[str, Segment], gone: Collection[int] = (), index: TermIndex | None = None) -> None:
        """Put segments together.

        :param segments: by name, in the order they were made.
        :param gone: rows, counted over all segments, that do not count any more.
        """
        self.language, self.segments, self.index = language, dict(segments), index
        thesaurus_of(language)  # Read now, so that nobody who types waits for it.
        self.gone = frozenset(gone)
        self.translations = np.concatenate([segment.translations for segment in segments.values()])
        self.articles = np.concatenate([segment.articles for segment in segments.values()])
        self.fingerprints = np.concatenate([segment.fingerprints for segment in segments.values()])
        self.articles[list(self.gone)] = GONE
        self._nobody = np.flatnonzero(self.articles == GONE)
        self._order = np.argsort(self.articles, kind="stable")
        self._sorted = self.articles[self._order]
        self.places = {int(translation): row for row, translation in enumerate(self.translations) if row not in self.gone}
        rows = np.flatnonzero(self.articles != GONE)
        self._present_rows = rows[np.argsort(self.translations[rows], kind="stable")]
        self._present = self.translations[self._present_rows]

    def slate(
        self, text: str, question: Features, memory: Memory | None, hidden: Collection[int] = (), *, added: str = "", said: Collection[str] | None = None
    ) -> Slate:
        """Lay out the evidence for the articles that may answer a text.

        :param added: the text as its synonyms have it.
        :param said: the terms of the text that say something, if they are known already.
        """
        index = self._typed(text, added, said)
        found = fits(tuple(self.segments.values()), question)
        if len(self.articles) <= SMALL:
            return draw_up(self.articles, found, index, memory, hidden)
        rows = self._shortlist(found, index, memory, hidden)
        slate = draw_up(self.articles[rows], found.at(rows), Indexed(np.searchsorted(rows, index.rows), index.scores), memory, hidden)
        return replace(slate, places=np.where(slate.places < 0, -1, rows[slate.places]))

    def _shortlist(self, found: Fits, index: Indexed, memory: Memory | None, hidden: Collection[int]) -> NDArray[np.int64]:
        """Choose the rows that are worth laying out: laying out all of a hundred thousand takes longer than finding these."""
        totals = first_totals(found)
        totals[self._nobody] = -1.0
        totals[self._rows_of(np.fromiter(hidden, np.int64, len(hidden)))] = -1.0
        best = np.argpartition(-totals, SHORT)[:SHORT]
        known: NDArray[np.int64] = np.empty(0, np.int64)
        if memory is not None and len(memory.articles):
            told = memory.linear + memory.nearest + memory.votes
            known = self._rows_of(memory.articles[np.argsort(-told, kind="stable")[:SHORT]])
        return np.unique(np.concatenate([best, known, index.rows]))

    def _rows_of(self, articles: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find the rows of articles."""
        begins, ends = (np.searchsorted(self._sorted, articles, side) for side in ("left", "right"))
        return np.concatenate([self._order[:0], *(self._order[begin:end] for begin, end in zip(begins, ends, strict=True) if begin < end)])

    def shares(self, text: str, added: str = "") -> dict[str, dict[int, float]]:
        """Tell what each term that the term index was asked for adds to the score of each translation."""
        try:
            return self.index.shares(text, added) if self.index else {}
        except Exception as fault:  # noqa: BLE001 - then it has given no scores either
            log.warning("the term index fails: %s", type(fault).__name__)
            return {}

    def find(self, text: str, added: str = "") -> dict[int, float]:
        """Score translations at full strength, for the search page; by their vectors alone if the term index fails."""
        try:
            found = self.index.ranked(text, added) if self.index else self._alike(text)
        except Exception as fault:  # noqa: BLE001 - whatever Whoosh meets, the reader gets an answer
            log.warning("the term index fails: %s", type(fault).__name__)
            found = self._alike(text)
        return {translation: score for translation, score in found.items() if translation in self.places}

    def _typed(self, text: str, added: str, said: Collection[str] | None) -> Indexed:
        if self.index is None or not len(self._present):
            return UNINDEXED
        try:
            found = self.index.fits(text, added, said)
        except Exception as fault:  # noqa: BLE001 - the vectors alone still answer
            log.warning("the term index fails: %s", type(fault).__name__)
            return UNINDEXED
        at = np.minimum(np.searchsorted(self._present, found.entries), len(self._present) - 1)
        known = self._present[at] == found.entries
        return Indexed(self._present_rows[at[known]], found.scores[known])

    def _alike(self, text: str) -> dict[int, float]:
        found = fits(tuple(self.segments.values()), features(text, self.language, bounded=True))
        return {int(self.translations[row]): float(found.words[row] + found.title_words[row]) for row in np.flatnonzero(found.words > 0)}


def empty_slate(memory: Memory | None, hidden: Collection[int] = ()) -> Slate:
    """Lay out what past requests alone say, for a language that has no article."""
    nothing: NDArray[np.int64] = np.empty(0, np.int64)
    return draw_up(nothing, fits((), Features.none()), UNINDEXED, memory, hidden)
