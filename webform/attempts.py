"""Attempts: what came with a post of the form, kept whole whatever is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, request
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict

from kb.web import database
from webform import contact_files, field_sets, offers, questions, topics
from webform.attachments import Attachment
from webform.contact_forms import ContactForm, limits
from webform.field_sets import FieldSet
from webform.i18n import choose_language
from webform.questions import PREFIX, Questions, Sent
from webform.skipping import Skipper, skipper
from webform.tokens import TokenError, TokenExpired
from webform.topics import Topic
from webform.web import tokens

MOST_NUMBERS, MOST_DIGITS = 20, 9
BEFORE, AFTER = ("subject", "message", "topic", "attachments"), ("name", "email")


@dataclass(slots=True)
class Attempt:
    """A form as a customer left it: its fields, the visit it belongs to, the files that came with it.

    ``token`` is always good: a fresh one where the one that came was not, and ``lapse`` says why. ``read`` are articles that
    the customer has just read in the help centre; ``topics`` are those that can be chosen, with the fields of each in ``field_sets``.
    """

    form: ContactForm
    token: str
    visit: str
    lapse: TokenError | None = None
    files: list[Attachment] = field(default_factory=list)
    refused_files: list[str] = field(default_factory=list)
    read: frozenset[int] = frozenset()
    questions: Questions = field(default_factory=Questions)
    topics: list[Topic] = field(default_factory=list)
    field_sets: dict[str, FieldSet] = field(default_factory=dict)
    skipper: Skipper | None = None

    @property
    def plain(self) -> bool:
        """Whether the visit sees no suggestions."""
        return offers.sees_plain_form(self.visit, offers.terms(current_app.config))

    def receive_files(self, now: datetime) -> None:
        """Keep the files of the post under its visit."""
        self.files, self.refused_files = contact_files.receive(self.visit, now)

    def check(self) -> bool:
        """Look for everything that is wrong at once; tell whether nothing is."""
        good = self.form.validate()
        answered = not self.questions.shown or self.questions.check()
        return good and answered and not self.refused_files and self.lapse is None

    def problems(self) -> Iterator[tuple[str, str]]:
        """Give what is wrong, as pairs of the field and the words, in the order of the page."""
        for name in (*BEFORE, *(each.name for each in self.questions.fields), *AFTER):
            for words in self.errors(name):
                yield name, words
        if self.lapse is not None:
            yield "send", _lapse_words(self.lapse)

    def errors(self, name: str) -> list[str]:
        """Give what is wrong with one field."""
        if name == "attachments":
            return self.refused_files
        if name.startswith(PREFIX):
            return self.questions.errors.get(name.removeprefix(PREFIX), [])
        return [str(words) for words in self.form[name].errors]


def opened(given: Mapping[str, str], *, by_link: bool = False) -> Attempt:
    """Open a form for a new visit, with what its address prefills, or with what came without a visit that is good."""
    fields = given if isinstance(given, MultiDict) else Sent(given)
    token, read = tokens().new_visit(), numbers(fields.get("read", ""))
    if not fields.get("topic") and (topic := _topic_of(read)):
        fields = Sent([*fields.items(multi=True), ("topic", topic)])
        fields.setlist("topic", [topic])
    return _attempt(fields, token, read, by_link=by_link)


def numbers(text: str) -> frozenset[int]:
    """Read the numbers of some articles, with commas between; what is none is passed over."""
    words = text[: MOST_NUMBERS * (MOST_DIGITS + 1)].split(",")[:MOST_NUMBERS]
    return frozenset(int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS)


def posted() -> Attempt:
    """Read the form that this request posts."""
    token = request.form.get("visit", "")
    try:
        return _attempt(request.form, token, numbers(request.form.get("read", "")))
    except TokenError as lapse:
        fresh = opened(request.form)
        fresh.lapse = lapse
        return fresh


def _attempt(fields: Sent, token: str, read: frozenset[int], *, by_link: bool = False) -> Attempt:
    """Read a form; a database that cannot be read takes nothing from it but topics and their questions.

    :raises TokenError: if the visit's token is not good.
    """
    visit = tokens().read_visit(token, hours=current_app.config["FORM_HOURS"])
    offered: list[Topic] = []
    sets: dict[str, FieldSet] = {}
    asked = Questions(carried=[(name, text) for name, text in fields.items(multi=True) if name.startswith(PREFIX)][: questions.MOST_CARRIED])
    try:
        with database().reading() as session:
            offered, sets = topics.offered(session, choose_language()), field_sets.newest_of_each(session)
            chosen = fields.get("topic", "").strip()
            asked = questions.read(session, chosen if chosen in {topic.slug for topic in offered} else "", fields, by_link=by_link)
    except OperationalError:
        pass
    form = ContactForm(fields, limits=limits(current_app.config), topics=[(topic.slug, topic.name(choose_language())) for topic in offered])
    return Attempt(form, token, visit, read=read, questions=asked, topics=offered, field_sets=sets, skipper=skipper(fields.get("skip", "")))


def _topic_of(read: frozenset[int]) -> str:
    """Tell what a request will be about whose sender comes from an article; it can be chosen otherwise."""
    if not read:
        return ""
    try:
        with database().reading() as session:
            return topics.of_articles(session, read)
    except OperationalError:
        return ""


def _lapse_words(lapse: TokenError) -> str:
    if isinstance(lapse, TokenExpired):
        return str(gettext("This page was open for too long. Press Send again; it works now"))
    return str(gettext("This page could not be recognised. Press Send again; it works now"))
