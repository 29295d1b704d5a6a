"""The engine: everything that was learned from one generation, and how it ranks articles for a text."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from kb.features import features
from kb.holdings import Entry, Holdings
from kb.room import Room, furnish

DEFAULT_GATE = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A published translation that may answer; ``score`` is the probability that it does."""

    translation_id: int
    article_id: int
    language: str
    score: float


class Engine:
    """One generation, ready to rank; never changes, so any number of threads may use it."""

    def __init__(self, generation: int, rooms: dict[str, Room], gate: float) -> None:
        """Put the parts together."""
        self.generation, self.rooms, self.gate = generation, rooms, gate

    @classmethod
    def built(cls, holdings: Holdings) -> "Engine":
        """Make an engine in memory."""
        by_language: dict[str, list[Entry]] = defaultdict(list)
        for entry in holdings.entries:
            by_language[entry.language].append(entry)
        return cls(holdings.generation, {language: furnish(language, entries) for language, entries in by_language.items()}, DEFAULT_GATE)

    def candidates(self, text: str, language: str, limit: int) -> list[Candidate]:
        """Rank the articles of the text's language."""
        room = self.rooms.get(language)
        if room is None:
            return []
        fits = room.fits(features(text, language, bounded=True))
        order = np.argsort(-fits, kind="stable")[:limit]
        return [Candidate(int(room.translations[row]), int(room.articles[row]), language, float(1 - np.exp(-fits[row]))) for row in order]
