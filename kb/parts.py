"""Parts: a body cut at its headings into pieces of Markdown that make exactly the same body when put together."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from markdown_it.token import Token

from kb.markdown import parse, render_blocks

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_SIGNS = re.compile(r"\d+|`[^`\n]+`|\]\([^)\s]+|^\s*(?:[-*+]|\d+[.)])\s|^\|", re.MULTILINE)
Pairs = list[tuple[int | None, int | None]]

ALONE = 0.6
"""What it costs to leave a part without a partner; a pair has to be worth more than this on both sides."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with what stands under it, up to the next heading of any level: a passage, or a long one with its continuations.

    :ivar level: of the heading, from 2 on; 0 for what stands before the first one.
    :ivar source: Markdown with the heading and everything up to the next one, to the last line break.
    """

    level: int
    heading: str
    source: str
    html: str

    @property
    def text(self) -> str:
        """The Markdown without the empty lines at its end."""
        return self.source.rstrip("\r\n")


def cut_parts(body: str) -> list[Part]:
    """Cut a body at the headings at which :func:`kb.passages.cut` cuts it; what is only blank makes no part."""
    lines, blocks = _LINE.findall(body), parse(body)
    starts = [0, *(position for position, block in enumerate(blocks) if block.level == 0 and block.type == "heading_open")]
    found: list[Part] = []
    for number, (first, last) in enumerate(pairwise([*starts, len(blocks)])):
        begin = _line(blocks[first]) if number else 0
        source = "".join(lines[begin : _line(blocks[last]) if last < len(blocks) else len(lines)])
        if number:
            heading = blocks[first].meta["heading"]
            found.append(Part(heading.level, heading.text, source, render_blocks(blocks[first:last])))
        elif source.strip():
            found.append(Part(0, "", source, render_blocks(blocks[:last])))
    return found


def join_parts(was: Sequence[str], now: Sequence[str]) -> str:
    """Put a body together of its parts as they were and as they are now; what was not touched stays as it was to the last blank."""
    before, after = [_lines(part) for part in was], [_lines(part) for part in now]
    body, touched = "", False
    for old, new in zip(before, after, strict=True):
        changed = new.strip("\n").rstrip() != old.strip("\n").rstrip()
        piece = new.strip("\n").rstrip() if changed else old
        if not piece.strip():
            touched = touched or changed
            continue
        body = f"{body.rstrip()}\n\n{piece}" if body and (changed or touched) else body + piece
        touched = changed
    whole = "".join(before)
    end = whole[len(whole.rstrip()) :] if whole.strip() else "\n"
    return f"{body.rstrip()}{end}" if touched and body else body


def pair_versions(before: Sequence[Part], after: Sequence[Part]) -> Pairs:
    """Find which part of a text became which one of a later version of it."""
    return _pair(before, after, _same_text)


def pair_languages(source: Sequence[Part], other: Sequence[Part]) -> Pairs:
    """Find which part of a text says what which one of another language says, by headings, numbers, links, lists and place.

    Two texts with the same headings in the same order belong together as they stand.
    """
    if [part.level for part in source] == [part.level for part in other]:
        return [(number, number) for number in range(len(source))]
    return _pair(source, other, _same_shape)


def _pair(left: Sequence[Part], right: Sequence[Part], worth: Callable[[Part, Part], float]) -> Pairs:
    """Choose the pairs, in the order of both, that are worth most together."""
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    gains = [[worth(one, other) - 2 * ALONE for other in right] for one in left]
    for i in range(len(left) - 1, -1, -1):
        for k in range(len(right) - 1, -1, -1):
            best[i][k] = max(best[i + 1][k], best[i][k + 1], best[i + 1][k + 1] + gains[i][k])
    found: Pairs = []
    i = k = 0
    while i < len(left) and k < len(right):
        if gains[i][k] > 0 and best[i][k] == best[i + 1][k + 1] + gains[i][k]:
            found.append((i, k))
            i, k = i + 1, k + 1
        elif best[i][k] == best[i + 1][k]:
            found.append((i, None))
            i += 1
        else:
            found.append((None, k))
            k += 1
    return [*found, *((rest, None) for rest in range(i, len(left))), *((None, rest) for rest in range(k, len(right)))]


def _same_text(one: Part, other: Part) -> float:
    if one.source == other.source:
        return 4.0
    shared = _overlap(Counter(one.source.split()), Counter(other.source.split())) if " " in one.source.strip() else 0.0
    if shared < 0.1:  # Scripts without spaces.
        shared = SequenceMatcher(None, one.source[:2000], other.source[:2000], autojunk=False).quick_ratio() - 0.35
    return (1.5 if one.heading == other.heading and one.level == other.level else 0.0) + 3 * max(shared, 0.0)


def _same_shape(one: Part, other: Part) -> float:
    if (one.level == 0) != (other.level == 0):
        return 0.0
    level = 1.0 if one.level == other.level else 0.2
    lengths = sorted((len(one.source), len(other.source)))
    return level + 2.5 * _overlap(_signs(one), _signs(other)) + 0.6 * lengths[0] / max(lengths[1], 1)


def _signs(part: Part) -> Counter[str]:
    """Count what is the same in every language: numbers, code, addresses, and what begins a line."""
    return Counter(re.sub(r"\d+[.)]", "1.", sign.strip()) if not sign.strip().isdigit() else sign for sign in _SIGNS.findall(part.source))


def _overlap(one: Counter[str], other: Counter[str]) -> float:
    if not one and not other:
        return 0.4
    return sum((one & other).values()) / max(sum((one | other).values()), 1)


def _line(block: Token) -> int:
    return block.map[0] if block.map else 0


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
