"""Elsewhere: answers that exist only in a language other than the reader's, found by the names and codes that all languages share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kb.analysis import is_code, is_stop_word, terms
from kb.features import MOST_CHARACTERS
from kb.languages import ENGLISH, script_in, script_of
from kb.room import Room

Judge = Callable[[Room, str], list[tuple[int, float]]]
"""Tells which articles of a language may answer a text, and how probable that is of each."""

MOST_NAMES, MOST_ROOMS = 4, 3
RARE_SHARE, RARE = 0.02, 3
"""Share, or number, of a language's articles that may have a name: what more of them have names none of them."""
SHORTEST_NAME = 3
SPACED = frozenset(("latin", "ru", "el", "he", "ar", "hi", "ka", "hy"))
"""Scripts with words between spaces."""


@dataclass(frozen=True, slots=True)
class Names:
    """What is the same in every language: codes, versions and file names, and the words of a text in a script that is not its own."""

    codes: tuple[str, ...]
    words: tuple[str, ...]


def names(text: str, language: str) -> Names:
    """List the names in a text."""
    codes: dict[str, None] = {}
    words: dict[str, None] = {}
    foreign = SPACED - {script_of(language)}
    for term in terms(text[:MOST_CHARACTERS], language):
        word = text[term.start : term.end]
        if is_code(word):
            codes[word] = None
        elif len(word) >= SHORTEST_NAME and script_in(word) in foreign and not is_stop_word(word, ENGLISH):
            words[word] = None
    return Names(tuple(codes), tuple(words))


def answered_elsewhere(text: str, language: str, *, rooms: Mapping[str, Room], judge: Judge) -> list[tuple[int, float]]:
    """Find articles of other languages that have a rare name or code of the text which no article of its own language has.

    Another language is asked for these names alone, as if somebody had typed nothing else, so how sure it is means the same as ever.

    :return: articles with the probability that each answers, best first; some may exist in the text's own language after all.
    """
    own = rooms.get(language)
    if own is None or own.index is None or len(rooms) < 2:
        return []
    found = names(text, language)
    if not (found.codes or found.words):
        return []
    unknown = Names(*(tuple(name for name in some if not _known(own, name))[:MOST_NAMES] for some in (found.codes, found.words)))
    others = sorted((room for room in rooms.values() if room is not own), key=lambda room: -len(room.places))[:MOST_ROOMS]
    answers: dict[int, float] = {}
    for room in others:
        for name in _askable(room, unknown):
            having = _having(room, name)
            for article, score in judge(room, name):
                if article in having:
                    answers[article] = max(score, answers.get(article, 0.0))
    return sorted(answers.items(), key=lambda each: -each[1])


def _askable(room: Room, unknown: Names) -> list[str]:
    """Choose what a language is asked for: its rare codes, and the words of the text only if it knows every one of them."""
    most = max(RARE, RARE_SHARE * len(room.places))
    codes = [code for code in unknown.codes if 0 < _known(room, code) <= most]
    counts = [_known(room, word) for word in unknown.words]
    return [*codes, *([" ".join(unknown.words)] if counts and 0 < min(counts) <= most else [])]


def _known(room: Room, name: str) -> int:
    return room.index.knows(name) if room.index else 0


def _having(room: Room, name: str) -> set[int]:
    """Name the articles that have every word of a name."""
    found = [room.index.shares(word) if room.index else {} for word in name.split()]
    entries = [set().union(*each.values()) for each in found]
    return {int(room.articles[room.places[entry]]) for entry in set.intersection(*entries) if entry in room.places} if entries else set()
