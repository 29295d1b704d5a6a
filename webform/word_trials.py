"""Trials of words: a text in pieces, each with what the lists make of it."""

from dataclasses import dataclass

from kb.thesaurus import Concept
from kb.wording import Wording


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: ``added`` is what is looked for as well, ``silent`` that it is not looked for at all."""

    text: str
    added: tuple[str, ...] = ()
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """A text in pieces, and the rules that fired, each once; ``concepts`` are those that it names, known without any rule."""

    pieces: tuple[Piece, ...]
    rules: tuple[str, ...]
    silent: tuple[str, ...]
    concepts: tuple[Concept, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the lists make anything of the text."""
        return bool(self.rules or self.silent)


def lay_out(text: str, wording: Wording, concepts: tuple[Concept, ...] = ()) -> Trial:
    """Cut a text where its words fired, or are blanked out."""
    places: dict[tuple[int, int], Piece] = {}
    for fired in wording.fired:
        known = places.get((fired.start, fired.end))
        places[fired.start, fired.end] = Piece(fired.phrase, (*(known.added if known else ()), *fired.added))
    at = 0
    for phrase in wording.silent:
        at = next(start for start in range(at, len(text)) if text.startswith(phrase, start) and not wording.text[start : start + len(phrase)].strip())
        places[at, at + len(phrase)] = Piece(phrase, silent=True)
        at += len(phrase)
    pieces: list[Piece] = []
    at = 0
    for (start, end), piece in sorted(places.items()):
        pieces += [Piece(text[at:start]), piece]
        at = end
    rules = tuple(dict.fromkeys(fired.rule for fired in wording.fired))
    return Trial(tuple(piece for piece in (*pieces, Piece(text[at:])) if piece.text), rules, wording.silent, concepts)
