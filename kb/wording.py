"""Wording: a text as the engines take it: without what staff say means nothing, and with what their synonyms add."""

from collections.abc import Collection
from dataclasses import dataclass, field

from kb.analysis import Term, terms
from kb.features import CONCEPT, MOST_CHARACTERS, MOST_TERMS
from kb.phrases import Phrases
from kb.synonyms import Fault, Fired, Synonyms, numbered, phrases_fault, read_apart, read_synonyms, split
from kb.thesaurus import Concept, thesaurus_of

MOST_SILENT = 40
"""Pieces of a text that are left out at most."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a text is read.

    ``text`` is as long as what was typed, with blanks for the pieces in ``silent``. ``added`` is the same text with synonyms in
    the places of what they stand for, empty if none fired: what only ``added`` has is looked for too, and counts for less.
    ``apart`` are the keys of concepts that do not count.
    """

    text: str
    added: str = ""
    fired: tuple[Fired, ...] = ()
    silent: tuple[str, ...] = ()
    apart: frozenset[str] = frozenset()
    _read: dict[str, tuple[Term, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def terms(self, language: str) -> tuple[Term, ...]:
        """Give the terms of ``text``, which several engines ask for."""
        if (found := self._read.get(language)) is None:
            found = self._read[language] = tuple(terms(self.text, language))
        return found

    def said(self, language: str) -> set[str]:
        """Give those that say something."""
        return {term.text for term in self.terms(language) if not term.stop}

    def meant(self, language: str) -> dict[str, str]:
        """Give the terms of other words for what the text and its synonyms say, each as people write it."""
        added = tuple(terms(self.added, language)) if self.added else ()
        return thesaurus_of(language).meant([term.text for term in (*self.terms(language)[:MOST_TERMS], *added[:MOST_TERMS])], self.apart)

    def wanted(self, language: str) -> dict[str, float]:
        """Give the terms that are worth a mark in an answer, and what each counts: 1 for what was said or a synonym adds, less for other words for it."""
        added = {term.text for term in terms(self.added, language) if not term.stop} if self.added else set()
        return dict.fromkeys(self.meant(language), CONCEPT) | dict.fromkeys(self.said(language) | added, 1.0)


class Words:
    """What staff wrote down for one language, ready to be applied; never changes.

    ``apart`` are the keys of concepts that they say are none.
    """

    def __init__(self, language: str, synonyms: str, stop_words: str) -> None:
        """Compile lists as they were typed; lines that are no good are passed over."""
        self.language, self.lists = language, (synonyms, stop_words)
        self.synonyms = Synonyms(read_synonyms(synonyms, language)[0], language)
        thesaurus = thesaurus_of(language)
        self.apart = frozenset(key for one, other in read_apart(synonyms, language) for key in thesaurus.joining(one, other))
        self._silent = Phrases(read_stop_words(stop_words, language)[0], language)

    def word(self, text: str, without: Collection[str] = ()) -> Wording:
        """Read a text.

        :param without: synonyms that are left out, named by ``Fired.rule``, as when asking what would change without them.
        """
        head = text[:MOST_CHARACTERS]  # No more than this is looked at for what it says, either.
        fired = self.synonyms.fire(head, without)
        # A phrase that has a synonym says something, whatever its words say alone.
        silent = [met for met in self._silent.find(head, MOST_SILENT) if not any(met.start < each.end and each.start < met.end for each in fired)]
        pieces = list(text)
        for met in silent:
            pieces[met.start : met.end] = " " * (met.end - met.start)
        left = "".join(pieces)
        return Wording(left, _with_synonyms(left[:MOST_CHARACTERS], fired), fired, tuple(text[met.start : met.end] for met in silent), self.apart)

    def concepts(self, text: str) -> tuple[Concept, ...]:
        """List the concepts of the thesaurus that a text names, but for those whose phrases are kept apart here."""
        thesaurus = thesaurus_of(self.language)
        found = (thesaurus.concepts[met.concept] for met in thesaurus.met([term.text for term in terms(text[:MOST_CHARACTERS], self.language)]))
        return tuple(concept for concept in found if concept.key not in self.apart)


def read_stop_words(lines: str, language: str) -> tuple[list[str], list[Fault]]:
    """Read words and phrases that say nothing, one or several to a line; a faulty line is told and left out."""
    faults: list[Fault] = []
    phrases: list[str] = []
    for number, line in numbered(lines, faults):
        found = split(line)
        if fault := phrases_fault(found, language):
            faults.append(Fault(number, line, *fault))
        else:
            phrases += found
    return phrases, sorted(faults, key=lambda fault: fault.line)


def _with_synonyms(text: str, fired: Collection[Fired]) -> str:
    """Put synonyms in the places of what they stand for; further ones of one place follow at the end."""
    pieces: list[str] = []
    further: list[str] = []
    at = 0
    for each in fired:
        if each.start < at:  # Another rule for the same piece.
            further += each.added
            continue
        pieces += [text[at : each.start], each.added[0]]
        further += each.added[1:]
        at = each.end
    return "\n".join(["".join([*pieces, text[at:]]), *further]) if pieces else ""
