"""Nearness: which articles are about much the same as another one, by the vectors that suggestions go by."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np

from kb.engine import Engine
from kb.features import features
from kb.languages import base
from kb.segments import fits

LEAST_LIKENESS = 0.12
"""Likeness of whole texts, from 0 to 1, under which an article is nobody's neighbour: better none than a far one."""
LEAST_PART = 0.5
"""Part of the nearest one's likeness that another one must have."""
KEPT = 4096


@dataclass(frozen=True, slots=True)
class Subject:
    """The article whose neighbours are wanted."""

    translation_id: int
    article_id: int
    language: str
    title: str
    text: str


class Nearness:
    """Finds neighbours, each once for a generation."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._known: OrderedDict[tuple[int, int], tuple[int, ...]] = OrderedDict()
        self._lock = Lock()

    def near(self, engine: Engine, subject: Subject, limit: int) -> tuple[int, ...]:
        """Give translations in the same language that are about much the same, the nearest first; none where none is near."""
        key = engine.generation, subject.translation_id
        if (known := self._known.get(key)) is None:
            known = neighbours(engine, subject, limit)
            with self._lock:
                self._known[key] = known
                while len(self._known) > KEPT:
                    self._known.popitem(last=False)
        return known[:limit]


def neighbours(engine: Engine, subject: Subject, limit: int) -> tuple[int, ...]:
    """Compare an article with every other one of its language."""
    room = engine.rooms.get(base(subject.language))
    if room is None:
        return ()
    question = features("\n".join((subject.title, subject.title, subject.text)), room.language, bounded=True)
    found = fits(tuple(room.segments.values()), question)
    likeness = (found.like_words + found.like_pieces) / 2 + found.title_words / 4
    likeness = np.where(room.articles == subject.article_id, 0.0, likeness)
    likeness[list(room.gone)] = 0.0
    few = min(limit, len(likeness))
    best = np.argpartition(-likeness, few - 1)[:few] if few else np.empty(0, np.int64)
    best = best[np.argsort(-likeness[best], kind="stable")]
    least = max(LEAST_LIKENESS, LEAST_PART * float(likeness[best[0]])) if few else 1.0
    return tuple(int(room.translations[row]) for row in best if likeness[row] >= least)
