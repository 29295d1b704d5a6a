"""Substance: whether a change of a text says something else, or only says it better.

The rule: a change is one of substance unless all words that differ are the same but for capitals, marks, hyphens, spaces and
emphasis, or slips and other forms of the same word (``kb.slips``), or words that carry none, as *please*. Numbers, codes, where
links lead, pictures, and a *not* that comes or goes always count. In doubt it counts: a look too many costs a writer one press of
a button, a look too few tells a customer something wrong.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from markdown_it.token import Token

from kb.analysis import normal
from kb.markdown import parse
from kb.revisions import Wording
from kb.slips import LEAST_FOR_A_SLIP, is_empty, is_slip

MOST_WORDS = 2_000
"""Changed words of one text beyond which nobody only corrects slips: nothing is compared then."""

EXACT = "\0"
"""What begins a token that has to be the same to the letter: an address, a line of code."""

Tokens = tuple[str, ...]

_HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(
    r"(?<![\w.,])-?\d+(?:[.,:/-]\d+)*"  # A number keeps its sign.
    r"|[<>\u2264\u2265=\u00b1+](?=\s*\d)|[%\u2030\u00b0$\u20ac\u00a3\u00a5\u20bd]"
    rf"|[{_HAN}]"
    rf"|(?:[^\W_{_HAN}]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f])+"
)
_NEGATED = re.compile(r"\b(ca(?=n)|wo(?=n)|do|does|did|is|are|was|were|has|have|had|should|would|could|must|need)n(?:['\u2019]?|o)t\b")
_WHOLE = {"ca": "can", "wo": "will"}
_MINUS = str.maketrans("\u2212\u2013", "--")
_SILENT = re.compile(r"(?<=\w)['\u2019](?=\w)|[\u0591-\u05c7\u0610-\u061a\u064b-\u0652\u0670\u0640\u00ad\u200b-\u200f]")
_A_WHILE = re.compile("\u4e00\u4e0b")


class Change(StrEnum):
    """What became of a text."""

    NONE = "none"
    SLIGHT = "slight"
    SUBSTANCE = "substance"


def change_of(before: Wording, after: Wording, language: str) -> Change:
    """Compare two states of a text: title, summary and body."""
    lines = [(wording.title, wording.summary, wording.body) for wording in (before, after)]
    return Change.NONE if lines[0] == lines[1] else _judge([*_plain(before), *_body(before.body)], [*_plain(after), *_body(after.body)], language)


def change_in(before: str, after: str, language: str) -> Change:
    """Compare two states of some Markdown."""
    return Change.NONE if before == after else _judge(_body(before), _body(after), language)


def _judge(before: Sequence[Tokens], after: Sequence[Tokens], language: str) -> Change:
    """Compare line by line first: most of a text stays as it is."""
    for _, first, last, start, end in _changes(before, after):
        old = [token for line in before[first:last] for token in line]
        new = [token for line in after[start:end] for token in line]
        if old == new:  # A line was divided.
            continue
        if max(len(old), len(new)) > MOST_WORDS:
            return Change.SUBSTANCE
        kept = Counter(token for line in after for token in line)
        for _, i, j, k, m in _changes(old, new):
            if not _is_slight(old, new, (i, j, k, m), language, kept):
                return Change.SUBSTANCE
    return Change.SLIGHT


def _changes(before: Sequence[Hashable], after: Sequence[Hashable]) -> Iterator[tuple[str, int, int, int, int]]:
    return (each for each in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if each[0] != "equal")


def _is_slight(before: Sequence[str], after: Sequence[str], where: tuple[int, int, int, int], language: str, kept: Counter[str]) -> bool:
    i, j, k, m = where
    old, new = before[i:j], after[k:m]
    if _all_slips(old, new, language, kept) or _repeats(before, i, j, new) or _repeats(after, k, m, old):
        return True
    old, new = [word for word in old if not is_empty(word, language)], [word for word in new if not is_empty(word, language)]
    if any(token.startswith(EXACT) or not token.isalpha() for token in (*old, *new)):
        return old == new or _all_slips(old, new, language, kept)
    return "".join(old) == "".join(new) or _all_slips(old, new, language, kept)


def _all_slips(old: Sequence[str], new: Sequence[str], language: str, kept: Counter[str]) -> bool:
    """Tell whether word for word is the same; a word that is still used in the new text was not written wrong."""
    return len(old) == len(new) and all(a == b or (is_slip(a, b, language) and not _is_word(a, b, kept)) for a, b in zip(old, new, strict=True))


def _is_word(old: str, new: str, kept: Counter[str]) -> bool:
    """Tell whether neither can be a slip of the other, or has to be the same to the letter."""
    return old.startswith(EXACT) or new.startswith(EXACT) or (kept[old] > 0 and len(old) == len(new) and len(old) >= LEAST_FOR_A_SLIP)


def _repeats(tokens: Sequence[str], first: int, last: int, other: Sequence[str]) -> bool:
    """Tell whether all that one side has more is a word written twice."""
    if other or last - first != 1 or not tokens[first].isalpha():
        return False
    return tokens[first] in (*tokens[max(first - 1, 0) : first], *tokens[last : last + 1])


def _plain(wording: Wording) -> list[Tokens]:
    return [_tokens(wording.title), _tokens(wording.summary)]


@lru_cache(maxsize=64)
def _body(markdown: str) -> tuple[Tokens, ...]:
    """Give the tokens of each block, without what only says how it looks."""
    lines: list[Tokens] = []
    for block in parse(markdown):
        if block.type in ("fence", "code_block"):
            lines += [(EXACT + line.strip(),) for line in block.content.splitlines() if line.strip()]
        elif block.type == "inline" and (tokens := tuple(_inline(block))):
            lines.append(tokens)
    return tuple(lines)


def _inline(block: Token) -> Iterator[str]:
    """Read the words over the borders of emphasis, which may be in the middle of one."""
    words: list[str] = []
    addresses: list[str] = []
    for child in block.children or []:
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type == "link_open":
            addresses.append(f"{EXACT}{child.attrGet('href')}")
        elif child.type == "image":
            words.append(f" {child.content} ")
            addresses.append(f"{EXACT}{child.attrGet('src')}")
    yield from _tokens("".join(words))
    yield from addresses


def _tokens(text: str) -> Tokens:
    text = _A_WHILE.sub("", _SILENT.sub("", _negations(normal(text))))
    return tuple(_TOKEN.findall(text.translate(_MINUS)))


def _negations(text: str) -> str:
    """Write out what is drawn together: *can't* and *cannot* are *can not*."""
    return _NEGATED.sub(lambda found: f"{_WHOLE.get(found[1], found[1])} not", text)
