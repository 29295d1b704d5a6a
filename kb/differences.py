"""Differences: what went and what came between two texts, word by word, in scripts without spaces character by character.

Lines are aligned first, then the words of those that differ. Both are longest common subsequences found by RapidFuzz
in bits; what would cost too much is shown as one replacement, so that no two texts take longer than about a second.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import LCSseq

MOST_CELLS = 250_000_000
"""Cells of the table of one alignment; at one bit each, 32 MB."""
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese."""
_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+|\n|[^\S\n]+|.", re.DOTALL)


class Kind(StrEnum):
    """What became of a piece."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both have, or only the older one, or only the newer one."""

    kind: Kind
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """Tell what went and what came; the pieces but the new ones are the old text, those but the gone ones the new text."""
    old, new = old.replace("\r\n", "\n"), new.replace("\r\n", "\n")
    found: list[Piece] = []
    for same, gone, came in _aligned(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        if same:
            found.append(Piece(Kind.SAME, "".join(same)))
        else:
            found += _words("".join(gone), "".join(came))
    return _joined(found)


def tokens(text: str) -> list[str]:
    """Cut a text into words, spaces and signs, and into characters where words are not spaced."""
    return _TOKEN.findall(text)


def _words(gone: str, came: str) -> Iterator[Piece]:
    waiting = ["", ""]
    runs = list(_aligned(tokens(gone), tokens(came)))
    for number, (same, old, new) in enumerate(runs):
        text = "".join(same)
        between = 0 < number < len(runs) - 1
        if text and not (between and text.isspace() and "\n" not in text):
            yield from _pieces(*waiting)
            waiting = ["", ""]
            yield Piece(Kind.SAME, text)
        else:  # A lone space between two changed words would tear a sentence into shreds.
            waiting = [waiting[0] + text + "".join(old), waiting[1] + text + "".join(new)]
    yield from _pieces(*waiting)


def _pieces(gone: str, came: str) -> Iterator[Piece]:
    if gone:
        yield Piece(Kind.GONE, gone)
    if came:
        yield Piece(Kind.NEW, came)


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str], Sequence[str]]]:
    """Give in turn what both have, or what each has instead of the other."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    if head:
        yield old[:head], (), ()
    first, second = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(first) * len(second) > MOST_CELLS:
        yield (), first, second
    else:
        at_old = at_new = 0
        for step in LCSseq.opcodes(first, second):
            if step.tag == "equal":
                if at_old < step.src_start or at_new < step.dest_start:
                    yield (), first[at_old : step.src_start], second[at_new : step.dest_start]
                yield first[step.src_start : step.src_end], (), ()
                at_old, at_new = step.src_end, step.dest_end
        if at_old < len(first) or at_new < len(second):
            yield (), first[at_old:], second[at_new:]
    if tail:
        yield old[len(old) - tail :], (), ()


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    return next((number for number, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new)))


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].kind is piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        elif piece.text:
            joined.append(piece)
    return joined
