"""Rooms: the published articles of one language as sparse vectors, and how well each one fits a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.features import Features, features
from kb.holdings import Entry
from kb.postings import Postings

Scores = NDArray[np.float32]
SATURATION, LENGTH = 1.2, 0.75
TITLE_WEIGHT, PIECE_WEIGHT = 0.5, 0.5


@dataclass(frozen=True, slots=True)
class Room:
    """One language's articles: who stands in which row, and the postings of titles and whole texts."""

    language: str
    translations: NDArray[np.int64]
    articles: NDArray[np.int64]
    postings: Mapping[str, Postings]

    def fits(self, question: Features) -> Scores:
        """Score every article for a text, in 0 to about 3."""
        words, pieces = self.postings["words"], self.postings["pieces"]
        height = words.height
        word_idf, piece_idf = _rarity(words.lengths(question.words), height), _rarity(pieces.lengths(question.pieces), height)
        word_weights = np.minimum(question.word_counts, 2) * word_idf
        piece_weights = np.minimum(question.piece_counts, 2) * piece_idf
        covered = words.scores(question.words, word_weights / (word_idf.sum() + 1e-9))
        covered += PIECE_WEIGHT * pieces.scores(question.pieces, piece_weights / (piece_idf.sum() + 1e-9))
        likeness = self.postings["title-words"].scores(question.words, _unit(word_weights))
        likeness += self.postings["title-pieces"].scores(question.pieces, _unit(piece_weights))
        return covered + TITLE_WEIGHT * likeness


def furnish(language: str, entries: Sequence[Entry]) -> Room:
    """Make a room of the entries of one language."""
    titles = [features(entry.title, language) for entry in entries]
    wholes = [features("\n".join((entry.title, entry.title, entry.text)), language) for entry in entries]
    postings = {
        "words": _saturated([whole.words for whole in wholes], [whole.word_counts for whole in wholes]),
        "pieces": _saturated([whole.pieces for whole in wholes], [whole.piece_counts for whole in wholes]),
    }
    postings["title-words"] = _normal([title.words for title in titles], [title.word_counts for title in titles], postings["words"])
    postings["title-pieces"] = _normal([title.pieces for title in titles], [title.piece_counts for title in titles], postings["pieces"])
    ids = np.array([entry.translation_id for entry in entries], np.int64)
    return Room(language, ids, np.array([entry.article_id for entry in entries], np.int64), postings)


def _saturated(ids: Sequence[NDArray[np.int32]], counts: Sequence[Scores]) -> Postings:
    """Weigh features as BM25 does: the tenth occurrence says little more than the third, and long texts are discounted."""
    lengths = np.array([count.sum() for count in counts])
    usual = lengths.mean() or 1.0
    rows = []
    for row, (features_, count) in enumerate(zip(ids, counts, strict=True)):
        held_back = SATURATION * (1 - LENGTH + LENGTH * lengths[row] / usual)
        rows.append((features_, (count * (SATURATION + 1) / (count + held_back)).astype(np.float32)))
    return Postings.of_rows(rows)


def _normal(ids: Sequence[NDArray[np.int32]], counts: Sequence[Scores], whole: Postings) -> Postings:
    """Weigh features by rarity, and every row to length 1."""
    rows = [(each, _unit((1 + np.log(count)) * _rarity(whole.lengths(each), whole.height))) for each, count in zip(ids, counts, strict=True)]
    return Postings.of_rows(rows)


def _rarity(occurrences: NDArray[np.int64], height: int) -> Scores:
    return np.log(1 + (height - occurrences + 0.5) / (occurrences + 0.5)).astype(np.float32)


def _unit(values: Scores) -> Scores:
    return (values / (np.linalg.norm(values) + 1e-9)).astype(np.float32)
