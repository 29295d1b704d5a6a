"""The help centre: its home, its shelves, its articles and its search."""

import logging
from collections.abc import Mapping

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from kb import categories, picture_views
from kb.articles import Translation, published, published_formerly, published_translations
from kb.drafts import is_language
from kb.markdown import Heading, headings, render
from kb.searching import PAGE_LENGTH
from kb.slugs import slugify
from kb.web import database, may_search, suggester

LONGEST_QUERY = 200
LONGEST_CATEGORY = 100
LAST_PAGE = 1000
CONTENTS_FROM = 3
DEEPEST_IN_CONTENTS = 3
OTHER_LANGUAGES = 4
RETRY_SECONDS = 60

log = logging.getLogger(__name__)
blueprint = Blueprint("help", __name__, template_folder="templates", static_folder="static", static_url_path="/static/kb")
blueprint.add_url_rule("/help/pictures/<name>", "picture", picture_views.picture)
blueprint.add_app_template_filter(categories.native_name, "native_name")


@blueprint.get("/help")
def home() -> Response:
    """Show every shelf of the reader's language."""
    with database().reading() as session:
        counts = categories.languages(session)
        language = _reader_language(counts)
        found = categories.shelves(session, language)
    return _fresh(render_template("help_home.html", shelves=found, content=language, counts=counts))


@blueprint.get("/help/category")
def category() -> Response:
    """Show all articles of one category."""
    name, page = _asked("name", LONGEST_CATEGORY), _page()
    with database().reading() as session:
        language = _reader_language(categories.languages(session))
        found = categories.shelf(session, language, name, page=page)
    if not found.entries:
        raise NotFound
    return _fresh(render_template("help_category.html", shelf=found, content=language, page=page, pages=-(-found.total // categories.LIST_LENGTH)))


@blueprint.get("/help/<lang>/<slug>")
def article(lang: str, slug: str) -> AnyResponse:
    """Show one published article; an address that is written a little otherwise, or was its own once, leads to the right one."""
    g.language = lang
    safe = slugify(slug)
    if not is_language(lang) or not safe:
        raise NotFound
    with database().reading() as session:
        found = published(session, lang, safe) or published_formerly(session, lang, safe)
        others = published_translations(session, found.article_id) if found else []
    if found is None:
        raise NotFound
    if found.slug != slug:
        return redirect(url_for(".article", lang=lang, slug=found.slug), 301)
    addresses = {other.language: url_for(".article", lang=other.language, slug=other.slug) for other in others}
    page = {"article": found, "html": render(found.body), "contents": _contents(found), "translations": others, "addresses": addresses}
    return _fresh(render_template("help_article.html", **page))


@blueprint.get("/help/search")
def search() -> AnyResponse:
    """Look for words in the articles of the reader's language, and tell how many there are in others."""
    query, page = _asked("q", LONGEST_QUERY), _page()
    with database().reading() as session:
        counts = categories.languages(session)
    language = _reader_language(counts)
    asked = {"query": query, "page": page, "content": language}
    if query and not may_search():
        return _unsearched(429, asked, flooded=True)
    try:
        found = suggester().search(query, language=language, page=page) if query else None
        elsewhere = _totals_elsewhere(query, language, counts) if query and page == 1 else {}
    except Exception as fault:  # noqa: BLE001 - a reader whose search fails still finds the shelves and the form
        log.warning("no search: %s", type(fault).__name__)
        return _unsearched(503, asked, failed=True)
    if found and found.total and not found.hits:
        return redirect(url_for(".search", q=query, lang=language))
    pages = min(-(-found.total // PAGE_LENGTH), LAST_PAGE) if found else 0
    return _fresh(render_template("help_search.html", **asked, pages=pages, found=found, elsewhere=elsewhere))


@blueprint.errorhandler(NotFound)
def missing(_error: NotFound) -> Response:
    """Say that there is no such page, and offer the search."""
    response = make_response(render_template("help_missing.html"), 404)
    response.cache_control.no_store = True
    return response


def _unsearched(status: int, asked: Mapping[str, object], **reason: bool) -> Response:
    response = make_response(render_template("help_search.html", **asked, pages=0, found=None, elsewhere={}, **reason), status)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.cache_control.no_store = True
    return response


def _contents(article: Translation) -> list[Heading]:
    found = [heading for heading in headings(article.body) if heading.level <= DEEPEST_IN_CONTENTS]
    return found if len(found) >= CONTENTS_FROM else []


def _totals_elsewhere(query: str, language: str, counts: Mapping[str, int]) -> dict[str, int]:
    others = [other for other in counts if other != language][:OTHER_LANGUAGES]
    totals = {other: suggester().search(query, language=other).total for other in others}
    return {other: total for other, total in totals.items() if total}


def _reader_language(counts: Mapping[str, int]) -> str:
    return categories.reader_language([_asked("lang", 16), str(get_locale() or "en").replace("_", "-")], counts)


def _asked(name: str, longest: int) -> str:
    """Read a parameter of the address without what no database keeps."""
    text = request.args.get(name, "")[: 4 * longest]
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())[:longest]


def _page() -> int:
    page = _asked("page", 4)
    return min(max(int(page), 1), LAST_PAGE) if page.isdecimal() else 1


def _fresh(html: str) -> Response:
    """Let browsers keep a page, but ask each time: an article that is taken back is gone at once."""
    response = make_response(html)
    response.cache_control.no_cache = True
    response.vary.add("Accept-Language")
    response.add_etag()
    response.make_conditional(request)
    return response
