"""What every page of the help centre needs of its request: parameters, the reader's language, and a kept answer."""

from collections.abc import Mapping
from datetime import datetime

from flask import Response, make_response, request
from flask_babel import get_locale

from kb import categories

LAST_PAGE = 1000
LONGEST_CATEGORY = 100


def asked(name: str, longest: int) -> str:
    """Read a parameter of the address without what no database keeps."""
    return tidy(request.args.get(name, ""), longest)


def tidy(text: str, longest: int) -> str:
    """Make one line of a text that came from outside."""
    text = text[: 4 * longest]
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())[:longest]


def page_number() -> int:
    """Read which page is wanted; what is no number asks for the first."""
    page = asked("page", 4)
    return min(max(int(page), 1), LAST_PAGE) if page.isdecimal() else 1


def reader_language(counts: Mapping[str, int]) -> str:
    """Choose the language of the articles to show."""
    return categories.reader_language([asked("lang", 16), str(get_locale() or "en").replace("_", "-")], counts)


def fresh(content: str, *, changed_at: datetime | None = None, kind: str = "text/html") -> Response:
    """Let browsers keep a page, but ask each time: an article that is taken back is gone at once."""
    response = make_response(content)
    response.content_type = f"{kind}; charset=utf-8"
    response.cache_control.no_cache = True
    if kind == "text/html":
        response.vary.add("Accept-Language")
    if changed_at is not None:
        response.last_modified = changed_at
    response.add_etag()
    response.make_conditional(request)
    return response
