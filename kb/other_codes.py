"""Other codes: articles about one error code or part number do not answer a text about another of the same kind.

All other words of two such articles may be the same, and the nearest code is still the wrong one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from kb.analysis import terms
from kb.features import MOST_CHARACTERS, features
from kb.holdings import Entry
from kb.segments import Segment

_DIGIT = re.compile("[0-9]")
_SHAPED = re.compile("(?P<hex>0x)(?P<places>[0-9a-f]{2,})|(?P<letters>[a-z]{1,3})(?P<digits>[0-9]+)")

Codes = Mapping[int, str]
"""The code that the titles of an article name, by article; of each kind an article may name one."""


def shape(term: str) -> str:
    """Tell the kind of a code: codes of one kind have the same few letters before as many digits; no code, or a longer word, has none.

    :param term: as :func:`kb.analysis.terms` gives it, so ``e1042`` for ``E-1042``.
    """
    found = _SHAPED.fullmatch(term)
    if not found:
        return ""
    return f"0x{len(found['places'])}" if found["hex"] else f"{found['letters']}{len(found['digits'])}"


def codes(text: str, language: str) -> dict[str, set[str]]:
    """Find the codes of a text, by kind; only the beginning of a text is looked at."""
    found: dict[str, set[str]] = defaultdict(set)
    text = text[:MOST_CHARACTERS]
    if _DIGIT.search(text):
        for term in terms(text, language):
            if kind := shape(term.text):
                found[kind].add(term.text)
    return found


def title_codes(entries: Iterable[Entry]) -> dict[int, str]:
    """Note the code that each article's titles name; where they name several, as a list of codes does, none of them excludes another."""
    named: dict[int, set[str]] = defaultdict(set)
    for entry in entries:
        named[entry.article_id].update(*codes(entry.title, entry.language).values())
    return {article: next(iter(found)) for article, found in named.items() if len(found) == 1}


def about_others(asked: Mapping[str, set[str]], named: Codes, segments: Sequence[Segment]) -> frozenset[int]:
    """Tell which articles are about another code than those a text asks about, and nowhere say one of the text's own.

    :param asked: the codes of the text, by kind.
    :param segments: where the words of the articles stand.
    """
    suspects = {article: kind for article, code in named.items() if (kind := shape(code)) in asked and code not in asked[kind]}
    if suspects:
        for kind, wanted in asked.items():
            for article in _saying(wanted, segments):
                if suspects.get(article) == kind:
                    del suspects[article]
    return frozenset(suspects)


def _saying(wanted: Iterable[str], segments: Sequence[Segment]) -> set[int]:
    """Find the articles in which one of some codes stands."""
    found: set[int] = set()
    for code in wanted:
        ids = features(code, "en").words
        for segment in segments:
            rows = np.flatnonzero(segment.postings["words"].scores(ids, np.ones(len(ids), np.float32)))
            found.update(segment.articles[rows].tolist())
    return found
