"""What programs read of the knowledge base and of what it is worth: articles, suggestions, deflection."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta

from flask import Response, current_app, g, request

from deflection.reports import as_json as report_as_json
from deflection.reports import report
from kb.article_changes import Changed, changed
from kb.problem_web import problem
from kb.web import database
from webform import api_query, api_web, offers
from webform.api_forms import read_texts
from webform.api_keys import Scope
from webform.api_query import Mark
from webform.api_request_views import as_json
from webform.asking import look_up, settle
from webform.contact_forms import clean_line, clean_text
from webform.i18n import LANGUAGES, choose_language
from webform.links import Links
from webform.proposals import proposed
from webform.suggestion_views import as_object
from webform.ticket_feed import moment

PAGE, DAYS = 50, 30


def articles() -> Response:
    """List what anybody may read, with its text, by when it last changed."""
    api_web.caller(Scope.ARTICLES)
    asked = api_query.read(request, {"language": api_query.language, "updated_since": api_query.moment, "cursor": api_query.cursor})
    after: Mark | None = asked.get("cursor")
    with database().reading() as session:
        known = (after.moment, after.number) if after else None
        found = changed(session, language=asked.get("language"), since=asked.get("updated_since"), after=known, most=PAGE + 1)
        told = [_article(each) for each in found[:PAGE]]
    last = str(Mark(found[PAGE - 1].since, found[PAGE - 1].translation.id)) if len(found) > PAGE else None
    return as_json({"articles": told, "next": last})


def suggestions() -> Response:
    """Tell which articles answer a text. Nothing of it is kept, and no visit is counted."""
    api_web.caller(Scope.SUGGEST)
    texts = read_texts(request, {"subject", "message", "language", "topic"})
    if texts.get("language", "en") not in LANGUAGES:
        return problem(422, "Nothing was looked up.", errors={"language": [f"Choose one of: {', '.join(LANGUAGES)}."]})
    g.language = texts.get("language")
    subject, message = clean_line(texts.get("subject")), clean_text(texts.get("message"))
    place = offers.Place("", clean_line(texts.get("topic"))[:64], scripted=True)
    answer = look_up(subject, message, language=choose_language(), topic=place.topic)
    place = settle(place, subject, message, answer)
    with database().reading() as session:
        offered = offers.preview(session.connection(), answer, place)
    proposal = proposed(answer, place.topic, choose_language())
    response = as_json(as_object(offered, answer) | ({"topic": asdict(proposal)} if proposal else {}))
    if answer.late:
        response.headers["X-Cut-Short"] = "1"
    return response


def deflection() -> Response:
    """Tell how many visits needed no request, as ``deflection report --json`` does; days are of UTC, both included."""
    api_web.caller(Scope.DEFLECTION)
    asked, now = api_query.read(request, {"from": api_query.day, "to": api_query.day}), datetime.now(UTC)
    until = _midnight(asked["to"] + timedelta(days=1)) if "to" in asked else now
    since = _midnight(asked["from"]) if "from" in asked else until - timedelta(days=DAYS)
    if since >= until:
        raise api_query.Wrong({"from": ["This is after the last day."]})
    with database().reading() as session:
        return as_json(report_as_json(report(session, since=since, until=until, now=now)))


def _article(each: Changed) -> dict[str, object]:
    text = each.translation
    return {
        "article": text.article_id,
        "language": text.language,
        "title": text.title,
        "summary": text.summary,
        "body": text.body,
        "category": text.category,
        "url": Links(current_app.config["BASE_URL"]).article(text.language, text.slug),
        "updated_at": moment(text.updated_at),
        "since": moment(each.since),
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
