"""Checks of answers: what a field takes, in which form it is kept, and what is said of anything else."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext, ngettext

from webform import masks
from webform.fields import LONGEST, YES, Answer, FieldKind, FormField
from webform.lines import one_line, storable

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
_PHONE = re.compile(r"[+(]?[0-9][0-9().\-/ ]{2,38}")
_DAYS = (
    (re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"), (0, 1, 2)),
    (re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})"), (2, 1, 0)),
    (re.compile(r"([0-9]{4})[年/]([0-9]{1,2})[月/]([0-9]{1,2})日?"), (0, 1, 2)),
)


class Refused(Exception):
    """An answer that a field does not take; the message says what to do, in the reader's language."""


def kept(field: FormField, given: Answer) -> Answer:
    """Bring an answer into the form in which it is kept; empty stays empty.

    :raises Refused: if the field does not take it.
    """
    if isinstance(given, list):
        return _choices(field, given)
    text = given.strip()
    if not text:
        return ""
    most = LONGEST.get(field.kind)
    if most is not None and len(text) > most:
        surplus = len(text) - most
        raise Refused(ngettext("Shorten this by %(num)s character; %(limit)s fit", "Shorten this by %(num)s characters; %(limit)s fit", surplus, limit=most))
    return _READERS[field.kind](field, text)


def missing(field: FormField) -> str:
    """Say what to do about a question that must be answered and was not."""
    if field.kind is FieldKind.CONSENT:
        return str(gettext("Tick this box, or choose another topic"))
    if field.kind is FieldKind.CHOICE:
        return str(gettext("Choose one"))
    return str(gettext("Choose at least one") if field.kind is FieldKind.CHOICES else gettext("Answer this question"))


def _choices(field: FormField, given: list[str]) -> list[str]:
    known = [option.key for option in field.options]
    if not set(given) <= set(known):
        raise Refused(gettext("Choose from the list; what was sent is not in it"))
    return [key for key in known if key in given]


def _choice(field: FormField, text: str) -> str:
    if text not in {option.key for option in field.options}:
        raise Refused(gettext("Choose from the list; what was sent is not in it"))
    return text


def _consent(_field: FormField, text: str) -> str:
    return YES if text == YES else ""


def _day(_field: FormField, text: str) -> str:
    for pattern, (year, month, day) in _DAYS:
        if found := pattern.fullmatch(_SPACES.sub("", text)):
            try:
                return date(int(found[year + 1]), int(found[month + 1]), int(found[day + 1])).isoformat()
            except ValueError:
                break
    raise Refused(gettext("Write a day that exists, for example %(day)s", day="2026-03-25"))


def _number(field: FormField, text: str) -> str:
    plain = _SPACES.sub("", text).replace(",", ".").replace("\N{MINUS SIGN}", "-")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or "e" in plain.casefold() or "_" in plain:
        raise Refused(gettext("Write a number, with digits only, for example 12 or 3.5"))
    if field.least and number < Decimal(field.least):
        raise Refused(gettext("Write a number that is not less than %(least)s", least=field.least))
    if field.most and number > Decimal(field.most):
        raise Refused(gettext("Write a number that is not more than %(most)s", most=field.most))
    return f"{number:f}"


def _email(_field: FormField, text: str) -> str:
    try:
        return str(validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True).normalized)
    except EmailNotValidError:
        raise Refused(gettext("Check the e-mail address for a typing error; mail cannot be sent to this one")) from None


def _phone(_field: FormField, text: str) -> str:
    line = one_line(text, LONGEST["phone"])
    if not _PHONE.fullmatch(line) or not 4 <= sum(character.isdigit() for character in line) <= 15:
        raise Refused(gettext("Write a telephone number, for example %(number)s", number="+49 30 1234567"))
    return line


def _order(field: FormField, text: str) -> str:
    line = one_line(text, LONGEST["order"])
    if field.pattern and not masks.matches(field.pattern, line):
        example = masks.example(field.pattern)
        raise Refused(gettext("Check this for a typing error; it looks like this: %(example)s", example=example))
    return line


_READERS: dict[FieldKind, Callable[[FormField, str], str]] = {
    FieldKind.TEXT: lambda _field, text: one_line(text, LONGEST["text"]),
    FieldKind.LONG: lambda _field, text: storable(text).strip(),
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choice,
    FieldKind.CONSENT: _consent,
    FieldKind.DATE: _day,
    FieldKind.NUMBER: _number,
    FieldKind.EMAIL: _email,
    FieldKind.PHONE: _phone,
    FieldKind.ORDER: _order,
}
