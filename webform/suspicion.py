"""Suspicion: what speaks for a robot behind a request, and when that is enough to have a person look before mails go out.

A request is never refused for a suspicion and never dropped: it is held, and one of the staff, or time, lets it go on.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

HASTE_SECONDS = 3.0
"""Nobody opens a form, describes a problem, writes an address and sends within this time."""
MANY_LINKS = 4
_LINK = re.compile(r"https?://|www\.|\[url=", re.IGNORECASE)
_MARK = re.compile(r"@?[a-z0-9.-]+\.[a-z]{2,}|[^@\s]+@[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)


class Sign(StrEnum):
    """What may speak for a robot."""

    TRAP = "trap"
    HASTE = "haste"
    LINKS = "links"
    LISTED = "listed"
    LEARNED = "learned"
    UNPROVED = "unproved"


ENOUGH_ALONE = frozenset({Sign.TRAP, Sign.LISTED, Sign.LEARNED, Sign.UNPROVED})


@dataclass(frozen=True, slots=True)
class Sent:
    """What is looked at: the texts, the address, whether the field that nobody sees was filled in, and how long the form was open."""

    subject: str
    message: str
    email: str
    trap: str = ""
    open_seconds: float | None = None


def signs(sent: Sent, *, listed: Collection[str] = ()) -> frozenset[Sign]:
    """Tell what of a request speaks for a robot, by rules alone.

    :param listed: known-bad marks as `read_list` gives them.
    """
    text = fold(f"{sent.subject}\n{sent.message}")
    found = {
        Sign.TRAP: bool(sent.trap),
        Sign.HASTE: sent.open_seconds is not None and sent.open_seconds < HASTE_SECONDS,
        Sign.LINKS: len(_LINK.findall(text)) >= MANY_LINKS,
        Sign.LISTED: any(_fits(mark, text, fold(sent.email)) for mark in listed),
    }
    return frozenset(sign for sign, is_so in found.items() if is_so)


def is_enough(found: Collection[Sign]) -> bool:
    """Tell whether signs are enough to hold a request: one that is plain, or two that are weak."""
    return bool(ENOUGH_ALONE & set(found)) or len(set(found)) >= 2


def read_list(text: str) -> tuple[str, ...]:
    """Read a known-bad list, a mark a line: an address, ``@domain`` with what is below it, or words that a text holds.

    :raises ValueError: for a mark that is so short that it would fit nearly everything, with the fix in words.
    """
    marks = dict.fromkeys(" ".join(fold(line).split()) for line in text.splitlines())
    marks.pop("", None)
    if short := next((mark for mark in marks if len(mark) < 3), ""):
        raise ValueError(short)
    return tuple(marks)


def fold(text: str) -> str:
    """Make texts comparable whatever their case and width."""
    return unicodedata.normalize("NFKC", text).casefold()


def _fits(mark: str, text: str, email: str) -> bool:
    if mark.startswith("@"):
        domain = email.rpartition("@")[2]
        return domain == mark[1:] or domain.endswith(f".{mark[1:]}")
    if "@" in mark and _MARK.fullmatch(mark):
        return email == mark
    return mark in " ".join(text.split())
