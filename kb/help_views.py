"""The help centre: its home, its shelves and its search."""

import logging
from collections.abc import Mapping

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from kb import categories, picture_views
from kb.article_views import article
from kb.help_web import LAST_PAGE, asked, fresh, page_number, reader_language
from kb.searching import PAGE_LENGTH
from kb.web import database, may_search, suggester

LONGEST_QUERY = 200
LONGEST_CATEGORY = 100
OTHER_LANGUAGES = 4
RETRY_SECONDS = 60

log = logging.getLogger(__name__)
blueprint = Blueprint("help", __name__, template_folder="templates", static_folder="static", static_url_path="/static/kb")
blueprint.add_url_rule("/help/pictures/<name>", "picture", picture_views.picture)
blueprint.add_url_rule("/help/<lang>/<slug>", view_func=article)
blueprint.add_app_template_filter(categories.native_name, "native_name")


@blueprint.get("/help")
def home() -> Response:
    """Show every shelf of the reader's language."""
    with database().reading() as session:
        counts = categories.languages(session)
        language = reader_language(counts)
        found = categories.shelves(session, language)
    return fresh(render_template("help_home.html", shelves=found, content=language, counts=counts))


@blueprint.get("/help/category")
def category() -> Response:
    """Show all articles of one category."""
    name, page = asked("name", LONGEST_CATEGORY), page_number()
    with database().reading() as session:
        language = reader_language(categories.languages(session))
        found = categories.shelf(session, language, name, page=page)
    if not found.entries:
        raise NotFound
    return fresh(render_template("help_category.html", shelf=found, content=language, page=page, pages=-(-found.total // categories.LIST_LENGTH)))


@blueprint.get("/help/search")
def search() -> AnyResponse:
    """Look for words in the articles of the reader's language, and tell how many there are in others."""
    query, page = asked("q", LONGEST_QUERY), page_number()
    with database().reading() as session:
        counts = categories.languages(session)
    language = reader_language(counts)
    wanted = {"query": query, "page": page, "content": language}
    if query and not may_search():
        return _unsearched(429, wanted, flooded=True)
    try:
        found = suggester().search(query, language=language, page=page) if query else None
        elsewhere = _totals_elsewhere(query, language, counts) if query and page == 1 else {}
    except Exception as fault:  # noqa: BLE001 - a reader whose search fails still finds the shelves and the form
        log.warning("no search: %s", type(fault).__name__)
        return _unsearched(503, wanted, failed=True)
    if found and found.total and not found.hits:
        return redirect(url_for(".search", q=query, lang=language))
    pages = min(-(-found.total // PAGE_LENGTH), LAST_PAGE) if found else 0
    return fresh(render_template("help_search.html", **wanted, pages=pages, found=found, elsewhere=elsewhere))


@blueprint.errorhandler(NotFound)
def missing(_error: NotFound) -> Response:
    """Say that there is no such page, and offer the search."""
    response = make_response(render_template("help_missing.html"), 404)
    response.cache_control.no_store = True
    return response


def _unsearched(status: int, wanted: Mapping[str, object], **reason: bool) -> Response:
    response = make_response(render_template("help_search.html", **wanted, pages=0, found=None, elsewhere={}, **reason), status)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.cache_control.no_store = True
    return response


def _totals_elsewhere(query: str, language: str, counts: Mapping[str, int]) -> dict[str, int]:
    others = [other for other in counts if other != language][:OTHER_LANGUAGES]
    totals = {other: suggester().search(query, language=other).total for other in others}
    return {other: total for other, total in totals.items() if total}
