"""Kept terms: what the terms of articles are, remembered word by word, since articles repeat most words and are read again and again."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain

from whoosh.analysis import Analyzer, Token

from kb.analysis import LONGEST_TERM, terms
from kb.languages import base

Texts = tuple[str, ...]


@lru_cache(maxsize=2000)
def term_places(text: str, language: str) -> Mapping[str, tuple[tuple[int, int, int], ...]]:
    """Tell where each term of a passage stands, and keep it: the same passages are shown again with every word that is typed.

    :return: by term its numbers among all of them, each with the characters that it stands for.
    """
    places: dict[str, list[tuple[int, int, int]]] = {}
    for number, term in enumerate(terms(text, language)):
        places.setdefault(term.text, []).append((number, term.start, term.end))
    return {term: tuple(found) for term, found in places.items()}


@lru_cache(maxsize=4000)
def term_set(text: str, language: str) -> frozenset[str]:
    """Give what the terms of a passage are, wherever they stand, and keep it likewise."""
    language = base(language)
    return frozenset(chain.from_iterable(_read(word, language)[0] for word in set(text.split())))


def term_texts(text: str, language: str) -> list[str]:
    """Give what the terms of a text are, in order."""
    language = base(language)
    return list(chain.from_iterable(_read(word, language)[0] for word in text.split()))


def said_texts(text: str, language: str) -> Iterator[str]:
    """Give what the terms of a text are, in order, without stop words."""
    language = base(language)
    return chain.from_iterable(_read(word, language)[1] for word in text.split())


def _read(word: str, language: str) -> tuple[Texts, Texts]:
    """Read what stands between two spaces, over which no term goes; long ones are clauses without spaces, and seldom come again."""
    return _kept(word, language) if len(word) <= LONGEST_TERM else _terms_of(word, language)


def _terms_of(word: str, language: str) -> tuple[Texts, Texts]:
    found = tuple(terms(word, language))
    return tuple(term.text for term in found), tuple(term.text for term in found if not term.stop)


_kept = lru_cache(maxsize=100_000)(_terms_of)


class TermAnalyzer(Analyzer):  # type: ignore[misc]  # Whoosh is untyped
    """What Whoosh asks for the terms of a text, so that both engines know the same ones."""

    def __init__(self, language: str) -> None:
        """Analyse texts of one language."""
        self.language = language

    def __call__(self, value: str, **_: object) -> Iterator[Token]:
        """Give Whoosh's kind of tokens, without stop words and without places, for which no field of ours asks."""
        token = Token()
        token.stopped, token.boost = False, 1.0
        for token.text in said_texts(value, self.language):
            yield token
