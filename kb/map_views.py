"""What programs read of the help centre: sitemaps, the rules for robots, and feeds."""

from datetime import datetime

from flask import Response, current_app, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from kb import categories, feeds, sitemaps
from kb.articles import Translation
from kb.drafts import is_language
from kb.help_web import LONGEST_CATEGORY, asked, fresh
from kb.web import database

CLOSED = ("/staff", "/requests/", "/help/search")


def sitemap() -> Response:
    """List the parts of the map of all public articles."""
    with database().reading() as session:
        changes = sitemaps.parts(session)
    listed: list[tuple[str, datetime | None]] = [(_whole("help.sitemap_part", number=number), changed_at) for number, changed_at in enumerate(changes, 1)]
    return fresh(sitemaps.index_xml([(_whole("help.sitemap_part", number=0), max(changes, default=None)), *listed]), kind="application/xml")


def sitemap_part(number: int) -> Response:
    """Give one part of the map; part 0 has the homes and the categories of every language."""
    with database().reading() as session:
        if number == 0:
            places: list[tuple[str, datetime | None]] = [(_whole("help.home"), None)]
            for language in categories.languages(session):
                places.append((_whole("help.home", lang=language), None))
                named = [shelf.category for shelf in categories.shelves(session, language) if shelf.category]
                places += [(_whole("help.category", lang=language, name=name), None) for name in named]
            return fresh(sitemaps.part_xml(places[: sitemaps.PART_LENGTH]), kind="application/xml")
        found = sitemaps.part(session, number) if number < 10_000 else []
    if not found:
        raise NotFound
    addresses = [(_whole("help.article", lang=each.language, slug=each.slug), each.changed_at) for each in found]
    return fresh(sitemaps.part_xml(addresses), kind="application/xml", changed_at=max(each.changed_at for each in found))


def robots() -> Response:
    """Tell robots where to look, and where there is nothing for them."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), f"Sitemap: {_whole('help.sitemap')}"]
    return fresh("\n".join(lines) + "\n", kind="text/plain")


def feed(lang: str) -> Response:
    """Give the articles of a language, or of one of its categories, that were changed last."""
    category = asked("category", LONGEST_CATEGORY)
    if not is_language(lang):
        raise NotFound
    with database().reading() as session:
        found = feeds.newest(session, lang, category)
    if not found:
        raise NotFound
    company = current_app.config["COMPANY"]
    title = f"{company} – {category or gettext('Help centre')}"
    page = _whole("help.category", lang=lang, name=category) if category else _whole("help.home", lang=lang)
    head = feeds.Head(title, company, lang, _whole("help.feed", lang=lang, category=category or None), page)
    return fresh(feeds.atom(head, found, _address), kind="application/atom+xml", changed_at=max(item.found.updated_at for item in found))


def _address(each: Translation) -> str:
    return _whole("help.article", lang=each.language, slug=each.slug)


def _whole(endpoint: str, **values: object) -> str:
    return str(current_app.config["BASE_URL"] + url_for(endpoint, **values))  # type: ignore[arg-type]
