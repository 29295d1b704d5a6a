"""Probes: texts made of the articles themselves, where too few labelled ones say how sure to be."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kb.holdings import Entry

MOST, FEWEST = 120, 24
FEW_ARTICLES = 5
ROUNDS = 4
LENGTH, KNOWN_SHARE, STRANGE_SHARE = 14, 0.45, 0.3
"""Words of a probe, and the share of them that its article knows; the smaller one where no article is to be found."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A piece of an article in which some words are unheard of.

    ``strange`` is the same piece with so few words left that no article answers it. It is made only where a language has
    few articles: elsewhere the article is taken away, and what is left, full of look-alikes, must not be taken for an answer.
    """

    text: str
    language: str
    article_id: int
    strange: str = ""


def make_probes(entries: Sequence[Entry], dice: np.random.Generator) -> Iterator[list[Probe]]:
    """Make probes, in a few rounds of which each has articles of its own.

    :return: as many probes as there are entries, within bounds: a small knowledge base is tried more than once.
    """
    if not entries:
        return
    scarce = {language for language, count in Counter(entry.language for entry in entries).items() if count < FEW_ARTICLES}
    chosen = entries if len(entries) <= MOST else [entries[place] for place in sorted(dice.choice(len(entries), MOST, replace=False))]
    articles = list(dict.fromkeys(entry.article_id for entry in chosen))
    times = -(-FEWEST // len(chosen))
    for turn in range(ROUNDS):
        own = frozenset(articles[turn::ROUNDS])
        part = [_probe(entry, dice, scarce) for entry in chosen if entry.article_id in own for _ in range(times)]
        if part:
            yield part


def _probe(entry: Entry, dice: np.random.Generator, scarce: set[str]) -> Probe:
    text = f"{entry.title}\n{entry.text}" if len(entry.text.split()) < LENGTH else entry.text
    spaced = " " in text.strip()
    words = text.split() if spaced else list(text)
    start = int(dice.integers(max(len(words) - LENGTH, 1)))
    piece = words[start : start + LENGTH]
    strange = _veiled(piece, STRANGE_SHARE, dice, spaced=spaced) if entry.language in scarce else ""
    return Probe(_veiled(piece, KNOWN_SHARE, dice, spaced=spaced), entry.language, entry.article_id, strange)


def _veiled(words: Sequence[str], known: float, dice: np.random.Generator, *, spaced: bool) -> str:
    return (" " if spaced else "").join(word if dice.random() < known else _unheard(dice, spaced=spaced) for word in words)


def _unheard(dice: np.random.Generator, *, spaced: bool) -> str:
    """Make up a word that no article has."""
    if not spaced:
        return chr(int(dice.integers(0x20000, 0x2A000)))
    return "".join(chr(int(letter)) for letter in dice.integers(0x1681, 0x169B, 6))
