"""Attempts: what came with a post of the form, kept whole whatever is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, request
from flask_babel import gettext
from sqlalchemy.exc import OperationalError

from kb.web import database
from webform import contact_files, offers, topics
from webform.attachments import Attachment
from webform.contact_forms import ContactForm, limits
from webform.i18n import choose_language
from webform.tokens import TokenError, TokenExpired
from webform.web import tokens

MOST_NUMBERS, MOST_DIGITS = 20, 9
FIELDS = ("subject", "message", "topic", "attachments", "name", "email")


@dataclass(slots=True)
class Attempt:
    """A form as a customer left it: its fields, the visit it belongs to, the files that came with it.

    ``token`` is always good: a fresh one where the one that came was not, and ``lapse`` says why. ``read`` are articles that
    the customer has just read in the help centre.
    """

    form: ContactForm
    token: str
    visit: str
    lapse: TokenError | None = None
    files: list[Attachment] = field(default_factory=list)
    refused_files: list[str] = field(default_factory=list)
    read: frozenset[int] = frozenset()

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
        return good and not self.refused_files and self.lapse is None

    def problems(self) -> Iterator[tuple[str, str]]:
        """Give what is wrong, as pairs of the field and the words, in the order of the page."""
        for name in FIELDS:
            for words in self.errors(name):
                yield name, words
        if self.lapse is not None:
            yield "send", _lapse_words(self.lapse)

    def errors(self, name: str) -> list[str]:
        """Give what is wrong with one field."""
        if name == "attachments":
            return self.refused_files
        return [str(words) for words in self.form[name].errors]


def opened(fields: Mapping[str, str]) -> Attempt:
    """Open a form for a new visit, with what its address prefills."""
    token, read = tokens().new_visit(), numbers(fields.get("read", ""))
    return Attempt(_form(fields if fields.get("topic") else {**fields, "topic": _topic_of(read)}), token, _read(token), read=read)


def numbers(text: str) -> frozenset[int]:
    """Read the numbers of some articles, with commas between; what is none is passed over."""
    words = text[: MOST_NUMBERS * (MOST_DIGITS + 1)].split(",")[:MOST_NUMBERS]
    return frozenset(int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS)


def posted() -> Attempt:
    """Read the form that this request posts."""
    token = request.form.get("visit", "")
    try:
        return Attempt(_form(request.form), token, _read(token), read=numbers(request.form.get("read", "")))
    except TokenError as lapse:
        fresh = opened(request.form)
        fresh.lapse = lapse
        return fresh


def _read(token: str) -> str:
    return tokens().read_visit(token, hours=current_app.config["FORM_HOURS"])


def _form(fields: Mapping[str, str]) -> ContactForm:
    return ContactForm(fields, limits=limits(current_app.config), topics=_topics())


def _topics() -> list[tuple[str, str]]:
    """List the topics; a database that cannot be read takes nothing else from the form."""
    try:
        with database().reading() as session:
            return topics.choices(session, choose_language())
    except OperationalError:
        return []


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
