"""Questions: the fields of the chosen topic as a customer filled them in; what belongs to another topic is carried along."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from webform import answer_checks, field_sets, fields
from webform.fields import Answer, FieldKind, FormField
from webform.lines import storable

PREFIX = "field-"
MARK = "fields"
"""The name under which a form says which version of which topic's fields it showed."""
MOST_CARRIED = 200

Sent = MultiDict[str, str]


@dataclass(slots=True)
class Questions:
    """What a form asks about its topic, and what was answered.

    ``given`` are answers by key, as they were typed; ``carried`` pairs of name and text that belong to no question of this topic;
    ``shown`` tells whether the form that was posted asked them; ``errors`` are words by key.
    """

    fields: list[FormField] = field(default_factory=list)
    given: dict[str, Answer] = field(default_factory=dict)
    carried: list[tuple[str, str]] = field(default_factory=list)
    mark: str = ""
    set_id: int | None = None
    shown: bool = True
    answers: dict[str, Answer] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def check(self) -> bool:
        """Look at every answer; tell whether all are good. Afterwards ``answers`` are those to what is asked, as they are kept."""
        self.errors, read = {}, {}
        for each in self.fields:
            try:
                read[each.key] = answer_checks.kept(each, self.given.get(each.key, ""))
            except answer_checks.Refused as refused:
                self.errors[each.key] = [str(refused)]
        asked = fields.asked(self.fields, {**self.given, **read})
        keys = {each.key for each in asked}
        self.errors = {key: said for key, said in self.errors.items() if key in keys}
        self.errors |= {each.key: [answer_checks.missing(each)] for each in asked if each.required and each.key in read and not read[each.key]}
        self.answers = {key: answer for key, answer in read.items() if key in keys and answer}
        return not self.errors

    def texts(self) -> Iterator[tuple[str, str]]:
        """Give everything that was filled in as pairs of name and text, to be sent along unseen."""
        for each in self.fields:
            given = self.given.get(each.key, "")
            for text in given if isinstance(given, list) else [given]:
                yield each.name, text
        yield from self.carried
        if self.mark and self.shown:
            yield MARK, self.mark

    def told(self, language: str) -> list[tuple[str, str]]:
        """Pair questions with good answers, as the customer reads them."""
        return fields.told(self.fields, self.answers, language)


def read(session: Session, topic: str, sent: Sent, *, by_link: bool = False) -> Questions:
    """Read what was filled in of a topic's questions.

    :param by_link: it came with an address, by which nobody consents to anything.
    """
    mark = sent.get(MARK, "")
    found = field_sets.marked(session, topic, mark) if topic else None
    asked = found.questions if found else []
    names = {each.name for each in asked}
    given = {each.key: _given(each, sent) for each in asked if not (by_link and each.kind is FieldKind.CONSENT)}
    others = [(name, text) for name, text in sent.items(multi=True) if name.startswith(PREFIX) and name not in names and text]
    shown = not asked or mark.rpartition(".")[0] == topic
    return Questions(asked, given, others[:MOST_CARRIED], found.mark if found and asked else "", found.id if found and asked else None, shown)


def _given(asked: FormField, sent: Sent) -> Answer:
    texts = [storable(text) for text in sent.getlist(asked.name)]
    return list(filter(None, texts)) if asked.kind is FieldKind.CHOICES else next(iter(texts), "")
