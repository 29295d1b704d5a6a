"""Synonyms: lines such as ``refund = money back`` read into rules, and which of them fire for a text.

``a = b`` stands for each other; with ``a => b`` a text that says ``a`` finds ``b`` too, but not the other way round; ``a != b`` or
``a ≠ b`` tells that what the thesaurus holds for the same is not. A side may have several words, and several phrases with commas
between them; a line that begins with ``#`` is a note.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from kb.analysis import Term, normal, terms
from kb.phrases import Phrases

MOST_LINES, MOST_PHRASES, LONGEST_PHRASE = 1000, 12, 80
MOST_FIRED, MOST_ADDED = 8, 4
"""Pieces of a text that fire at most, and phrases added for each: what a text costs stays bounded, however long the lists."""

_ONE_WAY = re.compile("=>|->|[→⇒＞>]")
_BOTH_WAYS = re.compile("[=＝]")
_APART = re.compile("[!！][=＝]|≠")
_BETWEEN = re.compile("[,，、;；|]")


class Why(StrEnum):
    """What is wrong with a line."""

    NO_SIGN = "no sign"
    TWO_SIGNS = "two signs"
    EMPTY_SIDE = "empty side"
    ONE_PHRASE = "one phrase"
    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    TOO_MANY_PHRASES = "too many phrases"
    TOO_MANY_LINES = "too many lines"
    SAYS_NOTHING = "says nothing"


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be used: its number from 1, what it says, and why; ``part`` is the phrase that is meant, or nothing."""

    line: int
    text: str
    why: Why
    part: str = ""


@dataclass(frozen=True, slots=True)
class Synonym:
    """One rule; ``rule`` is its line in one spelling, and names it."""

    rule: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired: ``phrase`` is what the text says at ``start`` to ``end``, ``added`` is what is looked for as well."""

    rule: str
    phrase: str
    start: int
    end: int
    added: tuple[str, ...]


class Synonyms:
    """The rules of one language; never changes."""

    def __init__(self, rules: Sequence[Synonym], language: str) -> None:
        """Take up rules in their order."""
        self.rules, self.language = tuple(rules), language
        self._owners = [(rule, source) for rule in self.rules for source in rule.sources]
        self._phrases = Phrases((source for _, source in self._owners), language)

    def fire(self, text: str, without: Collection[str] = ()) -> tuple[Fired, ...]:
        """List the rules that fire for a text, in the order of the text.

        :param without: rules that are left out, named by ``Synonym.rule``.
        """
        fired: list[Fired] = []
        for met in self._phrases.find(text, MOST_FIRED):
            left = MOST_ADDED
            for rule, source in (self._owners[number] for number in met.numbers):
                added = tuple(target for target in rule.targets if target != source)[:left]
                if rule.rule not in without and added and all(each.rule != rule.rule or each.start != met.start for each in fired):
                    fired.append(Fired(rule.rule, text[met.start : met.end], met.start, met.end, added))
                    left -= len(added)
        return tuple(fired[:MOST_FIRED])


def read_synonyms(lines: str, language: str) -> tuple[list[Synonym], list[Fault]]:
    """Read rules from lines; a faulty line is told and left out."""
    rules: dict[str, Synonym] = {}
    faults: list[Fault] = []
    for number, line in numbered(lines, faults):
        if _APART.search(line):
            if fault := _apart_fault(line, language):
                faults.append(Fault(number, line, *fault))
            continue
        sign = _ONE_WAY.search(line)
        sides = [split(side) for side in (_ONE_WAY.split(line) if sign else _BOTH_WAYS.split(line))]
        every = distinct(phrase for side in sides for phrase in side)
        sources = sides[0] if sign else every
        fault = _sign_fault(line, sides, one_way=sign is not None) or phrases_fault(every, language) or _source_fault(every, sources, language)
        if fault:
            faults.append(Fault(number, line, *fault))
        elif sign:
            rule = f"{', '.join(sources)} => {', '.join(sides[1])}"
            rules.setdefault(rule, Synonym(rule, tuple(sources), tuple(sides[1])))
        else:
            rule = " = ".join(every)
            rules.setdefault(rule, Synonym(rule, tuple(every), tuple(every)))
    return list(rules.values()), sorted(faults, key=lambda fault: fault.line)


def read_apart(lines: str, language: str) -> list[tuple[str, str]]:
    """Read which phrases are not to be held for the same; a faulty line is left out."""
    good = [line for _, line in numbered(lines, []) if _APART.search(line) and not _apart_fault(line, language)]
    return [(one, other) for line in good for one, other in product(*(split(side) for side in _APART.split(line)))]


def numbered(lines: str, faults: list[Fault]) -> list[tuple[int, str]]:
    """Give the lines that say something with their numbers; too many are told once."""
    found = [(number, " ".join(line.split())) for number, line in enumerate(lines.splitlines(), 1)]
    found = [(number, line) for number, line in found if line and not line.startswith("#")]
    if len(found) > MOST_LINES:
        faults.append(Fault(*found[MOST_LINES], Why.TOO_MANY_LINES))
    return found[:MOST_LINES]


def phrases_fault(phrases: Sequence[str], language: str) -> tuple[Why, str] | None:
    """Tell what keeps phrases from being looked for in texts, and which of them it is."""
    for phrase in phrases:
        if len(phrase) > LONGEST_PHRASE:
            return Why.TOO_LONG, phrase
        found = list(terms(phrase, language))
        if not found or (len(found) == 1 and _is_one_character(found[0], phrase)):
            return Why.TOO_SHORT, phrase
    return (Why.TOO_MANY_PHRASES, "") if len(phrases) > MOST_PHRASES else None


def distinct(phrases: Iterable[str]) -> list[str]:
    """Leave out what differs from an earlier phrase in case or width only, and what is empty."""
    return list({normal(phrase): phrase for phrase in reversed([phrase.strip() for phrase in phrases]) if phrase}.values())[::-1]


def split(side: str) -> list[str]:
    """Take the phrases of a list apart at its commas."""
    return distinct(_BETWEEN.split(side))


def _sign_fault(line: str, sides: Sequence[Sequence[str]], *, one_way: bool) -> tuple[Why, str] | None:
    if len(sides) == 1:
        return Why.NO_SIGN, ""
    if one_way and (len(sides) > 2 or _BOTH_WAYS.search(_ONE_WAY.sub("", line))):
        return Why.TWO_SIGNS, ""
    return None if all(sides) else (Why.EMPTY_SIDE, "")


def _apart_fault(line: str, language: str) -> tuple[Why, str] | None:
    sides = [split(side) for side in _APART.split(line)]
    if len(sides) > 2 or _ONE_WAY.search(line) or _BOTH_WAYS.search(_APART.sub("", line)):
        return Why.TWO_SIGNS, ""
    return phrases_fault([phrase for side in sides for phrase in side], language) if all(sides) else (Why.EMPTY_SIDE, "")


def _source_fault(every: Sequence[str], sources: Sequence[str], language: str) -> tuple[Why, str] | None:
    if len(every) < 2:
        return Why.ONE_PHRASE, ""
    silent = next((source for source in sources if all(term.stop for term in terms(source, language))), "")
    return (Why.SAYS_NOTHING, silent) if silent else None


def _is_one_character(term: Term, phrase: str) -> bool:
    """Tell a lone character of a script without spaces: in a longer run it is never a term of its own."""
    return term.end - term.start == 1 and not phrase[term.start].isascii()
