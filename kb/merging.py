"""Merging: two people changed the same text; what does not touch is put together, and what does is shown to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

from kb.revisions import Wording

MOST_LINES = 5_000
"""Lines beyond which two changed texts are not compared but shown whole: comparing takes the square of them at worst."""

LINES = ("title", "summary", "category", "slug")
"""What is merged as a whole: one of two changes wins, or somebody chooses."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of a body: settled, or as either person has them and as they were before."""

    settled: tuple[str, ...] = ()
    base: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    mine: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody has to choose."""
        return self.theirs != self.mine


@dataclass(frozen=True, slots=True)
class Merge:
    """What two changes of a text come to: lines that are settled, those that are not, and the body in blocks.

    :ivar settled: by name, what is settled of title, summary, category and slug.
    :ivar open: by name, theirs and mine of what is not.
    """

    settled: dict[str, str]
    open: dict[str, tuple[str, str]]
    blocks: tuple[Block, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nobody has to choose anything."""
        return not self.open and not any(block.is_open for block in self.blocks)

    def wording(self, choices: Sequence[str] = (), chosen: dict[str, str] | None = None) -> Wording:
        """Give the merged text.

        :param choices: for each open block in turn what to take: ``theirs``, ``mine`` or ``both``; both if nothing is said.
        :param chosen: for each open line ``theirs`` or ``mine``; mine if nothing is said.
        """
        lines = {name: pair[0] if (chosen or {}).get(name) == "theirs" else pair[1] for name, pair in self.open.items()}
        wanted = chain(choices, iter(lambda: "both", None))
        body = chain.from_iterable(_taken(block, next(wanted)) if block.is_open else block.settled for block in self.blocks)
        return Wording(body="\n".join(body), **(self.settled | lines))


def merge(base: Wording, theirs: Wording, mine: Wording) -> Merge:
    """Put together what two people made of the same text."""
    settled, opened = {}, {}
    for name in LINES:
        old, other, own = (str(getattr(each, name)) for each in (base, theirs, mine))
        if other == own or old in (other, own):
            settled[name] = own if old == other else other
        else:
            opened[name] = (other, own)
    return Merge(settled, opened, tuple(merge_lines(base.body.split("\n"), theirs.body.split("\n"), mine.body.split("\n"))))


def merge_lines(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> Iterator[Block]:
    """Merge lines: what one person left alone is taken from the other; what both changed alike is settled too."""
    at_base = at_theirs = at_mine = 0
    for start, other, own, length in _unchanged(base, theirs, mine):
        yield from _between(tuple(base[at_base:start]), tuple(theirs[at_theirs:other]), tuple(mine[at_mine:own]))
        if length:
            yield Block(tuple(base[start : start + length]))
        at_base, at_theirs, at_mine = start + length, other + length, own + length


def _between(base: tuple[str, ...], theirs: tuple[str, ...], mine: tuple[str, ...]) -> Iterator[Block]:
    if theirs == mine or base in (theirs, mine):
        taken = mine if base == theirs else theirs
        if taken:
            yield Block(taken)
    else:
        yield Block((), base, theirs, mine)


def _unchanged(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Find lines that both have left alone: where they begin in the three texts, and how many; at last an empty end."""
    left, right = _matches(base, theirs), _matches(base, mine)
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i][0], right[j][0])
        end = min(left[i][0] + left[i][2], right[j][0] + right[j][2])
        if start < end:
            yield start, left[i][1] + start - left[i][0], right[j][1] + start - right[j][0], end - start
        if left[i][0] + left[i][2] < right[j][0] + right[j][2]:
            i += 1
        else:
            j += 1
    yield len(base), len(theirs), len(mine), 0


def _matches(base: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    """List equal runs of lines; the common beginning and end are found first, which is all there is of most changes."""
    head = _common(base, other)
    tail = _common(base[head:][::-1], other[head:][::-1])
    first, last = base[head : len(base) - tail], other[head : len(other) - tail]
    middle = SequenceMatcher(None, first, last).get_matching_blocks() if max(len(first), len(last)) <= MOST_LINES else []
    found = [(0, 0, head), *((match.a + head, match.b + head, match.size) for match in middle), (len(base) - tail, len(other) - tail, tail)]
    return [each for each in found if each[2]]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return next((number for number, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _taken(block: Block, wanted: str) -> Sequence[str]:
    """Take a choice; of two paragraphs that are both kept, each stays one of its own."""
    if wanted == "theirs":
        return block.theirs
    if wanted == "mine":
        return block.mine
    between = ("",) if block.theirs and block.mine and block.theirs[-1].strip() and block.mine[0].strip() else ()
    return (*block.theirs, *between, *block.mine)
