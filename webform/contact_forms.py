"""The form's fields: what may stand in each, and what is said when something else does."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, Field, Form, SelectField, StringField, TextAreaField
from wtforms.validators import StopValidation

from webform.lines import one_line, storable

MAX_EMAIL = 254
LONGEST_LINE = 4000


@dataclass(frozen=True, slots=True)
class Limits:
    """How many characters each field holds."""

    name: int
    subject: int
    message: int
    email: int = MAX_EMAIL


def limits(config: Mapping[str, Any]) -> Limits:
    """Read the limits from the settings."""
    return Limits(name=config["MAX_NAME"], subject=config["MAX_SUBJECT"], message=config["MAX_MESSAGE"])


def clean_text(text: str | None) -> str:
    """Keep the words and lines of a text, without what no person types and no mail can carry."""
    return storable(text or "").strip()


def clean_line(text: str | None) -> str:
    """Keep a text as one line without invisible characters; one that is far too long only loses its breaks."""
    line = clean_text(text)
    return one_line(line, LONGEST_LINE) if len(line) <= LONGEST_LINE else " ".join(line.split())


class ContactForm(Form):  # type: ignore[misc]
    """What a customer sends. Texts come out cleaned; what is wrong is said in words beside the field."""

    subject = StringField(filters=[clean_line])
    message = TextAreaField(filters=[clean_text])
    topic = SelectField(filters=[clean_line], validate_choice=False)
    name = StringField(filters=[clean_line])
    email = EmailField(filters=[clean_line])

    def __init__(self, fields: Mapping[str, Any] | None, *, limits: Limits, topics: Sequence[tuple[str, str]]) -> None:
        """Read the fields of a request.

        :param fields: what was sent, or prefilled; only texts are looked at.
        :param topics: pairs of slug and name; with none, the topic is not asked for.
        """
        self.limits = limits
        texts = {name: text for name, text in (fields or {}).items() if isinstance(text, str)}
        super().__init__(formdata=MultiDict(texts))
        self.topic.choices = [("", gettext("Choose one, if you know")), *topics]

    @property
    def address(self) -> str:
        """The e-mail address as every mail server understands it; only after validation."""
        return validate_email(self.email.data or "", check_deliverability=False, allow_smtputf8=False, strict=True).ascii_email or ""

    def refuse(self, field: str, message: str) -> None:
        """Add what is wrong with a field, found outside of the form."""
        self[field].errors = [*self[field].errors, message]

    def validate_subject(self, field: Field) -> None:
        """Refuse a subject that is too long."""
        _bound(field, self.limits.subject)

    def validate_message(self, field: Field) -> None:
        """Refuse a message without words, or too long."""
        if not _says_something(field.data):
            raise StopValidation(gettext("Write what is happening; one sentence is enough"))
        _bound(field, self.limits.message)

    def validate_topic(self, field: Field) -> None:
        """Refuse a topic that is not in the list."""
        if field.data not in {slug for slug, _name in field.choices}:
            raise StopValidation(gettext("Choose a topic from the list; the one sent does not exist"))

    def validate_name(self, field: Field) -> None:
        """Refuse a name that is too long."""
        _bound(field, self.limits.name)

    def validate_email(self, field: Field) -> None:
        """Refuse what cannot be answered to."""
        text = field.data
        if not text:
            raise StopValidation(gettext("Write your e-mail address, so that we can answer"))
        _bound(field, self.limits.email)
        if "=?" in text:  # Readers of mail take it for an encoded word; it could stand in no header as it is.
            raise StopValidation(gettext("Check the e-mail address for a typing error; mail cannot be sent to this one"))
        if "@" not in text:
            raise StopValidation(gettext("Write the whole e-mail address, with an @, for example name@example.com"))
        if text.endswith("@"):
            raise StopValidation(gettext("Add the part after the @ to your e-mail address"))
        try:
            validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
        except EmailNotValidError:
            raise StopValidation(gettext("Check the e-mail address for a typing error; mail cannot be sent to this one")) from None


def _bound(field: Field, limit: int) -> None:
    surplus = len(field.data) - limit
    if surplus > 0:
        raise StopValidation(
            ngettext("Shorten this by %(num)s character; %(limit)s fit", "Shorten this by %(num)s characters; %(limit)s fit", surplus, limit=limit)
        )


def _says_something(text: str) -> bool:
    return any(unicodedata.category(character)[0] in "LNSP" for character in text)
