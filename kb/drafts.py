"""Drafts: what somebody wants a translation to say, checked before it comes near the database."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kb.markdown import MAX_SOURCE
from kb.sentences import Sentence

MAX_ID = 200
MAX_LANGUAGE = 16
MAX_TITLE = 300
MAX_SUMMARY = 2_000
MAX_CATEGORY = 100
MAX_EXTRA = 20_000

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class ArticleError(ValueError):
    """An article cannot be kept as it is; the message says why, in words for its author."""


class Status(StrEnum):
    """How far a translation is: only ``published`` ones are ever seen by a customer."""

    DRAFT = "draft"
    IN_REVIEW = "review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Visibility(StrEnum):
    """Who may read what is published of an article: anybody, who has its link, or staff alone."""

    PUBLIC = "public"
    LINK = "link"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Draft:
    """The wanted state of one translation; always one that can be kept.

    :ivar slug: wish for the last part of the address; empty keeps the present one, or makes one of the title.
    :ivar updated_at: when the text was last changed; nothing means now, if it differs from what is kept.
    :ivar facts: what is said beside the text, as :mod:`kb.facts` checks it; what is not said leaves what is kept.
    :ivar extra: further front matter as YAML, kept but not read; nothing leaves what is kept.
    :raises ArticleError: if it cannot be kept.
    """

    external_id: str
    language: str
    title: str
    body: str
    summary: str = ""
    category: str = ""
    slug: str = ""
    status: Status = Status.PUBLISHED
    updated_at: datetime | None = None
    extra: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_line("id", self.external_id, MAX_ID)
        _check_line("title", self.title, MAX_TITLE)
        _check_line("category", self.category, MAX_CATEGORY, required=False)
        _check_text("summary", self.summary, MAX_SUMMARY)
        _check_text("body", self.body, MAX_SOURCE)
        _check_text("other front matter", self.extra or "", MAX_EXTRA)
        if not is_language(self.language):
            raise ArticleError(Sentence("lang is not a language code such as en, ru or zh-CN"))
        if len(self.body.encode()) > MAX_SOURCE:
            raise ArticleError(Sentence("body is longer than %(most)s kB; divide the article", most=MAX_SOURCE // 1000))
        if self.updated_at is not None and self.updated_at.tzinfo is None:
            raise ArticleError(Sentence("updated_at has no time zone"))


def is_language(code: str) -> bool:
    """Tell whether a text has the form of a language code, as ``en`` or ``zh-CN``."""
    return len(code) <= MAX_LANGUAGE and _LANGUAGE.fullmatch(code) is not None


def _check_line(name: str, text: str, longest: int, *, required: bool = True) -> None:
    _check_text(name, text, longest)
    if required and not text.strip():
        raise ArticleError(Sentence("%(name)s is missing", name=name))
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
        raise ArticleError(Sentence("%(name)s has a line break or a control character", name=name))


def _check_text(name: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise ArticleError(Sentence("%(name)s is longer than %(most)s characters", name=name, most=longest))
    if "\0" in text:
        raise ArticleError(Sentence("%(name)s has a NUL character, which no database keeps", name=name))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(Sentence("%(name)s has half of a character at position %(place)s (a lone surrogate)", name=name, place=error.start)) from None
