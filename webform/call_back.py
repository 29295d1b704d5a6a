"""Call-backs: the number to call, read without fuss, and the hours at which somebody is there to call."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from webform.working_time import WorkingTime

LENGTH = timedelta(hours=1)
STEP = timedelta(minutes=30)
NOTICE = timedelta(minutes=30)
"""So long before a time it can still be chosen."""
DAYS = 8
MOST_SLOTS = 60
LONGEST_NUMBER = 60
FEWEST_DIGITS, MOST_DIGITS, MOST_EXTENSION = 5, 15, 6
_EXTENSION = re.compile(r"(?:ext(?:ension)?\.?|доб(?:авочный)?\.?|вн\.?|分机|转|x|#)\s*:?\s*(\d{1,12})$", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[\s()\[\]./\\‐‑‒–—−·-]")


class NumberFault(StrEnum):
    """What is wrong with a number."""

    EMPTY = "empty"
    LETTERS = "letters"
    SHORT = "short"
    LONG = "long"


class NumberRefused(ValueError):
    """A number cannot be called; ``fault`` says why."""

    def __init__(self, fault: NumberFault) -> None:
        """Say why."""
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which somebody can call."""

    since: datetime
    until: datetime

    @property
    def name(self) -> str:
        """The name that a form sends: the beginning in UTC."""
        return f"{self.since.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call and when, in the time zone of the office; without ``slot`` as soon as somebody is free."""

    number: str
    slot: Slot | None
    zone: str


def read_number(text: str) -> str:
    """Read a telephone number as people write it: digits of any script, signs between them, a plus or 00 before, an extension behind.

    :return: digits, with a plus if it began with one or with 00, and ``ext.`` before an extension. No country is guessed.
    :raises NumberRefused: if it has letters, or fewer or more digits than any number has.
    """
    line = "".join(_plain(character) for character in unicodedata.normalize("NFKC", text).strip())
    extension = _EXTENSION.search(line)
    line = line[: extension.start()] if extension else line
    digits = _PUNCTUATION.sub("", line).rstrip(",;:")
    if not digits:
        raise NumberRefused(NumberFault.EMPTY)
    plus = digits.startswith(("+", "00"))
    digits = digits.removeprefix("+") if digits.startswith("+") else digits.removeprefix("00")
    # A trunk zero in brackets is written beside the country for people inside of it.
    digits = digits if not plus or "(0)" not in line else _PUNCTUATION.sub("", line.replace("(0)", "", 1)).removeprefix("+").removeprefix("00")
    if not digits.isascii() or not digits.isdigit():
        raise NumberRefused(NumberFault.LETTERS)
    if len(digits) < FEWEST_DIGITS:
        raise NumberRefused(NumberFault.SHORT)
    if len(digits) > MOST_DIGITS or (extension and len(extension[1]) > MOST_EXTENSION):
        raise NumberRefused(NumberFault.LONG)
    return f"{'+' if plus else ''}{digits}{f' ext. {extension[1]}' if extension else ''}"


def slots(time: WorkingTime, now: datetime) -> list[Slot]:
    """Give the times that can be chosen: whole hours and half hours within the working hours of the next days, soonest first."""
    found: list[Slot] = []
    for opens, closes in time.openings(now, DAYS):
        since = opens
        while since + LENGTH <= closes and len(found) < MOST_SLOTS:
            if since >= now + NOTICE:
                found.append(Slot(since.astimezone(time.zone), (since + LENGTH).astimezone(time.zone)))
            since += STEP if len(found) < 2 else LENGTH
    return found


def slot_named(time: WorkingTime, name: str, now: datetime) -> Slot | None:
    """Find the time that a form named, if somebody is there then and it can still be chosen."""
    try:
        since = datetime.strptime(name, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    if not now + NOTICE - STEP <= since <= now + timedelta(days=DAYS + 2):
        return None
    there = any(opens <= since and since + LENGTH <= closes for opens, closes in time.openings(since))
    return Slot(since.astimezone(time.zone), (since + LENGTH).astimezone(time.zone)) if there else None


def _plain(character: str) -> str:
    """Give a digit of any script as one of ours."""
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)
