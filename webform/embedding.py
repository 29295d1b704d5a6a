"""Embedding: which other sites may show the form in a frame, and how a page knows that it stands in one.

A page in a frame carries the origin of the site around it in its address, from page to page, because it has no cookie
to remember it by. The origin grants nothing by itself: the browser holds every such page against ``frame-ancestors``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

_SITE = re.compile(r"(https?)://(\*\.)?([a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::(\d{1,5}))?")
_USUAL_PORTS = {"http": "80", "https": "443"}
LONGEST_ORIGIN = 255


class Mode(StrEnum):
    """What comes first where the form is shown: the answers, both alike, or the form."""

    ANSWERS = "answers"
    EQUAL = "equal"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Site:
    """A site that may show the form, or with ``below`` every site whose host ends in a dot and ``host``."""

    scheme: str
    below: bool
    host: str
    port: str

    def __str__(self) -> str:
        """Write it as ``frame-ancestors`` wants it."""
        return f"{self.scheme}://{'*.' if self.below else ''}{self.host}{f':{self.port}' if self.port else ''}"

    def covers(self, origin: "Site") -> bool:
        """Tell whether an origin is this site, or one of those below it."""
        same = (self.scheme, self.port) == (origin.scheme, origin.port)
        return same and (origin.host.endswith(f".{self.host}") if self.below else origin.host == self.host)


def parse_sites(text: str) -> tuple[Site, ...]:
    """Read the sites that may show the form, with spaces or commas between.

    :raises ValueError: for the first that is none, with the fix in words.
    """
    return tuple(_site(word) for word in text.replace(",", " ").split())


def _site(text: str) -> Site:
    found = _SITE.fullmatch(text.strip().rstrip("/").lower())
    if found is None:
        raise ValueError(f"{text!r} is not a site: use for example https://shop.example.com or https://*.example.com, without a path")
    scheme, below, host, port = found.groups()
    return Site(scheme, bool(below), host, "" if port == _USUAL_PORTS[scheme] else port or "")


def allowed_origin(text: str, sites: Sequence[Site], own: str) -> str:
    """Give the origin of the site around a page, written the one usual way; nothing if it may not show the form.

    :param text: what the page's address says; anything may stand there.
    :param own: address of this installation, whose own pages may show the form.
    """
    if not text or len(text) > LONGEST_ORIGIN:
        return ""
    try:
        origin = _site(text)
    except ValueError:
        return ""
    if origin.below:
        return ""
    return str(origin) if str(origin) == own_origin(own) or any(site.covers(origin) for site in sites) else ""


def own_origin(base_url: str) -> str:
    """Give the origin of this installation's public address."""
    parts = urlsplit(base_url)
    try:
        return str(_site(f"{parts.scheme}://{parts.netloc}"))
    except ValueError:  # An address of numbers in brackets: only pages of this site itself can show the form there.
        return f"{parts.scheme}://{parts.netloc}"


def host_of(origin: str) -> str:
    """Give the host of an origin, under which visits from there are counted."""
    return urlsplit(origin).netloc


def frame_ancestors(sites: Sequence[Site]) -> str:
    """Say in the words of a content policy who may show the form in a frame."""
    return " ".join(["'self'", *map(str, sites)])


def read_mode(text: str) -> Mode:
    """Read what comes first; what is no mode means both alike."""
    return Mode(text) if text in {mode.value for mode in Mode} else Mode.EQUAL
