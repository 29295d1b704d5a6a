"""Overlaps: published articles that say nearly the same as a draft, and how alike they are by their term vectors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from kb.articles import Translation
from kb.engine import Engine
from kb.features import Features, features
from kb.holdings import Entry, read_entries
from kb.segments import SATURATION, Segment, rarity, unit

LEAST = 0.3
"""Likeness (cosine) from which on two articles are said to overlap."""
LOOKED_AT = 5

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Overlap:
    """A published article like the draft; ``share`` is the cosine between their words, from 0 to 1."""

    article_id: int
    title: str
    language: str
    share: float


def overlaps(session: Session, engine: Engine, entry: Entry, least: float = LEAST) -> list[Overlap]:
    """Find the published articles of the same language that overlap with a draft, the most alike first; the article itself is none."""
    room = engine.rooms.get(entry.language)
    if room is None:
        return []
    segments, own = tuple(room.segments.values()), _features(entry)
    weights = unit(_weights(own, segments)) * _rarity(own.words, segments)
    likeness = np.concatenate([each.postings["words"].scores(own.words, weights) / each.norms["words"] for each in segments])
    likeness[np.isin(room.articles, [entry.article_id]) | (room.articles < 0)] = -1.0
    best = np.argsort(-likeness, kind="stable")[:LOOKED_AT]
    nearest = [int(room.translations[row]) for row in best.tolist() if likeness[row] > 0]
    # Each segment knows rarity by itself alone, so the few that come nearest are compared once more, all by one measure.
    found = [_overlap(own, other, segments) for other in read_entries(session, Translation.id.in_(nearest))]
    return sorted((each for each in found if each.share >= least), key=lambda each: -each.share)


def _overlap(own: Features, other: Entry, segments: Sequence[Segment]) -> Overlap:
    theirs = _features(other)
    common, mine, at = np.intersect1d(own.words, theirs.words, assume_unique=True, return_indices=True)
    share = float(unit(_weights(own, segments))[mine] @ unit(_weights(theirs, segments))[at]) if len(common) else 0.0
    return Overlap(other.article_id, other.title, other.language, min(share, 1.0))


def _features(entry: Entry) -> Features:
    return features("\n".join((entry.title, entry.title, entry.text)), entry.language)


def _weights(found: Features, segments: Sequence[Segment]) -> Values:
    saturated = found.word_counts * (SATURATION + 1) / (found.word_counts + SATURATION)
    return np.asarray(saturated * _rarity(found.words, segments), np.float32)


def _rarity(ids: NDArray[np.int32], segments: Sequence[Segment]) -> Values:
    occurrences = sum((each.postings["words"].lengths(ids) for each in segments), np.zeros(len(ids), np.int64))
    return rarity(occurrences, sum(len(each.translations) for each in segments))
