"""Letter texts: words of leads with named variables, filled in as plain text and as HTML.

There is no code in them: a variable in double braces stands for a value, and everything else for itself.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from markupsafe import Markup, escape

VARIABLES = (
    "greeting", "name", "reference", "company", "signature", "topic", "answer_time", "answer_within", "answer_by", "status_link", "link_note", "article",
)  # fmt: skip
"""Every variable that a letter may name, in the order in which they are offered."""
NEEDED = {"subject": ("reference",), "body": ("reference", "status_link")}
OF_SUBJECT = frozenset(("name", "reference", "company", "topic"))
LONGEST_SUBJECT, LONGEST_BODY = 150, 5000
_VARIABLE = re.compile(r"\{\{\s*([^{}\n]*?)\s*\}\}")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_URL = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]")
_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


class TextFault(StrEnum):
    """What is wrong with a text."""

    UNKNOWN = "unknown"
    NOT_HERE = "not-here"
    BRACES = "braces"
    MISSING = "missing"
    EMPTY = "empty"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class WrongText:
    """One thing that is wrong: ``name`` as it was written, or the variable that is missing; ``meant`` the one it is likely to be."""

    fault: TextFault
    name: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as leads write it."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Value:
    """What a variable stands for, as text and, where that is not the same, as HTML."""

    text: str
    html: Markup | None = None


def wrong_subject(subject: str) -> list[WrongText]:
    """Find what is wrong with a subject."""
    return _wrong(subject, "subject", LONGEST_SUBJECT)


def wrong_body(body: str) -> list[WrongText]:
    """Find what is wrong with the text of a letter."""
    return _wrong(body, "body", LONGEST_BODY)


def as_line(text: str, values: Mapping[str, Value]) -> str:
    """Fill in a subject."""
    return " ".join("".join(_filled(text, {name: value.text for name, value in values.items()})).split())


def as_text(text: str, values: Mapping[str, Value]) -> str:
    """Fill in a letter as plain text; a line in which nothing is left but empty variables goes."""
    texts = {name: value.text for name, value in values.items()}
    return "\n\n".join("\n".join("".join(_filled(line, texts)) for line in lines) for lines in _paragraphs(text, values))


def as_html(text: str, values: Mapping[str, Value], *, style: str = "") -> Markup:
    """Fill in a letter as HTML; what leads wrote and what values hold is text, web addresses become links.

    :param style: of each paragraph.
    """
    opening = Markup('<p style="{}">').format(style) if style else Markup("<p>")
    htmls = {name: value.html if value.html is not None else _lines(value.text) for name, value in values.items()}
    written = []
    for lines in _paragraphs(text, values):
        inner = Markup("<br>\n").join(Markup("").join(_linked(piece) for piece in _filled(line, htmls)) for line in lines)
        # A value that is a block of its own cannot stand in a paragraph.
        written.append(inner if inner.lstrip().startswith("<div") else opening + inner + Markup("</p>"))
    return Markup("\n").join(written)


def _wrong(text: str, place: str, longest: int) -> list[WrongText]:
    if not text.strip():
        return [WrongText(TextFault.EMPTY)]
    wrong = [WrongText(TextFault.LONG)] if len(text) > longest else []
    names = [match[1] for match in _VARIABLE.finditer(text)]
    for name in dict.fromkeys(names):
        if name not in VARIABLES:
            wrong.append(WrongText(TextFault.UNKNOWN, name[:40], next(iter(get_close_matches(name.lower(), VARIABLES, 1, 0.5)), "")))
        elif place == "subject" and name not in OF_SUBJECT:
            wrong.append(WrongText(TextFault.NOT_HERE, name))
    if loose := _BRACES.search(_VARIABLE.sub("", text)):
        wrong.append(WrongText(TextFault.BRACES, loose[0]))
    return wrong + [WrongText(TextFault.MISSING, name) for name in NEEDED[place] if name not in names]


def _paragraphs(text: str, values: Mapping[str, Value]) -> Iterator[list[str]]:
    for paragraph in _PARAGRAPHS.split(text.strip("\n")):
        lines = [line for line in paragraph.split("\n") if not _is_silent(line, values)]
        if lines:
            yield lines


def _is_silent(line: str, values: Mapping[str, Value]) -> bool:
    names = [match[1] for match in _VARIABLE.finditer(line)]
    return bool(names) and not _VARIABLE.sub("", line).strip() and not any(values[name].text for name in names)


def _filled(line: str, values: Mapping[str, str]) -> Iterator[str]:
    """Give the pieces of a line in turn: words, value, words … A value that is empty takes the space before it along."""
    end = 0
    for match in _VARIABLE.finditer(line):
        words, value = line[end : match.start()], values[match[1]]
        yield words if value else words.rstrip(" ")
        yield value
        end = match.end()
    yield line[end:]


def _linked(piece: str) -> Markup:
    if isinstance(piece, Markup):
        return piece
    found, end = Markup(""), 0
    for match in _URL.finditer(piece):
        found += escape(piece[end : match.start()]) + Markup('<a href="{0}">{0}</a>').format(match[0])
        end = match.end()
    return found + escape(piece[end:])


def _lines(text: str) -> Markup:
    return Markup("<br>\n").join(escape(line) for line in text.split("\n"))
