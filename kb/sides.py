"""Sides: a text and its translation beside each other, passage by passage, with what changed since the translation was made."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kb.differences import Kind, Piece, compare
from kb.parts import Pairs, Part, cut_parts, pair_languages, pair_versions
from kb.substance import Change, change_in


class State(StrEnum):
    """What a writer has to do about a passage."""

    KEPT = "kept"
    SLIGHT = "slight"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Row:
    """A passage of the source as it is, as it was when the translation was made, and the translation's own."""

    source: Part | None
    before: Part | None
    own: Part | None
    state: State

    @property
    def pieces(self) -> list[Piece]:
        """What went and what came in the source, word by word; nothing where there is no difference to look at."""
        if self.state in (State.KEPT, State.OWN, State.NEW):
            return []
        return compare(self.before.text if self.before else "", self.source.text if self.source else "")

    @property
    def wants_work(self) -> bool:
        """Whether the translation does not say what the source says."""
        return self.state in (State.CHANGED, State.NEW, State.GONE)


def lay_out(source: str, own: str, language: str, *, before: str | None = None) -> list[Row]:
    """Lay two languages of an article beside each other, in the order of both.

    :param source: the body as it is now.
    :param own: the body of the translation.
    :param language: of the source.
    :param before: the body that the translation was made from, if that is known and the translation follows it.
    """
    now, mine = cut_parts(source), cut_parts(own)
    if before is None:
        return [Row(_at(now, i), None, _at(mine, k), State.KEPT if mine and i is not None else State.OWN) for i, k in pair_languages(now, mine)]
    then = cut_parts(before)
    # The languages are paired as they were made; what became of the source since is told in its own language.
    partners = dict(pair for pair in pair_languages(then, mine) if pair[0] is not None)
    return _rows(now, then, mine, pair_versions(then, now), partners, language)


def line_change(before: str, after: str, language: str) -> tuple[State, list[Piece]]:
    """Compare two states of a title or a summary."""
    change = change_in(before, after, language)
    pieces = compare(before, after) if change is not Change.NONE else []
    return (_STATES[change], pieces)


_STATES = {Change.NONE: State.KEPT, Change.SLIGHT: State.SLIGHT, Change.SUBSTANCE: State.CHANGED}


def _rows(now: Sequence[Part], then: Sequence[Part], mine: Sequence[Part], versions: Pairs, partners: dict[int | None, int | None], language: str) -> list[Row]:
    rows: list[Row] = []
    given = 0
    for was, became in versions:
        at = partners.get(was) if was is not None else None
        if at is not None:
            rows += [Row(None, None, mine[extra], State.OWN) for extra in range(given, at)]
            given = at + 1
        row = _row(_at(now, became), _at(then, was), _at(mine, at), language)
        if row is not None:
            rows.append(row)
    return [*rows, *(Row(None, None, mine[extra], State.OWN) for extra in range(given, len(mine)))]


def _row(source: Part | None, before: Part | None, own: Part | None, language: str) -> Row | None:
    if source is None:
        return Row(None, before, own, State.GONE) if own is not None else None
    if before is None:
        return Row(source, None, own, State.NEW)
    return Row(source, before, own, _STATES[change_in(before.text, source.text, language)])


def _at(parts: Sequence[Part], number: int | None) -> Part | None:
    return None if number is None else parts[number]


def shown(pieces: Sequence[Piece]) -> tuple[int, int]:
    """Count the words that went and came, roughly, for whoever cannot see the marks."""
    counts = {kind: sum(len(piece.text.split()) for piece in pieces if piece.kind is kind) for kind in Kind}
    return counts[Kind.GONE], counts[Kind.NEW]
