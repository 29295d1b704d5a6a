"""The rule book: the rules of tact as this process knows them, read again within a second of a change."""

import logging
import time
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kb import rules
from kb.database import Database
from kb.generations import current_generation
from kb.languages import language_of
from kb.rule_lines import PhraseError, read
from kb.rules import Rule, RuleKind
from kb.tact import Phrasebook, RulePhrases

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
"""How old the knowledge of the rules may be."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule that fits a text: its number, its names for people and machines, and the phrase or the topic that made it fit.

    ``article_id`` is the article that it shows first; ``phrase`` is as it was written, not what the customer typed.
    """

    rule_id: int
    name: str
    slug: str
    phrase: str = ""
    topic: str = ""
    article_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tact:
    """What the rules say to a text.

    With any rule in ``person`` nothing is suggested, and the request is urgent. ``pins`` show their articles first.
    ``excluded`` are articles that are never suggested, whatever the text.
    """

    person: tuple[Applied, ...] = ()
    pins: tuple[Applied, ...] = ()
    excluded: frozenset[int] = frozenset()

    @property
    def urgent(self) -> Applied | None:
        """The rule by which a text goes straight to a person, or nothing."""
        return self.person[0] if self.person else None

    @property
    def pinned(self) -> tuple[int, ...]:
        """The articles to be shown first, each once."""
        return tuple(dict.fromkeys(rule.article_id for rule in self.pins if rule.article_id is not None))


NO_TACT = Tact()


@dataclass(frozen=True, slots=True)
class _Edition:
    """The rules at one moment: of which state and generation, ready to be applied."""

    number: int
    generation: int
    rules: dict[int, Rule]
    phrasebook: Phrasebook
    excluded: frozenset[int]


class RuleBook:
    """Applies the rules of a database to texts; any number of threads and processes may."""

    def __init__(self, database: Database, *, poll: float = POLL_SECONDS) -> None:
        """Prepare; nothing is read until the first text."""
        self._database = database
        self._poll = poll
        self._edition: _Edition | None = None
        self._looked_at = float("-inf")

    def apply(self, text: str, *, language: str = "", topic: str = "") -> Tact:
        """Tell what the rules say to a text; never raises; a text costs the same from some length on, and under ten rules as under thousands.

        :param language: of the interface, used where the text itself does not tell its own.
        :param topic: slug of the topic that was chosen.
        """
        try:
            edition = self._current()
            found = edition.phrasebook.find(text, language_of(text, language))
        except Exception as fault:  # noqa: BLE001 - a fault in the rules never blocks the form
            log.error("the rules of tact could not be applied: %s", type(fault).__name__)
            return NO_TACT
        applied: dict[str, list[Applied]] = {RuleKind.PERSON: [], RuleKind.PIN: []}
        fitting = dict.fromkeys([*found, *(number for number, rule in edition.rules.items() if topic and topic in rule.topics)])
        for number in fitting:
            rule, phrase = edition.rules[number], found.get(number, "")
            applied[rule.kind].append(Applied(rule.id, rule.name, rule.slug, phrase, "" if phrase else topic, rule.article_id))
        return Tact(tuple(applied[RuleKind.PERSON]), tuple(applied[RuleKind.PIN]), edition.excluded)

    def refresh(self) -> None:
        """Look at the database before the next text, as after a change by this process."""
        self._looked_at = float("-inf")

    def _current(self) -> _Edition:
        """Give the rules as they are, or as they were a second ago."""
        edition = self._edition
        if edition is None or time.monotonic() - self._looked_at >= self._poll:
            self._looked_at = time.monotonic()
            with self._database.reading() as session:
                number, generation = rules.number(session), current_generation(session)
                if edition is None or edition.number != number:
                    edition = self._edition = _read(session, number, generation)
                elif edition.generation != generation:  # A publication may have moved an article into a category that is left out.
                    excluded = rules.excluded_articles(session)
                    edition = self._edition = _Edition(number, generation, edition.rules, edition.phrasebook, excluded)
        return edition


def _read(session: Session, number: int, generation: int) -> _Edition:
    active = {rule.id: rule for kind in RuleKind for rule in rules.rules(session, kind) if rule.active}
    phrasebook = Phrasebook(wording for rule in active.values() for wording in _wordings(rule))
    return _Edition(number, generation, active, phrasebook, rules.excluded_articles(session))


def _wordings(rule: Rule) -> list[RulePhrases]:
    """Read a rule's phrases; a language whose lines cannot be read is left out, and takes no other with it."""
    wordings = []
    for language, lines in rule.phrases.items():
        try:
            wordings.append(RulePhrases(rule.id, language, tuple(read(lines, language))))
        except PhraseError as error:
            log.error("the phrases of rule %s in %s cannot be read: %s", rule.id, language, error)
    return wordings
