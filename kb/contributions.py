"""Contributions: what each term of a text adds to what each source says of some candidates, to the last decimal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kb.analysis import normal, terms
from kb.classifier import NEIGHBOURS, Classifier
from kb.explanation import Kind
from kb.features import PIECE_SPACE, WORD_SPACE, Features, Names
from kb.room import Room
from kb.segments import weigh
from kb.slate import INDEX, Slate
from kb.tempering import trust
from kb.wording import Wording

Values = NDArray[np.float64]
ByTerm = Mapping[str, Values]
"""For each term what it adds, one number per candidate."""

KINDS = {
    "title words": Kind.TITLE,
    "title pieces": Kind.TITLE,
    "words": Kind.WORDS,
    "like words": Kind.WORDS,
    "pieces": Kind.PIECES,
    "like pieces": Kind.PIECES,
    "index": Kind.INDEX,
    "linear": Kind.LINEAR,
    "linear odds": Kind.LINEAR,
    "nearest": Kind.NEAREST,
    "votes": Kind.VOTES,
    "distance": Kind.LINEAR,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A text as it was looked up: with its features and what they stand for; ``brought`` are the terms that only synonyms have, in small letters."""

    wording: Wording
    language: str
    question: Features
    names: Names
    brought: frozenset[str]

    def typed(self, language: str) -> dict[str, str]:
        """Give every term that is matched, in a language's own forms, as it was typed or as a synonym has it."""
        found: dict[str, str] = {}
        for text in (self.wording.text, self.wording.added):
            for term in terms(text, language):
                if not term.stop:
                    found.setdefault(term.text, text[term.start : term.end])
        return found

    def meant(self, language: str) -> dict[str, str]:
        """Give other words for what was typed, by their terms."""
        return {term: f"≈ {phrase}" for term, phrase in self.wording.meant(language).items()}


@dataclass(frozen=True, slots=True)
class Recollection:
    """What past requests say of some candidates, by term.

    ``odds`` is what the linear model gives each over the average article; the terms of ``linear`` add up to it but for what holds
    for any text. The terms of ``nearest`` add up to the likeness to the nearest request. ``neighbours`` are counted among the ten.
    """

    linear: ByTerm
    odds: Values
    nearest: ByTerm
    neighbours: NDArray[np.int64]


def in_articles(asked: Asked, room: Room, slate: Slate, rows: Sequence[int]) -> dict[str, ByTerm]:
    """Divide what the articles' own words say among the terms: for each such source, by its name in ``kb.slate.SOURCES``.

    :param rows: lines of the slate.
    """
    segments = tuple(room.segments.values())
    weights, _ = weigh(segments, asked.question)
    found: dict[str, ByTerm] = {"index": _in_index(asked, room, slate, rows)}
    for part, ids, labels in (("words", asked.question.words, asked.names.words), ("pieces", asked.question.pieces, asked.names.pieces)):
        told = {name: np.zeros((len(ids), len(rows))) for name in (part, f"like {part}", f"title {part}")}
        first = 0
        for segment in segments:
            height = len(segment.translations)
            columns = [column for column, row in enumerate(rows) if first <= slate.places[row] < first + height]
            local = [int(slate.places[rows[column]]) - first for column in columns]
            told[part][:, columns] = segment.postings[part].shares(ids, weights[part], local)
            told[f"like {part}"][:, columns] = segment.postings[part].shares(ids, weights[f"like-{part}"], local) / segment.norms[part][local]
            told[f"title {part}"][:, columns] = segment.postings[f"title-{part}"].shares(ids, weights[f"title-{part}"], local)
            first += height
        found |= {name: _by_term(ids, labels, values) for name, values in told.items()}
    return found


def recollect(asked: Asked, classifier: Classifier, articles: Sequence[int]) -> Recollection:
    """Divide what past requests say of some articles among the terms."""
    ids, weights = classifier.weigh(asked.question)
    names = _in_one_space(asked.names)
    at = np.minimum(np.searchsorted(classifier.classes, articles), max(len(classifier.classes) - 1, 0))
    known = np.array([len(classifier.classes) > 0 and classifier.classes[place] == article for place, article in zip(at, articles, strict=True)], bool)
    odds, linear = np.zeros(len(articles)), np.zeros((len(ids), len(articles)))
    if classifier.coefficients.size:
        planes = classifier.coefficients[np.append(np.searchsorted(classifier.known, ids), -1)].astype(np.float64)
        over = (planes[:, at] - planes.mean(axis=1, keepdims=True)) * known
        linear = weights[:, None] * over[:-1]
        odds = linear.sum(axis=0) + over[-1]
    likeness = classifier.samples.scores(ids, weights)
    best = set(np.argsort(-likeness, kind="stable")[:NEIGHBOURS].tolist())
    nearest, neighbours = np.zeros((len(ids), len(articles))), np.zeros(len(articles), np.int64)
    for column in np.flatnonzero(known):
        own = np.flatnonzero(classifier.labels == at[column])
        neighbours[column] = sum(1 for sample in own.tolist() if sample in best and likeness[sample] > 0)
        if len(own):
            shares = classifier.samples.shares(ids, weights, [int(own[np.argmax(likeness[own])])])[:, 0]
            nearest[:, column] = shares * trust(float(likeness[own].max()), classifier.covered)
    return Recollection(_by_term(ids, names, linear), odds, _by_term(ids, names, nearest), neighbours)


def unknown_terms(asked: Asked, rooms: Iterable[Room]) -> tuple[str, ...]:
    """List the words of a text that stand in no article of some rooms."""
    rooms = tuple(rooms)
    singles = {label: number for number, labels in asked.names.words.items() for label in labels}
    text = asked.wording.text
    typed = dict.fromkeys(text[term.start : term.end] for term in terms(text, asked.language) if not term.stop)
    wanted = [(label, singles[label]) for label in typed if label in singles]
    ids = np.array([number for _, number in wanted], np.int32)
    met = np.zeros(len(ids), np.int64)
    for segment in (segment for room in rooms for segment in room.segments.values()):
        met += segment.postings["words"].lengths(ids)
    return tuple(label for (label, _), count in zip(wanted, met, strict=True) if not count)


def _in_index(asked: Asked, room: Room, slate: Slate, rows: Sequence[int]) -> ByTerm:
    """Divide the score of the term index in the proportions of its terms; none if the index fails, as then there is no score either."""
    found: dict[str, Values] = {}
    typed = asked.typed(room.language)
    translations = [int(room.translations[slate.places[row]]) if slate.places[row] >= 0 else -1 for row in rows]
    for term, scores in room.shares(asked.wording.text, asked.wording.added).items():
        found[typed.get(term, term)] = np.array([scores.get(translation, 0.0) for translation in translations])
    whole = sum(found.values(), np.zeros(len(rows)))
    told = slate.values[list(rows), INDEX]
    scale = np.divide(told, whole, out=np.zeros(len(rows)), where=whole > 0)
    return {term: values * scale for term, values in found.items()}


def _in_one_space(names: Names) -> dict[int, tuple[str, ...]]:
    """Name features as the classifier numbers them."""
    pieces = {number + WORD_SPACE: labels for number, labels in names.pieces.items()}
    return {**names.words, **pieces, **{number + WORD_SPACE + PIECE_SPACE: labels for number, labels in names.pairs.items()}}


def _by_term(ids: NDArray[np.int32], names: Mapping[int, tuple[str, ...]], values: Values) -> ByTerm:
    """Add up by term what features add; what several terms share is divided among them."""
    lines: list[int] = []
    columns: list[int] = []
    parts: list[float] = []
    found: dict[str, int] = {}
    shown: dict[str, str] = {}
    for column in np.flatnonzero(values.any(axis=1)).tolist():
        labels = names.get(int(ids[column]), ("…",))
        for label in labels:
            lines.append(found.setdefault(normal(label), len(found)))
            shown.setdefault(normal(label), label)
            columns.append(column)
            parts.append(1 / len(labels))
    summed = csr_matrix((parts, (lines, columns)), shape=(len(found), len(ids))) @ values
    return {shown[key]: summed[line] for key, line in found.items()}
