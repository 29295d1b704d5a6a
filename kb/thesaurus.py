"""The thesaurus: everyday words and phrases that stand for one concept, which is known before anybody has taught the engine anything.

Each language has a file of lines such as ``refund = money back = reimburse``; the first phrase names the concept. A text and an
article that say the same in different words have the concept in common, and the linear model learns from it as from any word.
"""

import zlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kb.analysis import Term, is_stop_word, normal, terms
from kb.languages import base

FOLDER = Path(__file__).with_name("thesauri")


class Met(NamedTuple):
    """A concept that a text names: ``start`` and ``end`` count the terms of the text."""

    concept: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Concept:
    """What several phrases stand for; ``key`` is a word that no text has, and stays the same whatever lines come and go."""

    name: str
    key: str
    phrases: tuple[str, ...]


class Thesaurus:
    """The concepts of one language; never changes."""

    def __init__(self, lines: str, language: str) -> None:
        """Read lines; one that is empty or begins with ``#`` is passed over."""
        self.language = language
        self.concepts = tuple(_concept(line, language) for line in map(str.strip, lines.splitlines()) if line and not line.startswith("#"))
        self._known: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._alone: dict[int, dict[str, str]] = defaultdict(dict)
        for number, concept in enumerate(self.concepts):
            for phrase in concept.phrases:
                if key := _terms(phrase, language):
                    self._known[key].append(number)
                if len(key) == 1:
                    self._alone[number].setdefault(key[0], phrase)
        lengths: dict[str, set[int]] = defaultdict(set)
        for key in self._known:
            lengths[key[0]].add(len(key))
        self._lengths = {first: tuple(each) for first, each in lengths.items()}

    def met(self, found: Sequence[str]) -> list[Met]:
        """List the concepts that the terms of a text name, each where it first stands.

        :param found: all terms of the text in order, those that say nothing too.
        """
        met: dict[int, Met] = {}
        for at, first in enumerate(found):
            for length in self._lengths.get(first, ()):
                for number in self._known.get(tuple(found[at : at + length]), ()):
                    if number not in met:
                        met[number] = Met(number, at, at + length)
        return list(met.values())

    def keys(self, found: Sequence[str], apart: Collection[str] = ()) -> list[str]:
        """Give the keys of those concepts, but for those in ``apart``."""
        keys = [self.concepts[met.concept].key for met in self.met(found)]
        return [key for key in keys if key not in apart] if apart else keys

    def meant(self, found: Sequence[str], apart: Collection[str] = ()) -> dict[str, str]:
        """Give the terms that say alone what a text has of each concept, each as people write it.

        Phrases of several words are left out: each of their words says other things too.
        """
        meant: dict[str, str] = {}
        for met in self.met(found):
            if self.concepts[met.concept].key not in apart:
                meant.update(self._alone.get(met.concept, {}))
        return meant

    def named(self, text: str, found: Sequence[Term]) -> dict[str, str]:
        """Say by key what a text has of each concept, and the concept's name.

        :param found: the terms of the text.
        """
        labels = {}
        for met in self.met([term.text for term in found]):
            concept, said = self.concepts[met.concept], text[found[met.start].start : found[met.end - 1].end]
            labels[concept.key] = f"≈ {concept.name}" if normal(said) == normal(concept.name) else f"{said} ≈ {concept.name}"
        return labels

    def joining(self, one: str, other: str) -> set[str]:
        """Give the keys of the concepts that hold two phrases for the same."""
        ours, theirs = (set(self._known.get(_terms(phrase, self.language), ())) for phrase in (one, other))
        return {self.concepts[number].key for number in ours & theirs}


@lru_cache(maxsize=64)
def thesaurus_of(language: str) -> Thesaurus:
    """Give the thesaurus of a language; an empty one where none has been written."""
    language = base(language)
    file = FOLDER / f"{language}.txt"
    return Thesaurus(file.read_text("utf-8") if file in written() else "", language)


@lru_cache(maxsize=1)
def written() -> frozenset[Path]:
    """List the files that there are; a language is a name from outside, and never a path."""
    return frozenset(FOLDER.glob("*.txt"))


@lru_cache(maxsize=1)
def thesaurus_mark() -> int:
    """Tell what is known from one version of the product to another: articles are analysed with it."""
    mark = 0
    for file in sorted(written()):
        mark = zlib.crc32(file.read_bytes(), mark)
    return mark


def _concept(line: str, language: str) -> Concept:
    phrases = tuple(phrase.strip() for phrase in line.split("="))
    return Concept(phrases[0], f"\0{language}:{phrases[0]}", phrases)


def _terms(phrase: str, language: str) -> tuple[str, ...]:
    """Give the terms of a phrase; none if all of them say nothing, or look like words that do, as that of «заем» does: they are in every text."""
    found = list(terms(phrase, language))
    return () if all(term.stop or is_stop_word(term.text, language) for term in found) else tuple(term.text for term in found)
