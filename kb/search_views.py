"""The search of the help centre: a page by its address, and what is found while somebody types."""

import logging
from collections.abc import Mapping

from flask import Response, abort, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kb import categories
from kb.drafts import is_language
from kb.help_web import LAST_PAGE, LONGEST_CATEGORY, asked, fresh, page_number, reader_language, tidy
from kb.looking_web import note_search
from kb.searching import LONGEST_QUERY, PAGE_LENGTH, SearchPage
from kb.web import database, may_look, may_search, poll, suggester

OTHER_LANGUAGES = 4
RETRY_SECONDS = 60
MOST_BYTES = 8192
log = logging.getLogger(__name__)


def search() -> AnyResponse:
    """Look for words in the articles of the reader's language, and tell how many there are in others."""
    query, page, category = asked("q", LONGEST_QUERY), page_number(), asked("category", LONGEST_CATEGORY)
    with database().reading() as session:
        counts = categories.languages(session)
    language = reader_language(counts)
    wanted = {"query": query, "page": page, "content": language, "category": category}
    if query and not may_search():
        return _unsearched(429, wanted, flooded=True)
    try:
        found = _found(query, language, page, category) if query else None
        elsewhere = _totals_elsewhere(query, language, counts) if query and page == 1 and not category else {}
    except Exception as fault:  # noqa: BLE001 - a reader whose search fails still finds the shelves and the form
        log.warning("no search: %s", type(fault).__name__)
        return _unsearched(503, wanted, failed=True)
    if found and not found.hits and (found.total or category):
        return redirect(url_for(".search", q=query, lang=language))
    if found and page == 1 and not category and request.method == "GET":
        note_search(query, language, in_vain=not found.total)
    pages = min(-(-found.total // PAGE_LENGTH), LAST_PAGE) if found else 0
    return fresh(render_template("help_search.html", **wanted, pages=pages, found=found, elsewhere=elsewhere))


def at_once() -> Response:
    """Give what is found for a text that is still being typed: a fragment, asked for by post, so that no server on the way keeps it."""
    request.max_content_length = MOST_BYTES
    if not poll().is_own():
        abort(403)
    if "q" not in request.form:
        abort(400)
    query, language = tidy(request.form["q"], LONGEST_QUERY), request.form.get("lang", "")[:16]
    g.language = request.form.get("interface", "")[:16] or None
    if not is_language(language):
        abort(400)
    if not may_look():
        response = make_response("", 429)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    try:
        typed = query + " " if request.form["q"].endswith(" ") else query  # A space says that the last word is finished.
        found = suggester().search(typed, language=language, typing=True) if query else None
    except Exception as fault:  # noqa: BLE001 - the page's own button still leads to the search
        log.warning("no search: %s", type(fault).__name__)
        abort(503)
    response = make_response(render_template("_found_at_once.html", found=found, query=query, content=language))
    response.headers["Cache-Control"] = "no-store"
    return response


def _found(query: str, language: str, page: int, category: str) -> SearchPage:
    if category:
        return suggester().search(query, language=language, page=page, category=category)
    return suggester().search(query, language=language, page=page)


def _unsearched(status: int, wanted: Mapping[str, object], **reason: bool) -> Response:
    response = make_response(render_template("help_search.html", **wanted, pages=0, found=None, elsewhere={}, **reason), status)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.cache_control.no_store = True
    return response


def _totals_elsewhere(query: str, language: str, counts: Mapping[str, int]) -> dict[str, int]:
    others = [other for other in counts if other != language][:OTHER_LANGUAGES]
    totals = {other: suggester().search(query, language=other).total for other in others}
    return {other: total for other, total in totals.items() if total}
