"""The page of an article: for anybody, for those who have its link, and for staff."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest

from flask import Response, abort, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from kb.anchors import with_anchors
from kb.article_links import resolve
from kb.articles import Translation, Visibility
from kb.categories import Entry, entries
from kb.drafts import is_language
from kb.help_web import fresh, tidy
from kb.helpfulness import vote
from kb.lags import source_behind
from kb.looking_web import note_found_article
from kb.markdown import Heading, headings, render
from kb.nearness import Subject
from kb.reasons import CHOICES, Reason
from kb.slugs import slugify
from kb.structured import describe
from kb.visibility import Reader, published, published_formerly, published_translations
from kb.web import database, nearness, openings, poll, suggester

log = logging.getLogger(__name__)
LONGEST_KEY = 64
CONTENTS_FROM = 3
DEEPEST_IN_CONTENTS = 3
RELATED = 4
SAID = frozenset({"yes", "no", "reason"})
PATIENCE = 2.0  # Seconds that a vote waits for other writers.


@dataclass(frozen=True, slots=True)
class Reading:
    """A translation that somebody may read, and the other languages of its article."""

    found: Translation
    visibility: Visibility
    translations: list[Translation]
    related: tuple[Entry, ...]
    html: str
    newer: Translation | None = None
    """The text that this one was made from and that says more by now."""

    @property
    def changed_at(self) -> datetime:
        """When the text last became another one."""
        return max(self.found.updated_at, self.found.published_at or self.found.updated_at)


def article(lang: str, slug: str) -> AnyResponse:
    """Show one published article; an address that is written a little otherwise, or was its own once, leads to the right one."""
    reader = Reader(key=tidy(request.args.get("key", ""), LONGEST_KEY))
    reading = read(lang, slug, reader)
    key = reader.key if reading.visibility is Visibility.LINK else None
    if reading.found.slug != slug:
        return redirect(url_for("help.article", lang=lang, slug=reading.found.slug, key=key), 301)
    response = page(reading, key=key)
    if request.method == "GET" and response.status_code == 200 and "said" not in request.args and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        openings().note(reading.found.article_id, lang, datetime.now(UTC))
        note_found_article(reading.found.article_id)
    return _closed(response) if key else response


def say(lang: str, slug: str) -> AnyResponse:
    """Take a reader's word on whether an article helped, and lead back to it."""
    rules = poll()
    if not rules.is_own():
        abort(403)
    reading = read(lang, slug, Reader(key=tidy(request.form.get("key", ""), LONGEST_KEY)))
    found, helpful, reason = reading.found, request.form.get("helpful", ""), request.form.get("reason", "")
    token = request.form.get("token", "")
    if not token.isascii() or not compare_digest(token, rules.token(found.article_id)):
        abort(403)
    if helpful not in ("yes", "no") or (reason and reason not in CHOICES):
        abort(422)
    if not rules.may_vote():
        abort(429)
    now = datetime.now(UTC)
    chosen = Reason(reason) if reason and helpful == "no" else None
    try:
        with database().counting(patience=PATIENCE) as session:
            vote(session, found, helpful=helpful == "yes", reason=chosen, mark=rules.mark(found.article_id, now.date()), now=now)
    except SQLAlchemyError:
        abort(503)
    key = request.form.get("key") or None
    said = "reason" if chosen else helpful
    return redirect(url_for("help.article", lang=lang, slug=found.slug, key=key, said=said, _anchor="helpful"), 303)


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
        subject = Subject(found.id, found.article_id, lang, found.title, f"{found.summary}\n{found.body}")
        related = entries(session, _near(subject))
        html = with_anchors(resolve(session, render(found.body), found.language))
        translations, behind = published_translations(session, found.article_id, reader), source_behind(session, found.id)
        newer = next((each for each in translations if each.id == behind), None)
        return Reading(found, Visibility(found.article.visibility), translations, related, html, newer)


def page(reading: Reading, *, key: str | None = None, endpoint: str = "help.article") -> Response:
    """Show an article.

    :param key: what its link carries, so that its other languages open too.
    :param endpoint: under which it is read in each language.
    """
    found, public = reading.found, reading.visibility is Visibility.PUBLIC
    said = request.args.get("said", "")
    page_html = render_template(
        "help_article.html",
        article=found, html=reading.html, contents=_contents(found), translations=reading.translations, related=reading.related, newer=reading.newer,
        addresses={each.language: url_for(endpoint, lang=each.language, slug=each.slug, key=key) for each in reading.translations},
        public=public, key=key, said=said if said in SAID else "", reasons=_reasons(), token=poll().token(found.article_id),
        votable=endpoint == "help.article", default=_default(reading.translations), data=_data(reading) if public else None,
    )  # fmt: skip
    return fresh(page_html, changed_at=reading.changed_at if public else None)


def _near(subject: Subject) -> tuple[int, ...]:
    """Find what is about the same; an index that fails, or is not there yet, takes nothing else from the page."""
    try:
        engine = suggester().engine if suggester().generation is not None else None
        return nearness().near(engine, subject, RELATED) if engine else ()
    except Exception as fault:  # noqa: BLE001 - whatever goes wrong there, the article is read
        log.warning("no related articles: %s", type(fault).__name__)
        return ()


def _data(reading: Reading) -> list[dict[str, object]]:
    base, found = current_app.config["BASE_URL"], reading.found
    address = base + url_for("help.article", lang=found.language, slug=found.slug)
    home = base + url_for("help.home", lang=found.language)
    return describe(found, address=address, home=home, company=current_app.config["COMPANY"], changed_at=reading.changed_at, help_centre=gettext("Help centre"))


def _default(translations: list[Translation]) -> Translation | None:
    """Choose the language for readers of any other one."""
    wanted = current_app.config["LANGUAGE"]
    return next((each for each in translations if each.language == wanted), translations[0] if translations else None)


def _reasons() -> dict[Reason, str]:
    words = {
        Reason.NOT_MY_CASE: gettext("Not my case"),
        Reason.STEPS_FAILED: gettext("The steps failed"),
        Reason.OUT_OF_DATE: gettext("Out of date"),
        Reason.TOO_LONG: gettext("Too long"),
        Reason.NOT_UNDERSTOOD: gettext("I don’t understand it"),
    }
    return {reason: words[reason] for reason in CHOICES}


def _closed(response: Response) -> Response:
    """Keep a page that not everybody may read out of caches, of search engines and of what other sites are told."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _contents(article: Translation) -> list[Heading]:
    found = [heading for heading in headings(article.body) if heading.level <= DEEPEST_IN_CONTENTS]
    return found if len(found) >= CONTENTS_FROM else []
