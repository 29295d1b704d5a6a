"""The form of a rule: what a lead filled in, what is wrong with it in words, and the rule it makes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from kb import rules
from kb.articles import Article, Translation, find_article
from kb.rule_lines import LEAST_BEGINNING, LONGEST_LINE, MOST_LINES, MOST_WORDS, Fault, PhraseError, read
from kb.rules import LONGEST_NAME, Draft, Rule, RuleKind
from webform import topics
from webform.contact_forms import clean_line, clean_text

LONGEST_TEXT = MOST_LINES * (LONGEST_LINE + 2)
LONGEST_REFERENCE = 400


@dataclass(slots=True)
class RuleForm:
    """A rule as it stands in its form, and what is wrong by field: ``name``, ``article``, ``phrases`` or ``phrases-<language>``."""

    kind: RuleKind
    name: str = ""
    phrases: dict[str, str] = field(default_factory=dict)
    topics: list[str] = field(default_factory=list)
    article: str = ""
    active: bool = True
    version: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    def draft(self, session: Session) -> Draft | None:
        """Make the rule that was asked for, or note what is wrong with it."""
        self.errors = dict(self._wrong_lines())
        if not self.name:
            self.errors["name"] = gettext("Give the rule a name; the team reads it in urgent requests")
        elif len(self.name) > LONGEST_NAME:
            self.errors["name"] = gettext("Shorten the name to %(most)s characters", most=LONGEST_NAME)
        known = {slug for slug, _ in topics.choices(session, "en")}
        chosen = tuple(slug for slug in self.topics if slug in known)
        article = self._article(session) if self.kind == RuleKind.PIN else None
        if not self.errors and not chosen and not self._has_phrase():
            words = gettext("Write at least one phrase, or choose a topic"), gettext("Write at least one phrase that is no exception")
            self.errors["phrases"] = words[0] if self.kind == RuleKind.PIN else words[1]
        return None if self.errors else Draft(self.kind, self.name, self.phrases, chosen, article, self.active)

    def _wrong_lines(self) -> Iterable[tuple[str, str]]:
        for language, lines in self.phrases.items():
            try:
                list(read(lines, language))
            except PhraseError as error:
                yield f"phrases-{language}", phrase_fault(error)

    def _has_phrase(self) -> bool:
        return any(not phrase.unless for language, lines in self.phrases.items() for phrase in read(lines, language))

    def _article(self, session: Session) -> int | None:
        found = find_by_reference(session, self.article)
        if found is None:
            self.errors["article"] = gettext("There is no such article. Copy its id from the list of articles, or its address in the help centre")
        elif any(exclusion.article_id == found for exclusion in rules.exclusions(session)):
            self.errors["article"] = gettext("This article is left out of suggestions. Suggest it again first, under “Never suggested”")
        return found


def opened(session: Session, rule: Rule) -> RuleForm:
    """Fill the form with a rule as it is."""
    article = session.get(Article, rule.article_id) if rule.article_id else None
    name = article.external_id if article else ""
    return RuleForm(RuleKind(rule.kind), rule.name, dict(rule.phrases), list(rule.topics), name, rule.active, rule.version)


def posted(kind: RuleKind, sent: MultiDict[str, str], languages: Iterable[str]) -> RuleForm:
    """Read the form as it was sent.

    :param languages: those that the form has a field for.
    """
    phrases = {language: clean_text(sent.get(f"phrases-{language}"))[:LONGEST_TEXT] for language in languages}
    version = sent.get("version", "")
    return RuleForm(
        kind,
        clean_line(sent.get("name")),
        {language: lines for language, lines in phrases.items() if lines},
        sent.getlist("topics"),
        clean_line(sent.get("article"))[:LONGEST_REFERENCE],
        "active" in sent,
        int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
    )


def find_by_reference(session: Session, words: str) -> int | None:
    """Find an article by its id in files, or by its address in the help centre."""
    if article := find_article(session, words[:200]):
        return article.id
    parts = words.partition("?")[0].partition("#")[0].rstrip("/").split("/")
    if len(parts) < 3 or parts[-3] != "help":
        return None
    wanted = Translation.language == parts[-2], Translation.slug == parts[-1]
    return session.scalar(select(Translation.article_id).where(*wanted))


def phrase_fault(error: PhraseError) -> str:
    """Say what is wrong with a line of phrases."""
    values: Mapping[str, int] = {"line": error.line}
    said = {
        Fault.TOO_MANY: lambda: gettext("Line %(line)s: only %(most)s phrases fit", **values, most=MOST_LINES),
        Fault.TOO_LONG: lambda: gettext("Line %(line)s is too long: %(most)s characters fit", **values, most=LONGEST_LINE),
        Fault.NO_WORD: lambda: gettext("Line %(line)s has no word in it", **values),
        Fault.TOO_MANY_WORDS: lambda: gettext("Line %(line)s is too long: %(most)s words fit", **values, most=MOST_WORDS),
        Fault.TOO_MANY_READINGS: lambda: gettext("Line %(line)s has too many alternatives: make two lines of it", **values),
        Fault.SHORT_BEGINNING: lambda: gettext("Line %(line)s: put at least %(least)s letters before a *", **values, least=LEAST_BEGINNING),
        Fault.SAYS_NOTHING: lambda: gettext("Line %(line)s would fit nearly every text: add a word", **values),
    }
    return str(said[error.fault]())
