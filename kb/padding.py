"""Padding: clauses that say nothing about the problem, as "please help me as soon as possible" or «я ваш клиент уже много лет».

Articles do not have such words, so each of them looked like a reason to believe that no article answers. A clause is padding
only if all its words are; the words alone may mean something elsewhere.
"""

import re
from functools import lru_cache

from kb.analysis import is_stop_word, stem
from kb.courtesies import without_courtesies
from kb.padding_words import CHINESE, CHINESE_DETAILS, DETAILS, WORDS

_DETAILS = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}|\+?\d[\d\s()/.-]{2,20}\d|[A-ZА-Я]{1,4}-?\d[\d-]{2,20}"
_CLAUSE = re.compile(rf"(?:{_DETAILS}|[^,.!?;:()\n—，。！？；：、…]|[.,:!?](?=[A-Za-z0-9А-Яа-яЁё]))+")
_DETAIL = re.compile(_DETAILS)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CHINESE, _CHINESE_DETAIL = re.compile("|".join(CHINESE)), re.compile(CHINESE_DETAILS)
_EMPTY = re.compile(r"[\W\d_的了呢吗啊吧我你您们也都很就是]*")

LONGEST = 4000
"""Characters that are looked at; no more of a text is matched either."""


def gist(text: str, language: str) -> str:
    """Put blanks in the place of courtesies and of padding; a text that is nothing else stays as it is.

    :return: as long as the text.
    """
    return without_padding(without_courtesies(text), language)


def left_out(text: str, left: str) -> tuple[str, ...]:
    """Name the pieces of a text in whose place there are blanks now."""
    changed = "".join("-" if one != other else one if one.isspace() else "." for one, other in zip(text[:LONGEST], left, strict=False))
    return tuple(text[piece.start() : piece.end()].strip(" ,.!?;:\n，。！？；：") for piece in re.finditer(r"-(?:[-\s]*-)?", changed))


def without_padding(text: str, language: str) -> str:
    """Put blanks in the place of clauses that are padding; a text that is nothing else stays as it is.

    :return: as long as the text.
    """
    head = text[:LONGEST]
    padding = [clause.span() for clause in _CLAUSE.finditer(head) if is_padding(clause.group(), language)]
    if not padding:
        return text
    pieces = list(text)
    for start, end in padding:
        pieces[start:end] = " " * (end - start)
    left = "".join(pieces)
    return left if any(letter.isalnum() for letter in left) else text


def is_padding(clause: str, language: str) -> bool:
    """Tell whether a clause says nothing about any problem: a plea, haste, a complaint in general, how to be reached."""
    if not any(letter.isalpha() for letter in clause):
        return False
    bare = _DETAIL.sub(" ", clause)
    if language == "zh":
        return bool(_EMPTY.fullmatch(_CHINESE.sub("", bare if bare == clause else _CHINESE_DETAIL.sub("", bare))))
    if language not in WORDS:
        return False
    if any(letter.isdigit() for letter in bare):
        return False
    known = _stems(language, bare != clause)
    return all(is_stop_word(word, language) or stem(word, language) in known for word in _WORD.findall(bare))


@lru_cache(maxsize=8)
def _stems(language: str, detail: bool) -> frozenset[str]:
    words = f"{WORDS[language]} {DETAILS[language]}" if detail else WORDS[language]
    return frozenset(stem(word, language) for word in words.split())
