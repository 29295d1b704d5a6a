"""The help centre: its home and its shelves; its other pages stand in modules of their own."""

from datetime import UTC, datetime

from flask import Blueprint, Response, make_response, render_template
from werkzeug.exceptions import NotFound

from kb import categories, picture_views
from kb.article_views import article, say
from kb.help_web import LONGEST_CATEGORY, asked, fresh, page_number, reader_language
from kb.map_views import feed, robots, sitemap, sitemap_part
from kb.search_views import at_once, search
from kb.web import database, openings

LISTED, FEWEST_POPULAR = 5, 3
blueprint = Blueprint("help", __name__, template_folder="templates", static_folder="static", static_url_path="/static/kb")
blueprint.add_url_rule("/help/pictures/<name>", "picture", picture_views.picture)
blueprint.add_url_rule("/help/<lang>/<slug>", view_func=article)
blueprint.add_url_rule("/help/<lang>/<slug>", view_func=say, methods=["POST"])
blueprint.add_url_rule("/help/search", view_func=search)
blueprint.add_url_rule("/help/search", view_func=at_once, methods=["POST"])
blueprint.add_url_rule("/help/feed/<lang>.atom", view_func=feed)
blueprint.add_url_rule("/sitemap.xml", view_func=sitemap)
blueprint.add_url_rule("/sitemap-<int:number>.xml", view_func=sitemap_part)
blueprint.add_url_rule("/robots.txt", view_func=robots)
blueprint.add_app_template_filter(categories.native_name, "native_name")


@blueprint.get("/help")
def home() -> Response:
    """Show every shelf of the reader's language."""
    with database().reading() as session:
        counts = categories.languages(session)
        language = reader_language(counts)
        found = categories.shelves(session, language)
        popular = openings().popular(session, language, LISTED, datetime.now(UTC))
        popular = popular if len(popular) >= FEWEST_POPULAR else ()
        newest = categories.newest(session, language, LISTED)
    return fresh(render_template("help_home.html", shelves=found, content=language, counts=counts, popular=popular, newest=newest))


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


@blueprint.errorhandler(NotFound)
def missing(_error: NotFound) -> Response:
    """Say that there is no such page, and offer the search."""
    response = make_response(render_template("help_missing.html"), 404)
    response.cache_control.no_store = True
    return response
