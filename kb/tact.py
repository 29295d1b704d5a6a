"""Tact: which rules a text falls under, by the phrases that are found in it.

All phrases are one tree, so that a text costs the same under ten phrases as under thousands: each word of the text goes on
from the few places in the tree that the words just before it have reached.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from kb.analysis import is_stop_word, normal
from kb.languages import ENGLISH, base, script_of
from kb.rule_lines import LEAST_BEGINNING, UNSPACED, Phrase, Word, flatten, is_unspaced, key

MOST_WORDS = 4000
"""Words of a text, or characters of a script without spaces, that are looked at."""
LONGEST_TEXT = 8 * MOST_WORDS
WINDOW = 6
"""What may stand between two words of a phrase: three words that say something, or six characters of a script without spaces."""
FARTHEST = 12
"""Words of any kind that two words of a phrase may be apart."""
MOST_HITS = 200
MOST_KEPT = 20_000
"""Different words that are remembered from text to text."""

_PIECE = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]+|[.!?…]+$|[。！？¶]|[,;:()，；：、（）—–]")
_END = re.compile(r"[.!?…。！？¶]")
_WORD_WEIGHT, _CHARACTER_WEIGHT, _COMMA_WEIGHT, _END_WEIGHT = 2, 1, 3, 1000


@dataclass(frozen=True, slots=True)
class RulePhrases:
    """The phrases of one rule in one language."""

    rule: int
    language: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that was found: whose, as it was written, and from which word of the text to which."""

    rule: int
    phrase: Phrase
    start: int
    end: int


class Phrasebook:
    """All phrases of all rules; any number of threads may look for them."""

    def __init__(self, wordings: Iterable[RulePhrases]) -> None:
        """Take the phrases; the trees are planted when the first text needs them."""
        self._wordings = tuple(wordings)
        self._spoken = frozenset(base(wording.language) for wording in self._wordings)
        self._trees: dict[frozenset[str], _Tree] = {}

    def find(self, text: str, language: str) -> dict[int, str]:
        """Tell which rules a text falls under, each with the phrase that was found first, as it was written.

        :param language: that the text is written in; of several languages of one script only its own phrases are looked for.
        """
        spoken = frozenset(each for each in self._spoken if _speaks(each, base(language)))
        if not spoken:
            return {}
        tree = self._trees.get(spoken)
        if tree is None:
            tree = self._trees[spoken] = _Tree(spoken, [wording for wording in self._wordings if base(wording.language) in spoken])
        found: dict[int, str] = {}
        for hit in _kept(tree.hits(text)):
            found.setdefault(hit.rule, hit.phrase.line)
        return found


@dataclass(slots=True, eq=False)
class _Node:
    """A place in the tree: where the next word leads that stands beside, where one that may stand apart, and what ends here."""

    beside: dict[int, "_Node"] = field(default_factory=dict)
    apart: dict[int, "_Node"] = field(default_factory=dict)
    ends: list[tuple[int, Phrase]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a word of a text is: the words of phrases that it can be, where it leads from the root, and how far it keeps others apart.

    ``wanted`` are the words of which one must stand right behind it, if it cannot begin a phrase otherwise.
    """

    numbers: tuple[int, ...]
    roots: tuple[_Node, ...]
    weight: int
    wanted: frozenset[int] | None


class _Pieces(dict[str, list[str]]):
    """What stands between two spaces, cut into words, characters and marks; remembered, because people repeat themselves."""

    def __missing__(self, chunk: str) -> list[str]:
        pieces: list[str] = []
        for piece in _PIECE.findall(chunk[:MOST_WORDS]):
            pieces.extend(piece if is_unspaced(piece) else (piece,))
        if len(self) < MOST_KEPT and len(chunk) <= LONGEST_TEXT // MOST_WORDS * 4:
            self[chunk] = pieces
        return pieces


class _Tree:
    """The phrases of some languages that do not get in each other's way."""

    def __init__(self, languages: Iterable[str], wordings: Iterable[RulePhrases]) -> None:
        self._languages = sorted(languages)
        self._root = _Node()
        self._words: dict[tuple[str, str], int] = {}
        self._beginnings: dict[str, int] = {}
        self._known: dict[str, _Known] = {}
        self._pieces = _Pieces()
        for wording in wordings:
            for phrase in wording.phrases:
                for reading in phrase.readings:
                    self._plant(reading, base(wording.language)).ends.append((wording.rule, phrase))

    def hits(self, text: str) -> list[Hit]:
        """Find every phrase in a text, in the order in which they end."""
        chunks = flatten(text[:LONGEST_TEXT]).replace("\n\n", " ¶ ").split()
        tokens = list(islice(chain.from_iterable(map(self._pieces.__getitem__, chunks)), MOST_WORDS))
        known = {token: self._look(token) for token in set(tokens)}
        met = {token for token, each in known.items() if each.numbers}
        if not any(known[token].roots for token in met):
            return []
        hits: list[Hit] = []
        walk = _Walk(tokens, known)
        for at in [at for at, token in enumerate(tokens) if token in met]:
            wanted = known[tokens[at]].wanted
            if wanted is not None and walk.is_idle(at) and (at + 1 == len(tokens) or wanted.isdisjoint(known[tokens[at + 1]].numbers)):
                continue
            for node, start in walk.step(at):
                hits += [Hit(rule, phrase, start, at) for rule, phrase in node.ends]
            if len(hits) > MOST_HITS:
                break
        return hits

    def _plant(self, reading: Sequence[Word], language: str) -> _Node:
        node = self._root
        for place, word in enumerate(reading):
            number = len(self._words) + len(self._beginnings)
            number = self._beginnings.setdefault(word.text, number) if word.begins else self._words.setdefault((language, word.text), number)
            ways = node.beside if word.joined and place else node.apart
            node = ways.setdefault(number, _Node())
        return node

    def _look(self, token: str) -> _Known:
        if (known := self._known.get(token)) is None:
            if len(self._known) > MOST_KEPT:
                self._known.clear()
            numbers = self._numbers(token)
            roots = tuple(node for number in numbers if (node := self._root.apart.get(number)))
            loose = any(node.apart or node.ends for node in roots)
            wanted = None if loose else frozenset(number for node in roots for number in node.beside)
            known = self._known[token] = _Known(numbers, roots, self._weight(token), wanted)
        return known

    def _numbers(self, token: str) -> tuple[int, ...]:
        found = [self._words.get((language, key(token, language))) for language in self._languages]
        if self._beginnings and not is_unspaced(token):
            word = normal(token)
            found += [self._beginnings.get(word[:length]) for length in range(LEAST_BEGINNING, len(word) + 1)]
        return tuple(number for number in found if number is not None)

    def _weight(self, token: str) -> int:
        if is_unspaced(token):
            return _CHARACTER_WEIGHT
        if not token[0].isalnum():
            return _END_WEIGHT if _END.match(token) else _COMMA_WEIGHT
        return 0 if any(is_stop_word(token, language) for language in self._languages) else _WORD_WEIGHT


class _Walk:
    """The way of one text through the tree, word by word.

    Only the latest word that led to a place is remembered: whatever may follow an earlier one may follow it as well.
    """

    def __init__(self, tokens: Sequence[str], known: Mapping[str, _Known]) -> None:
        self._tokens, self._known = tokens, known
        self._beside: list[tuple[_Node, int]] = []
        self._beside_at = -1
        self._apart: dict[_Node, tuple[int, int, int]] = {}
        self._way, self._measured = 0, 0

    def is_idle(self, at: int) -> bool:
        """Tell whether no phrase has begun that a word could go on with."""
        return not self._apart and self._beside_at != at - 1

    def step(self, at: int) -> list[tuple[_Node, int]]:
        """Go on with the word at a place of the text from wherever the words before it have led.

        :return: the places that it leads to, each with the word at which its phrase begins.
        """
        word = self._known[self._tokens[at]]
        fresh = [(node, at) for node in word.roots]
        if self._beside_at == at - 1:
            fresh += [(node, start) for before, start in self._beside for number in word.numbers if (node := before.beside.get(number))]
        if self._apart:
            self._measure(at)
            fresh += [(node, start) for before, (_, _, start) in self._apart.items() for number in word.numbers if (node := before.apart.get(number))]
        self._beside, self._beside_at = [place for place in fresh if place[0].beside], at
        for node, start in fresh:
            if node.apart:
                if not self._apart:
                    self._way, self._measured = 0, at
                self._apart[node] = (at, self._way + word.weight, start)
        return fresh

    def _measure(self, at: int) -> None:
        """Find out how far a word is from those before, and forget what is too far away."""
        far = at - self._measured > FARTHEST
        self._way += _END_WEIGHT if far else sum([self._known[token].weight for token in self._tokens[self._measured : at]])
        self._measured = at
        least, first = self._way - WINDOW, at - FARTHEST
        if far or any(place[1] < least or place[0] < first for place in self._apart.values()):
            self._apart = {node: place for node, place in self._apart.items() if place[1] >= least and place[0] >= first}


def _kept(hits: Sequence[Hit]) -> list[Hit]:
    """Leave out the exceptions, and what each of them takes back."""
    unless: dict[int, list[Hit]] = defaultdict(list)
    for hit in hits:
        if hit.phrase.unless:
            unless[hit.rule].append(hit)
    return [hit for hit in hits if not hit.phrase.unless and not any(other.start <= hit.end and hit.start <= other.end for other in unless[hit.rule])]


def _speaks(spoken: str, language: str) -> bool:
    """Tell whether phrases of a language belong to a text: to one of that language, and to what a text of another script quotes."""
    if spoken == language:
        return True
    if script_of(spoken) == script_of(language):
        return False
    return script_of(spoken) != "latin" or spoken == ENGLISH
