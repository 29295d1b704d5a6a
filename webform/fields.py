"""Fields: what the form asks about a topic besides the message; values and rules, no storage."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from webform import letters

MOST_FIELDS, MOST_OPTIONS, LONGEST_KEY = 20, 60, 40
LONGEST_LABEL, LONGEST_HELP = 150, 500
LONGEST = {"text": 300, "long": 5000, "email": 254, "phone": 40, "order": 64, "number": 40, "date": 40}
"""Characters that an answer of each kind has at most."""


class FieldKind(StrEnum):
    """What kind of answer a field takes."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    NUMBER = "number"
    EMAIL = "email"
    PHONE = "phone"
    ORDER = "order"
    CONSENT = "consent"


WITH_OPTIONS = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})
DECIDING = WITH_OPTIONS | {FieldKind.CONSENT}
"""Kinds on which it can depend whether another field is asked."""
YES = "1"

Answer = str | list[str]
Answers = Mapping[str, Answer]


def in_language(words: Mapping[str, str], language: str) -> str:
    """Give words in a language, else in English, else in any, else none."""
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: its name for machines, and its names for people by language."""

    key: str
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        """Name the choice in a language."""
        return in_language(self.names, language) or self.key


@dataclass(frozen=True, slots=True)
class Condition:
    """A field is asked only if another one, above it, was answered by one of some choices."""

    key: str
    values: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        """Tell whether the answers fulfil it."""
        given = answers.get(self.key, "")
        return not set(self.values).isdisjoint(given if isinstance(given, list) else [given])


@dataclass(frozen=True, slots=True)
class FormField:
    """One question: ``pattern`` is a mask (see ``webform.masks``), ``least`` and ``most`` bound a number."""

    key: str
    kind: FieldKind
    labels: Mapping[str, str]
    helps: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    options: tuple[Option, ...] = ()
    pattern: str = ""
    least: str = ""
    most: str = ""
    when: Condition | None = None

    @property
    def name(self) -> str:
        """Its name in a form that is posted, and in an address that fills it in."""
        return f"field-{self.key}"

    def label(self, language: str) -> str:
        """Give the question in a language."""
        return in_language(self.labels, language) or self.key

    def help(self, language: str) -> str:
        """Give what is said below the question in a language, or nothing."""
        return in_language(self.helps, language)

    def told(self, answer: Answer, language: str) -> str:
        """Write an answer as a person reads it; a choice that is gone keeps its name for machines."""
        names = {option.key: option.name(language) for option in self.options}
        if self.kind is FieldKind.CONSENT:
            names = {YES: letters.translator(language)("yes")}
        if isinstance(answer, list):
            return ", ".join(names.get(each, each) for each in answer)
        return names.get(answer, answer)

    def facts(self) -> dict[str, Any]:
        """Write the field down as JSON has it."""
        return {
            "key": self.key,
            "kind": str(self.kind),
            "labels": dict(self.labels),
            "helps": dict(self.helps),
            "required": self.required,
            "options": [{"key": option.key, "names": dict(option.names)} for option in self.options],
            "pattern": self.pattern,
            "least": self.least,
            "most": self.most,
            "when": {"key": self.when.key, "values": list(self.when.values)} if self.when else None,
        }


def of_facts(facts: Mapping[str, Any]) -> FormField:
    """Read a field that was written down."""
    when = facts.get("when")
    return FormField(
        facts["key"],
        FieldKind(facts["kind"]),
        facts["labels"],
        facts.get("helps", {}),
        bool(facts.get("required")),
        tuple(Option(option["key"], option["names"]) for option in facts.get("options", ())),
        facts.get("pattern", ""),
        facts.get("least", ""),
        facts.get("most", ""),
        Condition(when["key"], tuple(when["values"])) if when else None,
    )


def asked(fields: Sequence[FormField], answers: Answers) -> list[FormField]:
    """Tell which fields are asked, given the answers; one whose condition is on a field that is not asked is not asked either."""
    found: dict[str, FormField] = {}
    for each in fields:
        if each.when is None or (each.when.key in found and each.when.holds(answers)):
            found[each.key] = each
    return list(found.values())


def told(fields: Iterable[FormField], answers: Answers, language: str) -> list[tuple[str, str]]:
    """Pair questions with answers as people read them, in the order of the form; what was not answered is left out."""
    return [(each.label(language), each.told(answers[each.key], language)) for each in fields if answers.get(each.key)]


def without_ground(fields: Sequence[FormField]) -> FormField | None:
    """Find the first field whose condition is on nothing above it, or on a choice that is not there."""
    above: dict[str, FormField] = {}
    for each in fields:
        if each.when is not None:
            ground = above.get(each.when.key)
            known = {YES} if ground and ground.kind is FieldKind.CONSENT else {option.key for option in ground.options} if ground else set()
            if ground is None or ground.kind not in DECIDING or not each.when.values or not known.issuperset(each.when.values):
                return each
        above[each.key] = each
    return None
