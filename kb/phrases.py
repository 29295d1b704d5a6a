"""Phrases: where phrases that staff wrote down stand in a text, whatever their case, their endings and their hyphens."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.analysis import Term, terms

_BREAK = re.compile(r"[.!?;:…。！？；：\n]")

Key = tuple[tuple[str, bool], ...]
"""The terms of a phrase in order, each with whether it overlaps the one before, as pairs of Chinese characters do."""


@dataclass(frozen=True, slots=True)
class Met:
    """A piece of a text, and the numbers of the phrases that it is; ``start`` and ``end`` count characters."""

    start: int
    end: int
    numbers: tuple[int, ...]


class Phrases:
    """Phrases of one language, to be found in texts; never changes, so any number of threads may ask."""

    def __init__(self, phrases: Iterable[str], language: str) -> None:
        """Take up phrases; their numbers are their places in the order given."""
        self.language = language
        self._known: dict[str, dict[Key, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, phrase in enumerate(phrases):
            for key in keys(phrase, language):
                self._known[key[0][0]][key].append(number)

    def find(self, text: str, limit: int) -> tuple[Met, ...]:
        """Tell where phrases stand in a text, in order; of several that begin at one place the longest counts, and none overlap.

        :param limit: pieces of the text that are told at most, the first ones.
        """
        if not self._known:
            return ()
        met: list[Met] = []
        for stream in _streams(list(terms(text, self.language))):
            met += self._in_stream(text, stream)
        met.sort(key=lambda each: (each.start, -each.end))
        apart: list[Met] = []
        for each in met:
            if not apart or each.start >= apart[-1].end:
                apart.append(each)
        return tuple(apart[:limit])

    def _in_stream(self, text: str, stream: Sequence[Term]) -> list[Met]:
        met: list[Met] = []
        for at, term in enumerate(stream):
            if term.text not in self._known:
                continue
            fitting = [(key, numbers) for key, numbers in self._known[term.text].items() if _stands(key, text, stream, at)]
            if fitting:
                key, numbers = max(fitting, key=lambda found: len(found[0]))
                met.append(Met(term.start, stream[at + len(key) - 1].end, tuple(numbers)))
        return met


def keys(phrase: str, language: str) -> set[Key]:
    """Give the ways in which a phrase may stand in a text: a word with a hyphen is also one word, or several."""
    found = set()
    for stream in _streams(list(terms(phrase, language))):
        key = tuple((term.text, place > 0 and term.start < stream[place - 1].end) for place, term in enumerate(stream))
        if key:
            found.add(key)
    return found


def _stands(key: Key, text: str, stream: Sequence[Term], at: int) -> bool:
    if at + len(key) > len(stream):
        return False
    for place in range(1, len(key)):
        before, term = stream[at + place - 1], stream[at + place]
        word, overlaps = key[place]
        if term.text != word or (term.start < before.end) != overlaps or _BREAK.search(text, before.end, max(before.end, term.start)):
            return False
    return True


def _streams(found: Sequence[Term]) -> list[list[Term]]:
    """Read terms in two ways: words with hyphens whole, and in their parts; once where there are none."""
    whole: list[Term] = []
    parted: list[Term] = []
    for place, term in enumerate(found):
        if not (whole and term.end <= whole[-1].end and whole[-1].end - whole[-1].start > term.end - term.start):
            whole.append(term)
        following = found[place + 1] if place + 1 < len(found) else None
        if following is None or not (following.start >= term.start and following.end < term.end):
            parted.append(term)
    return [whole] if whole == parted else [whole, parted]
