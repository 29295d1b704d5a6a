"""Features: a text as counts of hashed words, pairs of words and pieces of words.

Hashing needs no vocabulary, so an article can join a running index without anything being fitted again, and the
matrices can be mapped into memory and shared between processes.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from kb.analysis import LONGEST_TERM, Term, normal, terms
from kb.kept_terms import term_texts
from kb.thesaurus import thesaurus_of

WORD_BITS, PIECE_BITS, PAIR_BITS = 22, 20, 24
WORD_SPACE, PIECE_SPACE = 1 << WORD_BITS, 1 << PIECE_BITS
MOST_CHARACTERS, MOST_TERMS = 4000, 300
"""How much of a visitor's text is looked at: a customer's problem is in its beginning, and cost stays bounded."""
MOST_PAIRED = 40
"""Different words of a text that are paired, each with each."""
OTHER_WORDING = 0.6
"""What something counts that a synonym adds, beside 1 for what was typed; under 1 also tells the one from the other."""
CONCEPT = 0.8
"""What a concept counts: more made the engine find more, and know less well when to be silent."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_PRIME = np.uint64(0x100000001B3)
_NO_LETTERS = re.compile(r"[\W_]+")
_SPACE = 32
_FIRST = np.ones(1, bool)
_BORDERS = np.array([WORD_SPACE, WORD_SPACE + PIECE_SPACE], np.int32)
_WIDE = 0x2E80  # From here on a character is a word or nearly one.

Ids = NDArray[np.int32]
Counts = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """What a text contains: identifiers in rising order and how often each occurs.

    ``words`` are single words, words side by side and the concepts of the thesaurus; ``pairs`` are any two words of the beginning, in either order:
    people put the same two words into a question, but seldom at the same distance.
    """

    words: Ids
    word_counts: Counts
    pieces: Ids
    piece_counts: Counts
    pairs: Ids
    pair_counts: Counts

    @classmethod
    def none(cls) -> "Features":
        """Give the features of an empty text."""
        ids, counts = np.empty(0, np.int32), np.empty(0, np.float32)
        return cls(ids, counts, ids, counts, ids, counts)

    def widened(self, other: "Features") -> "Features":
        """Add what another wording of the text contains beyond it; each counts for less than anything that was typed."""
        widths = (_widened(self.words, self.word_counts, other.words), _widened(self.pieces, self.piece_counts, other.pieces))
        return Features(*widths[0], *widths[1], *_widened(self.pairs, self.pair_counts, other.pairs))


@dataclass(frozen=True, slots=True)
class Names:
    """What the identifiers of a text stand for; one that several things share names them all.

    Single words are named as they were typed, pieces by the word that they stand in, in small letters.
    """

    words: Mapping[int, tuple[str, ...]]
    pieces: Mapping[int, tuple[str, ...]]
    pairs: Mapping[int, tuple[str, ...]]


def features(text: str, language: str, *, bounded: bool = False, read: Sequence[Term] | None = None, apart: Collection[str] = ()) -> Features:
    """Count what a text contains.

    :param bounded: whether to look at its beginning only, as for what a visitor typed.
    :param read: the terms of the text, if they are known already.
    :param apart: keys of concepts that do not count.
    """
    if bounded and len(text) > MOST_CHARACTERS:
        text, read = text[:MOST_CHARACTERS], None  # It may end within a term.
    found = [term.text for term in islice(read or terms(text, language), MOST_TERMS)] if bounded else term_texts(text, language)
    single, concepts = _hashes(found), _hashes(thesaurus_of(language).keys(found, apart))
    counted = _counted(np.concatenate([single, (single[:-1] * _PRIME) ^ single[1:], concepts]), _piece_hashes(text), _pair_hashes(single.tolist()))
    counted.word_counts[np.searchsorted(counted.words, _numbers(concepts, WORD_BITS))] = CONCEPT
    return counted


def names(text: str, language: str) -> Names:
    """Name every feature of a visitor's text, so that what it carried can be shown; a concept as it was typed, with its name."""
    text = text[:MOST_CHARACTERS]
    found = list(terms(text, language))[:MOST_TERMS]
    typed = [text[term.start : term.end] for term in found]
    single = _hashes([term.text for term in found])
    beside = [
        text[one.start : max(one.end, two.end)] if two.start < one.end else f"{text[one.start : one.end]} {text[two.start : two.end]}"
        for one, two in pairwise(found)
    ]
    concepts = thesaurus_of(language).named(text, found)
    hashes = np.concatenate([single, (single[:-1] * _PRIME) ^ single[1:], _hashes(list(concepts))])
    words = _named(hashes, WORD_BITS, [*typed, *beside, *concepts.values()])
    chosen, at = _paired(single)
    first, second = np.triu_indices(len(chosen), 1)
    both = [f"{typed[min(one, two)]} … {typed[max(one, two)]}" for one, two in zip(at[first].tolist(), at[second].tolist(), strict=True)]
    letters = _letters(text)
    pieces = [
        (hashes[fits], [_piece_name(letters, int(start), length) for start in np.flatnonzero(fits)])
        for length, hashes, fits in _windows(letters)
    ]  # fmt: skip
    letter_hashes = np.concatenate([np.empty(0, np.uint64), *(each for each, _ in pieces)])
    labels = [name for _, some in pieces for name in some]
    return Names(words, _named(letter_hashes, PIECE_BITS, labels), _named(_pair_hashes(single.tolist()), PAIR_BITS, both))


def _named(hashes: NDArray[np.uint64], bits: int, labels: Iterable[str]) -> dict[int, tuple[str, ...]]:
    found: dict[int, dict[str, None]] = {}
    for number, label in zip(_numbers(hashes, bits).tolist(), labels, strict=True):
        found.setdefault(number, {})[label] = None
    return {number: tuple(each) for number, each in found.items()}


def _piece_name(letters: str, start: int, length: int) -> str:
    """Name a piece by its word, or by itself where words are not written apart."""
    piece = letters[start : start + length].strip()
    if any(ord(letter) >= _WIDE for letter in piece):
        return piece
    start += letters[start] == " "
    return letters[letters.rfind(" ", 0, start) + 1 : letters.find(" ", start)]


def _hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    return np.fromiter((_hash(word) for word in words), np.uint64, len(words))


def _pair_hashes(single: Sequence[int]) -> NDArray[np.uint64]:
    """Hash every two different words of the beginning, the smaller number first."""
    chosen = np.array(sorted(set(single[: 2 * MOST_PAIRED]))[:MOST_PAIRED], np.uint64)
    first, second = _couples(len(chosen))
    return (chosen[first] * _PRIME) ^ chosen[second]


@lru_cache(maxsize=MOST_PAIRED + 1)
def _couples(many: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Number every two of some words; at most forty are paired, so there are few answers."""
    return np.triu_indices(many, 1)


def _paired(single: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """Tell the words that are paired, and where each comes first."""
    chosen, at = np.unique(single[: 2 * MOST_PAIRED], return_index=True)
    return chosen[:MOST_PAIRED], at[:MOST_PAIRED]


_known: dict[str, int] = {}


def _hash(word: str) -> int:
    """Hash a word the same way in every process, unlike Python's own."""
    value = _known.get(word)
    if value is None:
        value = 0xCBF29CE484222325
        for byte in word[:LONGEST_TERM].encode("utf-8", "surrogatepass"):
            value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        if len(_known) < 200_000:
            _known[word] = value
    return value


def _piece_hashes(text: str) -> NDArray[np.uint64]:
    """Hash the runs of 3 to 5 characters within words, and of 1 to 3 where words are not written apart."""
    found = [hashes[fits] for _, hashes, fits in _windows(_letters(text))]
    return np.concatenate(found) if found else np.empty(0, np.uint64)


def _letters(text: str) -> str:
    return f" {_NO_LETTERS.sub(' ', normal(text)).strip()} "


def _windows(letters: str) -> Iterator[tuple[int, NDArray[np.uint64], NDArray[np.bool_]]]:
    """Slide a window of each length over a text: its length, the hash at each place, and whether that is a piece."""
    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    space, wide = codes == _SPACE, codes >= _WIDE
    has_wide = bool(wide.any())
    rolling = np.zeros(len(codes), np.uint64)
    for length in range(1, 6):
        count = len(codes) - length + 1
        if count <= 0:
            break
        rolling = rolling[:count] * _PRIME + (codes[length - 1 :] + np.uint64(length)) * _ODD
        if length < 3 and not has_wide:
            continue
        inside = np.zeros(count, bool)
        for at in range(1, length - 1):
            inside |= space[at : at + count]
        if not has_wide:
            yield length, rolling, ~inside
            continue
        any_wide = np.zeros(count, bool)
        for at in range(length):
            any_wide |= wide[at : at + count]
        fits = any_wide & ~(space[:count] | space[length - 1 :]) if length < 3 else ~inside & (~any_wide if length > 3 else True)
        yield length, rolling, fits & ~inside


def _widened(ids: Ids, counts: Counts, others: Ids) -> tuple[Ids, Counts]:
    added = np.setdiff1d(others, ids, assume_unique=True)
    both = np.concatenate([ids, added])
    order = np.argsort(both, kind="stable")
    return both[order], np.concatenate([counts, np.full(len(added), OTHER_WORDING, np.float32)])[order]


def _counted(words: NDArray[np.uint64], pieces: NDArray[np.uint64], pairs: NDArray[np.uint64]) -> Features:
    """Count all three kinds at once, in one space; pairs are there or not."""
    first, second = len(words), len(words) + len(pieces)
    mixed = _mixed(np.concatenate([words, pieces, pairs]))
    numbers = np.empty(len(mixed), np.int32)
    numbers[:first] = mixed[:first] >> np.uint64(64 - WORD_BITS)
    numbers[first:second] = mixed[first:second] >> np.uint64(64 - PIECE_BITS)
    numbers[second:] = mixed[second:] >> np.uint64(64 - PAIR_BITS)
    numbers[first:second] += WORD_SPACE
    numbers[second:] += WORD_SPACE + PIECE_SPACE
    numbers.sort()
    begins = np.flatnonzero(np.concatenate([_FIRST, numbers[1:] != numbers[:-1]])) if len(numbers) else np.empty(0, np.intp)
    counts = np.empty(len(begins), np.float32)
    counts[:-1] = begins[1:] - begins[:-1]
    counts[-1:] = len(numbers) - begins[-1:]
    ids = numbers[begins]
    first, second = (int(at) for at in np.searchsorted(ids, _BORDERS))
    few = len(ids) - second
    return Features(
        ids[:first], counts[:first], ids[first:second] - np.int32(WORD_SPACE), counts[first:second],
        ids[second:] - np.int32(WORD_SPACE + PIECE_SPACE), np.ones(few, np.float32),
    )  # fmt: skip


def _numbers(hashes: NDArray[np.uint64], bits: int) -> Ids:
    return (_mixed(hashes) >> np.uint64(64 - bits)).astype(np.int32)


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (hashes ^ (hashes >> np.uint64(29))) * _ODD
