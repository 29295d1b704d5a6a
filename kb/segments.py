"""Segments: a batch of published articles as sparse vectors, written once and never changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.features import Features, features
from kb.holdings import Entry
from kb.postings import Postings, Spans
from kb.spelling import count_words, packed, unpacked

Scores = NDArray[np.float32]
Lengths = NDArray[np.int64]

SATURATION, LENGTH_SHARE = 1.2, 0.75
MANY, FREQUENT_SHARE, FEWEST_FREQUENT = 20_000, 0.02, 50
"""Entries of a language from which on features that a larger share of them has, and more than so many, have no postings."""
WHOLE = ("words", "pieces")
PARTS = ("words", "pieces", "title-words", "title-pieces")


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Segment:
    """Which articles stand in which row, and the postings of their titles and whole texts."""

    translations: NDArray[np.int64]
    articles: NDArray[np.int64]
    fingerprints: NDArray[np.int64]
    postings: dict[str, Postings]
    norms: dict[str, Scores]
    words: Counter[str]

    def save(self, path: Path) -> None:
        """Write everything into one file."""
        arrays: dict[str, NDArray[np.generic]] = {"translations": self.translations, "articles": self.articles, "fingerprints": self.fingerprints}
        arrays |= {f"{part}.norms": norms for part, norms in self.norms.items()}
        arrays["spellings"] = packed(self.words)
        for name, postings in self.postings.items():
            arrays |= postings.arrays(name)
        with path.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> "Segment":
        """Read what was written; the arrays are copies in memory, so that a file cut short cannot stop the process."""
        with np.load(path, allow_pickle=False) as arrays:
            height = len(arrays["translations"])
            postings = {name: Postings.of_arrays(name, arrays, height) for name in PARTS}
            norms = {part: arrays[f"{part}.norms"] for part in WHOLE}
            return cls(arrays["translations"], arrays["articles"], arrays["fingerprints"], postings, norms, unpacked(arrays["spellings"]))


def make_segment(language: str, entries: Sequence[Entry], *, among: int = 0) -> Segment:
    """Turn the entries of one language into vectors.

    :param among: how many entries there are in all; where they are very many, what every fiftieth has is counted, but not kept:
        it fills most of the memory and tells least, and there would be no time to read it.
    """
    titles = [features(entry.title, language) for entry in entries]
    wholes = [features("\n".join((entry.title, entry.title, entry.text)), language) for entry in entries]
    postings = {
        "words": _saturated([(whole.words, whole.word_counts) for whole in wholes]),
        "pieces": _saturated([(whole.pieces, whole.piece_counts) for whole in wholes]),
    }
    postings["title-words"] = _likeness([(title.words, title.word_counts) for title in titles], postings["words"])
    postings["title-pieces"] = _likeness([(title.pieces, title.piece_counts) for title in titles], postings["pieces"])
    norms = {part: _norms(postings[part]) for part in WHOLE}
    if among > MANY:
        most = max(int(FREQUENT_SHARE * len(entries)), FEWEST_FREQUENT)
        postings = {part: each.without_frequent(most) for part, each in postings.items()}
    ids = np.array([(entry.translation_id, entry.article_id, entry.fingerprint) for entry in entries], np.int64).reshape(-1, 3)
    return Segment(ids[:, 0].copy(), ids[:, 1].copy(), ids[:, 2].copy(), postings, norms, count_words(entries))


def rarity(occurrences: Lengths, height: int) -> Scores:
    """Tell how much a feature says, from the number of articles that have it."""
    occurrences = np.minimum(occurrences, height)
    return np.asarray(np.log(1 + (height - occurrences + 0.5) / (occurrences + 0.5)), np.float32)


def unit(values: Scores) -> Scores:
    """Bring a row of weights to length 1."""
    return np.asarray(values / (np.linalg.norm(values) + 1e-9), np.float32)


def _saturated(rows: Sequence[tuple[NDArray[np.int32], Scores]]) -> Postings:
    """Weigh features as BM25 does: the tenth occurrence says little more than the third, and long texts are discounted."""
    lengths = np.array([counts.sum() for _, counts in rows])
    usual = float(lengths.mean()) or 1.0
    weighed = []
    for (ids, counts), length in zip(rows, lengths, strict=True):
        held_back = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length / usual)
        weighed.append((ids, (counts * (SATURATION + 1) / (counts + held_back)).astype(np.float32)))
    return Postings.of_rows(weighed)


def _likeness(rows: Sequence[tuple[NDArray[np.int32], Scores]], whole: Postings) -> Postings:
    """Weigh features by rarity, and every row to length 1."""
    return Postings.of_rows([(ids, unit((1 + np.log(counts)) * rarity(whole.lengths(ids), whole.height))) for ids, counts in rows])


def _norms(postings: Postings) -> Scores:
    """Work out the length of every row, its features weighed by rarity."""
    idf = rarity(np.diff(postings.starts), postings.height)
    squares = (postings.values * np.repeat(idf, np.diff(postings.starts))) ** 2
    return np.sqrt(np.bincount(postings.rows, squares, postings.height)).astype(np.float32) + np.float32(1e-6)


@dataclass(frozen=True, slots=True)
class Fits:
    """How well each row fits a text.

    ``words`` and ``pieces`` are the share of the text's information that is found there, the others the likeness
    (cosine) of the text to the whole article and to its title.
    """

    words: Scores
    pieces: Scores
    like_words: Scores
    like_pieces: Scores
    title_words: Scores
    title_pieces: Scores
    information: float

    def at(self, rows: Lengths) -> "Fits":
        """Keep some of the rows."""
        whole = self.words[rows], self.pieces[rows], self.like_words[rows], self.like_pieces[rows]
        return Fits(*whole, self.title_words[rows], self.title_pieces[rows], self.information)


def weigh(segments: Sequence[Segment], question: Features) -> tuple[dict[str, Scores], float]:
    """Weigh the features of a text by how rare they are in several segments: for each part of an article, and for the likeness to it.

    :return: the weights, and how much information the words have.
    """
    return _weigh(_whereabouts(segments, question), question, sum(len(segment.translations) for segment in segments))


def _whereabouts(segments: Sequence[Segment], question: Features) -> dict[str, list[Spans]]:
    ids = {"words": question.words, "pieces": question.pieces}
    return {part: [segment.postings[part].spans(ids[part]) for segment in segments] for part in WHOLE}


def _weigh(spans: Mapping[str, Sequence[Spans]], question: Features, height: int) -> tuple[dict[str, Scores], float]:
    weights: dict[str, Scores] = {}
    information = {}
    for part, counts in (("words", question.word_counts), ("pieces", question.piece_counts)):
        idf = rarity(sum((each.occurrences for each in spans[part]), np.zeros(len(counts), np.int64)), height)
        information[part] = float(idf[counts >= 1].sum())  # What synonyms add is another way to say the same, not more to be found.
        weights[part] = (np.minimum(counts, 2) * idf / (information[part] + 1e-9)).astype(np.float32)
        weights[f"title-{part}"] = unit(weights[part])
        weights[f"like-{part}"] = weights[f"title-{part}"] * idf
    return weights, information["words"]


def fits(segments: Sequence[Segment], question: Features) -> Fits:
    """Score every row of several segments, one after the other, as if they were one."""
    spans = _whereabouts(segments, question)
    weights, information = _weigh(spans, question, sum(len(segment.translations) for segment in segments))
    found: dict[str, list[Scores]] = {part: [np.empty(0, np.float32)] for part in (*PARTS, "like-words", "like-pieces")}
    for number, segment in enumerate(segments):
        for part, ids in (("words", question.words), ("pieces", question.pieces)):
            known, like = segment.postings[part].sums(spans[part][number], (weights[part], weights[f"like-{part}"]))
            found[part].append(known)
            found[f"like-{part}"].append(like / segment.norms[part])
            found[f"title-{part}"].append(segment.postings[f"title-{part}"].scores(ids, weights[f"title-{part}"]))
    told = {part: np.concatenate(rows) for part, rows in found.items()}
    return Fits(told["words"], told["pieces"], told["like-words"], told["like-pieces"], told["title-words"], told["title-pieces"], information)
