"""Lines of rules: what a rule looks for in a text, as people write it, one phrase a line.

A phrase is words that must occur in this order, with at most a few others between them: ``charged twice`` is also found in
"charged my card twice". Words match in any inflection. ``charged|billed twice`` takes either of two words, ``refus*`` any
word that begins so, ``"legal size"`` wants the words side by side. A line that begins with ``-`` is an exception: where it
is found, the rule's other phrases are not. In a script without spaces a word is any run of characters.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kb.analysis import is_stop_word, normal, stem

MOST_LINES, LONGEST_LINE, MOST_WORDS, MOST_READINGS = 500, 300, 8, 500
LEAST_BEGINNING = 3
"""Letters that must stand before a ``*``."""

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+\*?")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_APOSTROPHES = "'’ʼ`"


class Fault(StrEnum):
    """What can be wrong with a line."""

    TOO_MANY = "too many lines"
    TOO_LONG = "too long"
    NO_WORD = "no word"
    TOO_MANY_WORDS = "too many words"
    TOO_MANY_READINGS = "too many readings"
    SHORT_BEGINNING = "short beginning"
    SAYS_NOTHING = "says nothing"


class PhraseError(Exception):
    """A line that cannot be a phrase; ``line`` counts from 1."""

    def __init__(self, fault: Fault, line: int) -> None:
        super().__init__(f"line {line}: {fault}")
        self.fault, self.line = fault, line


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a phrase in the form in which it is matched; ``joined``: nothing may stand before it, ``begins``: it is only a beginning."""

    text: str
    joined: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A line as it was written, whether it is an exception, and every way in which it can be read."""

    line: str
    unless: bool
    readings: tuple[tuple[Word, ...], ...]


def flatten(text: str) -> str:
    """Fold what does not matter before a text is cut into words: case and apostrophes."""
    text = text.casefold()
    for mark in _APOSTROPHES:
        text = text.replace(mark, "")
    return text


def is_unspaced(word: str) -> bool:
    """Tell whether a word is a character of a script without spaces."""
    return _UNSPACED.match(word) is not None


def key(word: str, language: str) -> str:
    """Bring a word to the form in which phrases and texts meet."""
    return word if is_unspaced(word) else stem(word, language)


def read(lines: str, language: str) -> Iterator[Phrase]:
    """Read the phrases of one language; empty lines are passed over.

    :raises PhraseError: if a line cannot be used.
    """
    count = 0
    for number, line in enumerate(lines.splitlines(), 1):
        line = " ".join(line.split())
        if not line:
            continue
        count += 1
        if count > MOST_LINES:
            raise PhraseError(Fault.TOO_MANY, number)
        try:
            yield _phrase(line, language)
        except _Unusable as error:
            raise PhraseError(error.fault, number) from None


class _Unusable(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def _phrase(line: str, language: str) -> Phrase:
    if len(line) > LONGEST_LINE:
        raise _Unusable(Fault.TOO_LONG)
    unless = line.startswith("-")
    words = line.removeprefix("-").strip()
    together = len(words) > 2 and words[0] in '"“«' and words[-1] in '"”»'
    places = [[_WORD.findall(choice) for choice in place.split("|") if choice] for place in flatten(words.strip('"“”«»')).split()]
    places = [[pieces for pieces in place if pieces] for place in places]
    places = [place for place in places if place]
    if not places:
        raise _Unusable(Fault.NO_WORD)
    readings = list(itertools.islice(itertools.product(*places), MOST_READINGS + 1))
    if len(readings) > MOST_READINGS:
        raise _Unusable(Fault.TOO_MANY_READINGS)
    return Phrase(line, unless, tuple(_reading(reading, language, together) for reading in readings))


def _reading(places: tuple[list[str], ...], language: str, together: bool) -> tuple[Word, ...]:
    """Lay out one reading: the pieces of one place belong side by side."""
    words = [_word(piece, language, joined=at > 0 or (together and place > 0)) for place, pieces in enumerate(places) for at, piece in enumerate(pieces)]
    spaced = [piece for pieces in places for piece in pieces if not is_unspaced(piece)]
    if len(spaced) > MOST_WORDS or len(words) > 4 * MOST_WORDS:
        raise _Unusable(Fault.TOO_MANY_WORDS)
    if len(words) == 1 and not words[0].begins and (is_unspaced(words[0].text) or is_stop_word(spaced[0], language)):
        raise _Unusable(Fault.SAYS_NOTHING)
    return tuple(words)


def _word(piece: str, language: str, *, joined: bool) -> Word:
    if not piece.endswith("*"):
        return Word(key(piece, language), joined)
    beginning = normal(piece[:-1])
    if len(beginning) < LEAST_BEGINNING:
        raise _Unusable(Fault.SHORT_BEGINNING)
    return Word(beginning, joined, begins=True)
