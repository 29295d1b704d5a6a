"""Rooms: the published articles of one language, as vectors and as a term index, searched together."""

import logging
from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from kb.classifier import Memory
from kb.features import Features, features
from kb.index import TermIndex
from kb.segments import Segment, fits
from kb.slate import Slate, draw_up

log = logging.getLogger(__name__)

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
        self.gone = frozenset(gone)
        self.translations = np.concatenate([segment.translations for segment in segments.values()])
        self.articles = np.concatenate([segment.articles for segment in segments.values()])
        self.fingerprints = np.concatenate([segment.fingerprints for segment in segments.values()])
        self.articles[list(self.gone)] = GONE
        self.places = {int(translation): row for row, translation in enumerate(self.translations) if row not in self.gone}

    def slate(self, text: str, question: Features, memory: Memory | None, hidden: Collection[int] = (), *, added: str = "") -> Slate:
        """Lay out the evidence for the articles that may answer a text.

        :param added: the text as its synonyms have it.
        """
        index = {self.places[translation]: score for translation, score in self._typed(text, added).items() if translation in self.places}
        return draw_up(self.articles, fits(tuple(self.segments.values()), question), index, memory, hidden)

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

    def _typed(self, text: str, added: str) -> dict[int, float]:
        try:
            return self.index.fits(text, added) if self.index else {}
        except Exception as fault:  # noqa: BLE001 - the vectors alone still answer
            log.warning("the term index fails: %s", type(fault).__name__)
            return {}

    def _alike(self, text: str) -> dict[int, float]:
        found = fits(tuple(self.segments.values()), features(text, self.language, bounded=True))
        return {int(self.translations[row]): float(found.words[row] + found.title_words[row]) for row in np.flatnonzero(found.words > 0)}


def empty_slate(memory: Memory | None, hidden: Collection[int] = ()) -> Slate:
    """Lay out what past requests alone say, for a language that has no article."""
    nothing: NDArray[np.int64] = np.empty(0, np.int64)
    return draw_up(nothing, fits((), Features.none()), {}, memory, hidden)
