"""Spelling: the words that articles are written with, and which of them a mistyped word was meant to be."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from heapq import nsmallest

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, Hamming

from kb.analysis import is_stop_word, normal, stem
from kb.holdings import Entry

SHORTEST, SHORTEST_RUN, LONGEST = 4, 3, 30
MOST_WORDS_ASKED = 8
SHORTEST_BEGINNING, MOST_COMPLETIONS = 2, 3
LONG_WORD = 8
"""From this length on two letters may be wrong, else one."""
_WORD = re.compile(r"[^\W\d_]+")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0e7f]{2,}")


def count_words(entries: Iterable[Entry]) -> Counter[str]:
    """Count the words of articles as they are written; where words are not written apart, the titles are kept whole."""
    written: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for entry in entries:
        written.update(_WORD.findall(f"{entry.title}\n{entry.text}"))
        words.update(_WIDE.findall("\n".join((entry.title, *entry.headings))))
    for word, count in written.items():
        if len(folded := normal(word)) <= LONGEST and not _WIDE.search(folded):
            words[folded] += count
    return words


def packed(words: Mapping[str, int]) -> NDArray[np.uint8]:
    """Write a vocabulary as bytes, so that it can stand beside other arrays."""
    lines = "\n".join(f"{count}\t{word}" for word, count in words.items())
    return np.frombuffer(lines.encode("utf-8", "replace"), np.uint8)


def unpacked(lines: NDArray[np.uint8]) -> Counter[str]:
    """Read a vocabulary that was written as bytes."""
    pairs = (line.split("\t", 1) for line in lines.tobytes().decode("utf-8").split("\n") if line)
    return Counter({word: int(count) for count, word in pairs})


class Vocabulary:
    """The words of a language's articles, ready to be looked up; never changes."""

    def __init__(self, language: str, vocabularies: Iterable[Mapping[str, int]]) -> None:
        """Put vocabularies together."""
        self.language = language
        self.words: Counter[str] = Counter()
        for vocabulary in vocabularies:
            self.words.update(vocabulary)
        self.known = {stem(word, language) for word in self.words}
        self.ordered = sorted(self.words)

    def completions(self, beginning: str, most: int) -> list[str]:
        """Give the most frequent words that begin like this and go on."""
        folded = normal(beginning)
        begin, end = bisect_left(self.ordered, folded), bisect_left(self.ordered, folded + "\U0010ffff")
        longer = [word for word in self.ordered[begin:end] if word != folded and not is_stop_word(word, self.language)]
        return nsmallest(most, longer, key=lambda word: (-self.words[word], word))


def complete(text: str, vocabulary: Vocabulary) -> str:
    """Add to a text that is being typed the words that its last one may become; nothing after a space or a short beginning."""
    found = _WORD.fullmatch(text[text.rfind(" ") + 1 :])
    if found is None or len(found.group()) < SHORTEST_BEGINNING:
        return text
    return " ".join([text, *vocabulary.completions(found.group(), MOST_COMPLETIONS)])


def correct(text: str, vocabulary: Vocabulary) -> str:
    """Say what a text with mistyped words was meant to be; empty if nothing better is known."""
    words, known, language = vocabulary.words, vocabulary.known, vocabulary.language
    if wide := _WIDE.search(text):
        return _correct_run(text, wide.group(), words)
    asked = 0

    def better(found: re.Match[str]) -> str:
        nonlocal asked
        word = normal(found.group())
        if not SHORTEST <= len(word) <= LONGEST or is_stop_word(word, language) or stem(word, language) in known or asked >= MOST_WORDS_ASKED:
            return found.group()
        asked += 1
        return _closest(word, words) or found.group()

    corrected = _WORD.sub(better, text)
    return corrected if corrected != text else ""


def _closest(word: str, words: Mapping[str, int]) -> str:
    allowed = 2 if len(word) >= LONG_WORD else 1
    near = process.extract(word, list(words), scorer=OSA.distance, score_cutoff=allowed, limit=20)
    return min(near, key=lambda found: (found[1], found[0][:1] != word[:1], -words[found[0]]))[0] if near else ""


def _correct_run(text: str, run: str, words: Mapping[str, int]) -> str:
    """Find the piece of a title that differs least from a run of characters without spaces, character by character."""
    titles = [word for word in words if _WIDE.fullmatch(word)]
    if any(run in title for title in titles) or not SHORTEST_RUN <= len(run) <= LONGEST:
        return ""
    pieces = {title[start : start + len(run)] for title in titles for start in range(len(title) - len(run) + 1)}
    found = process.extractOne(run, sorted(pieces), scorer=Hamming.distance, score_cutoff=1 + len(run) // 6)
    return text.replace(run, found[0], 1) if found else ""
