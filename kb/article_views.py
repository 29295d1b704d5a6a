"""The page of an article: for anybody, for those who have its link, and for staff."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from kb.article_links import resolve
from kb.articles import Translation, Visibility
from kb.drafts import is_language
from kb.help_web import fresh, tidy
from kb.lags import source_behind
from kb.markdown import Heading, headings, render
from kb.slugs import slugify
from kb.visibility import Reader, published, published_formerly, published_translations
from kb.web import database

LONGEST_KEY = 64
CONTENTS_FROM = 3
DEEPEST_IN_CONTENTS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A translation that somebody may read, and the other languages of its article."""

    found: Translation
    visibility: Visibility
    translations: list[Translation]
    newer: Translation | None = None
    """The text that this one was made from and that says more by now."""

    @property
    def changed_at(self) -> datetime:
        """When the page last became another one."""
        return max(self.found.updated_at, self.found.published_at or self.found.updated_at)


def article(lang: str, slug: str) -> AnyResponse:
    """Show one published article; an address that is written a little otherwise, or was its own once, leads to the right one."""
    reader = Reader(key=tidy(request.args.get("key", ""), LONGEST_KEY))
    reading = read(lang, slug, reader)
    key = reader.key if reading.visibility is Visibility.LINK else None
    if reading.found.slug != slug:
        return redirect(url_for("help.article", lang=lang, slug=reading.found.slug, key=key), 301)
    return _closed(page(reading, key=key)) if key else page(reading)


def read(lang: str, slug: str, reader: Reader) -> Reading:
    """Find what somebody may read at an address.

    :raises werkzeug.exceptions.NotFound: if there is nothing, or nothing for this reader: nobody can tell which.
    """
    g.language = lang
    safe = slugify(slug)
    if not is_language(lang) or not safe:
        raise NotFound
    with database().reading() as session:
        found = published(session, lang, safe, reader) or published_formerly(session, lang, safe, reader)
        if found is None:
            raise NotFound
        translations, behind = published_translations(session, found.article_id, reader), source_behind(session, found.id)
        return Reading(found, Visibility(found.article.visibility), translations, next((each for each in translations if each.id == behind), None))


def page(reading: Reading, *, key: str | None = None, endpoint: str = "help.article") -> Response:
    """Show an article.

    :param key: what its link carries, so that its other languages open too.
    :param endpoint: under which it is read in each language.
    """
    found = reading.found
    addresses = {each.language: url_for(endpoint, lang=each.language, slug=each.slug, key=key) for each in reading.translations}
    with database().reading() as session:
        html = resolve(session, render(found.body), found.language)
    told = {"article": found, "html": html, "contents": _contents(found), "translations": reading.translations, "addresses": addresses, "newer": reading.newer}
    public = reading.visibility is Visibility.PUBLIC
    return fresh(render_template("help_article.html", **told, public=public), changed_at=reading.changed_at if public else None)


def _closed(response: Response) -> Response:
    """Keep a page that not everybody may read out of caches, of search engines and of what other sites are told."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _contents(article: Translation) -> list[Heading]:
    found = [heading for heading in headings(article.body) if heading.level <= DEEPEST_IN_CONTENTS]
    return found if len(found) >= CONTENTS_FROM else []
