"""Slugs: words of a title made fit for an address or an anchor, in any script."""

import re
import unicodedata
from collections.abc import Iterable

_LONGEST_BYTES = 180  # Of UTF-8: leaves room for a number and an ending within the 255 bytes of a file name.


def slugify(text: str, *, longest: int = 80) -> str:
    """Keep letters, their marks and digits of any script, in lower case, joined by single hyphens.

    :param longest: characters at most; the cut falls between words where one is near.
    :return: the slug, or nothing if the text has no letter and no digit.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text[:1000]).casefold())
    spaced = "".join(character if unicodedata.category(character)[0] in "LMN" else " " for character in folded)
    slug = "-".join(spaced.split())
    slug = slug.encode()[:_LONGEST_BYTES].decode(errors="ignore")
    if len(slug) > longest:
        slug = re.sub(r"(?<=.{20})-[^-]{0,20}$", "", slug[: longest + 1])[:longest]
    return slug.strip("-")


class Namer:
    """Gives every name only once: ``name``, then ``name-2``, ``name-3``…; quick also for thousands of the same name."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Begin with the names that are taken already."""
        self._taken = set(taken)
        self._last: dict[str, int] = {}

    def name(self, wanted: str) -> str:
        """Give the wanted name, or the first numbered one that is free, and take it."""
        free, number = wanted, self._last.get(wanted, 1)
        while free in self._taken:
            number += 1
            free = f"{wanted}-{number}"
        self._last[wanted] = number
        self._taken.add(free)
        return free
