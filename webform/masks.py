"""Masks: what an order number looks like, in a language too small to hang.

``#`` stands for a digit, ``@`` for a letter, ``?`` for either; every other character stands for itself, letters in either
case. ``{3}`` or ``{3,8}`` behind a place repeats it, ``|`` parts alternatives: ``MG-#{4,6} | W########``. Spaces do not
count, neither in the mask nor in what was typed. Matching walks all readings at once: its time is bounded by the length
of the mask times the length of the text, whatever either says.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from webform.tickets import fold

LONGEST_MASK, MOST_TIMES, MOST_ALTERNATIVES, MOST_PLACES = 100, 40, 5, 64
LONGEST_TEXT = 64
_PIECE = re.compile(r"(?P<place>[^{}|])(?:\{(?P<least>\d{1,3})(?:,(?P<most>\d{1,3}))?\})?")
_ANY, _DIGIT, _LETTER = "?", "#", "@"


class MaskError(ValueError):
    """A mask that says nothing or cannot be read."""


@dataclass(frozen=True, slots=True)
class _Place:
    sign: str
    optional: bool

    def takes(self, character: str) -> bool:
        if self.sign == _DIGIT:
            return character.isascii() and character.isdigit()
        if self.sign == _LETTER:
            return character.isalpha()
        return character.isalpha() or (character.isascii() and character.isdigit()) if self.sign == _ANY else character == self.sign


def check(mask: str) -> None:
    """Look whether a mask can be used.

    :raises MaskError: if it cannot.
    """
    _read(mask)


def matches(mask: str, text: str) -> bool:
    """Tell whether a text looks as a mask says; a mask that cannot be read takes everything, so that no request is lost by it."""
    flat = fold("".join(text.split()))
    if len(flat) > LONGEST_TEXT:
        return False
    try:
        return any(_fits(places, flat) for places in _read(mask))
    except MaskError:
        return True


def example(mask: str) -> str:
    """Make up a text that fits the first alternative of a mask, for a hint; nothing if it cannot be read."""
    try:
        places = _read(mask)[0]
    except MaskError:
        return ""
    digits = "1234567890" * 10
    made = ({_DIGIT: digits[number], _LETTER: "A", _ANY: "A"}.get(place.sign, place.sign.upper()) for number, place in enumerate(places) if not place.optional)
    return "".join(made)


@lru_cache(maxsize=500)
def _read(mask: str) -> tuple[tuple[_Place, ...], ...]:
    if len(mask) > LONGEST_MASK:
        raise MaskError("too long")
    alternatives = tuple(_alternative(fold("".join(part.split()))) for part in mask.split("|"))
    if len(alternatives) > MOST_ALTERNATIVES:
        raise MaskError("too many alternatives")
    return alternatives


def _alternative(text: str) -> tuple[_Place, ...]:
    places: list[_Place] = []
    at = 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None:
            raise MaskError("cannot be read")
        least = int(piece["least"]) if piece["least"] else 1
        most = int(piece["most"]) if piece["most"] else least
        if not 0 <= least <= most <= MOST_TIMES or most == 0:
            raise MaskError("cannot be repeated so often")
        places += [_Place(piece["place"], optional=time >= least) for time in range(most)]
        at = piece.end()
    if not places or all(place.optional for place in places):
        raise MaskError("says nothing")
    if len(places) > MOST_PLACES:
        raise MaskError("too long")
    return tuple(places)


def _fits(places: tuple[_Place, ...], text: str) -> bool:
    reached = _onwards(places, {0})
    for character in text:
        reached = _onwards(places, {at + 1 for at in reached if at < len(places) and places[at].takes(character)})
        if not reached:
            return False
    return len(places) in reached


def _onwards(places: tuple[_Place, ...], reached: set[int]) -> set[int]:
    """Add the places that are reached by leaving out what is optional."""
    found = set(reached)
    for at in sorted(reached):
        while at < len(places) and places[at].optional:
            at += 1
            found.add(at)
    return found
