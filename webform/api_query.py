"""What a program asks for in an address: moments, days, words out of a few, and where the last page ended."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import Request

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")
FIRST_YEAR, LAST_YEAR, LARGEST = 1970, 9000, 2**31
LONGEST_CURSOR = 100


class Wrong(Exception):
    """What was asked for cannot be; ``errors`` are words by name."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ended: the moment and the number of its last row."""

    moment: datetime
    number: int

    def __str__(self) -> str:
        return urlsafe_b64encode(f"{self.moment.astimezone(UTC).isoformat()} {self.number}".encode()).decode().rstrip("=")


def read(request: Request, readers: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """Read what stands in an address, each name by its reader; a name that is left out is left out.

    :raises Wrong: for a name that is not known, comes twice, or has a value that its reader refuses.
    """
    found: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, values in request.args.lists():
        if name not in readers:
            errors[name[:40]] = [f"Only these are known: {', '.join(sorted(readers))}."]
        elif len(values) > 1:
            errors[name] = ["Say it once."]
        else:
            try:
                found[name] = readers[name](values[0])
            except (ValueError, OverflowError) as error:
                errors[name] = [str(error)]
    if errors:
        raise Wrong(errors)
    return found


def moment(text: str) -> datetime:
    """Read a moment of RFC 3339."""
    if not _MOMENT.fullmatch(text) or not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise ValueError("Write a moment such as 2026-11-30T17:00:00Z.")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except ValueError as error:
        raise ValueError("There is no such moment.") from error


def day(text: str) -> date:
    """Read a day."""
    if not _DAY.fullmatch(text) or not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise ValueError("Write a day such as 2026-11-30.")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("There is no such day.") from error


def language(text: str) -> str:
    """Read the language of an article, whatever it is."""
    if not _LANGUAGE.fullmatch(text):
        raise ValueError("Write a language such as en.")
    return text


def cursor(text: str) -> Mark:
    """Read where a page ended."""
    try:
        told, _, number = urlsafe_b64decode(text[:LONGEST_CURSOR] + "==").decode("ascii").partition(" ")
        mark = Mark(datetime.fromisoformat(told), int(number))
    except (NotBase64, ValueError) as error:
        raise ValueError("Send a cursor as it was given in next.") from error
    if mark.moment.tzinfo is None or not 0 <= mark.number < LARGEST:
        raise ValueError("Send a cursor as it was given in next.")
    return mark


def one_of(words: Collection[str]) -> Callable[[str], str]:
    """Make a reader of one of a few words."""

    def chosen(text: str) -> str:
        if text not in words:
            raise ValueError(f"Choose one of: {', '.join(words)}.")
        return text

    return chosen
