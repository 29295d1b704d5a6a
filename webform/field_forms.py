"""The form of a field: what a lead filled in, what is wrong with it in words, and the field it makes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from webform import masks
from webform.contact_forms import clean_line, clean_text
from webform.fields import (
    DECIDING,
    LONGEST_HELP,
    LONGEST_LABEL,
    MOST_FIELDS,
    MOST_OPTIONS,
    WITH_OPTIONS,
    YES,
    Condition,
    FieldKind,
    FormField,
    Option,
    without_ground,
)  # fmt: skip
from webform.i18n import LANGUAGES
from webform.topic_forms import new_slug, number

SPARE_ROWS = 4


@dataclass(slots=True)
class Row:
    """A choice as it stands in the form: its place, its name for machines if it has one, its names by language."""

    place: str
    key: str
    names: dict[str, str]


@dataclass(slots=True)
class FieldForm:
    """A field as it stands in its form; ``when`` are pairs of a question above and a choice of it; ``errors`` are words by field."""

    key: str = ""
    kind: FieldKind = FieldKind.TEXT
    labels: dict[str, str] = field(default_factory=dict)
    helps: dict[str, str] = field(default_factory=dict)
    required: bool = False
    rows: list[Row] = field(default_factory=list)
    pattern: str = ""
    least: str = ""
    most: str = ""
    when: list[tuple[str, str]] = field(default_factory=list)
    version: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def shown_rows(self) -> list[Row]:
        """Give the choices and some empty rows."""
        spare = [Row(str(len(self.rows) + count), "", {}) for count in range(1, SPARE_ROWS + 1)]
        return [*self.rows, *(spare if len(self.rows) < MOST_OPTIONS else [])]

    def made(self, present: Sequence[FormField]) -> list[FormField] | None:
        """Put the field among those of its topic, or note what is wrong.

        :param present: the fields of the topic as they are.
        """
        self.errors = dict(self._wrong())
        key = self.key or new_slug(self.labels, [*(each.key for each in present), "new"], "field")
        options = tuple(self._options()) if self.kind in WITH_OPTIONS else ()
        grounds = list(dict.fromkeys(ground for ground, _ in self.when))
        when = Condition(grounds[0], tuple(value for _, value in self.when)) if grounds else None
        labels, helps = ({language: words for language, words in each.items() if words} for each in (self.labels, self.helps))
        ordered, numeric = self.kind is FieldKind.ORDER, self.kind is FieldKind.NUMBER
        least, most = (self.least, self.most) if numeric else ("", "")
        mine = FormField(key, self.kind, labels, helps, self.required, options, self.pattern if ordered else "", least, most, when)
        after = [mine if each.key == key else each for each in present] if self.key else [*present, mine]
        if len(grounds) > 1:
            self.errors["when"] = gettext("Choose answers of one question only")
        elif not self.errors and (groundless := without_ground(after)) is not None:
            named = groundless.label("en")
            words = gettext("“%(question)s” is asked only if a choice was made that would be gone. Change that question first", question=named)
            self.errors["when" if groundless is mine else "options"] = words
        if not self.key and len(present) >= MOST_FIELDS:
            self.errors["label-en"] = gettext("A topic asks %(most)s questions at most", most=MOST_FIELDS)
        return None if self.errors else after

    def _wrong(self) -> Iterator[tuple[str, str]]:
        if not any(self.labels.values()):
            yield "label-en", gettext("Write the question in one language at least")
        for name, words, most in (("label", self.labels, LONGEST_LABEL), ("help", self.helps, LONGEST_HELP)):
            yield from ((f"{name}-{each}", gettext("Shorten this to %(most)s characters", most=most)) for each, text in words.items() if len(text) > most)
        if self.kind in WITH_OPTIONS and not 1 < len(self.rows) <= MOST_OPTIONS:
            yield "options", gettext("Write two choices at least, and %(most)s at most", most=MOST_OPTIONS)
        if any(len(text) > LONGEST_LABEL for row in self.rows for text in row.names.values()):
            yield "options", gettext("Shorten the choices to %(most)s characters each", most=LONGEST_LABEL)
        if self.kind is FieldKind.ORDER and self.pattern:
            try:
                masks.check(self.pattern)
            except masks.MaskError:
                yield "pattern", gettext("This pattern cannot be read; look at the examples below it")
        if self.kind is FieldKind.NUMBER and not _are_bounds(self.least, self.most):
            yield "least", gettext("Write numbers, the smaller one first, or leave them empty")

    def _options(self) -> Iterator[Option]:
        taken: list[str] = [row.key for row in self.rows if row.key]
        for row in sorted(self.rows, key=lambda row: number(row.place) or len(self.rows)):
            key = row.key or new_slug(row.names, taken, "choice")
            taken.append(key)
            yield Option(key, {language: text for language, text in row.names.items() if text})


def opened(kept: FormField, version: int) -> FieldForm:
    """Fill the form with a field as it is."""
    when = [(kept.when.key, value) for value in kept.when.values] if kept.when else []
    rows = [Row(str(place), option.key, dict(option.names)) for place, option in enumerate(kept.options, 1)]
    return FieldForm(kept.key, kept.kind, dict(kept.labels), dict(kept.helps), kept.required, rows, kept.pattern, kept.least, kept.most, when, version)


def posted(sent: MultiDict[str, str], key: str) -> FieldForm:
    """Read the form as it was sent.

    :param key: of the field that is changed; empty for a new one.
    """
    kind = sent.get("kind", "")
    return FieldForm(
        key,
        FieldKind(kind) if kind in set(FieldKind) else FieldKind.TEXT,
        {language: clean_line(sent.get(f"label-{language}")) for language in LANGUAGES},
        {language: clean_text(sent.get(f"help-{language}")) for language in LANGUAGES},
        "required" in sent,
        list(_rows(sent)),
        clean_line(sent.get("pattern"))[: masks.LONGEST_MASK + 1],
        clean_line(sent.get("least")).replace(",", ".")[:40],
        clean_line(sent.get("most")).replace(",", ".")[:40],
        [(ground, value) for ground, _, value in (each.partition("=") for each in sent.getlist("when")) if value],
        number(sent.get("version", "")),
    )


def grounds(present: Sequence[FormField], key: str) -> list[tuple[FormField, list[tuple[str, str]]]]:
    """List the questions above one on which it can depend, each with its choices by name for machines."""
    above: list[tuple[FormField, list[tuple[str, str]]]] = []
    for each in present:
        if each.key == key:
            break
        if each.kind in DECIDING:
            choices = {option.key: option.names for option in each.options} or {YES: {}}
            above.append((each, [(value, names.get("en", "") or next(iter(names.values()), "")) for value, names in choices.items()]))
    return above


def _rows(sent: MultiDict[str, str]) -> Iterator[Row]:
    for at in range(MOST_OPTIONS + SPARE_ROWS):
        names = {language: clean_line(sent.get(f"option-{at}-{language}"))[: LONGEST_LABEL + 1] for language in LANGUAGES}
        if any(names.values()):
            yield Row(clean_line(sent.get(f"option-{at}-place"))[:4], clean_line(sent.get(f"option-{at}-key"))[:60], names)


def _are_bounds(least: str, most: str) -> bool:
    try:
        numbers = [Decimal(each) for each in (least, most) if each]
    except InvalidOperation:
        return False
    return all(each.is_finite() for each in numbers) and (len(numbers) < 2 or numbers[0] <= numbers[1])
