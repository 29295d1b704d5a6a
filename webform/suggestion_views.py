"""Suggestions while typing: a text comes in, a fragment or an object goes out, and nothing of the text stays."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Response, abort, current_app, g, jsonify, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from kb.suggest import Answer, Suggestion
from kb.web import suggester
from webform import around, i18n, offers, origin
from webform.asking import Flooded, free, look_up, settle, show
from webform.attempts import numbers
from webform.contact_forms import clean_line, clean_text
from webform.offers import Offered, Wishes
from webform.proposals import proposed
from webform.skipping import skipper
from webform.tokens import TokenError, is_probe
from webform.web import is_spent, tokens, toll

MOST_BYTES = 512 * 1024


def suggestions() -> Response:
    """Answer a text that is still being typed."""
    request.max_content_length = MOST_BYTES
    if not origin.is_own(request, current_app.config["BASE_URL"]):
        abort(403)
    fields = read_fields()
    g.language = i18n.spoken(fields.get("language", "")) or None
    visit = _visit(fields)
    count = free if is_probe(visit) else toll("suggestions", current_app.config["SUGGESTIONS_PER_MINUTE"], 60)
    if is_spent("suggestions") and count is not free:
        return _flooded()
    straight = skipper(fields.get("skip", "")) is not None
    place = offers.Place(visit, clean_line(fields.get("topic"))[:64], scripted=True, straight=straight, around=around.surroundings(fields))
    subject, message = clean_line(fields.get("subject")), clean_text(fields.get("message"))
    answer = look_up(subject, message, language=i18n.choose_language(), topic=place.topic)
    place = settle(place, subject, message, answer, domain=clean_line(fields.get("domain"))[:253])
    wishes = Wishes(declined=numbers(fields.get("declined", "")), read=numbers(fields.get("read", "")))
    try:
        offered = show(answer, place, wishes, toll=count, noted=not around.is_robot())
    except Flooded:
        return _flooded()
    proposal = proposed(answer, place.topic, i18n.choose_language())
    if wants_json():
        return _marked(jsonify(as_object(offered, answer) | ({"topic": asdict(proposal)} if proposal else {})), answer, visit)
    response = _marked(Response(_fragment(offered), mimetype="text/html"), answer, visit)
    response.headers["X-Engaged"] = "1" if answer.engaged else "0"  # So that the page can tell "nothing asked yet" from "nothing found".
    if proposal:
        response.headers["X-Topic"] = proposal.slug
    return _uncached(response)


def read_fields() -> Mapping[str, str]:
    """Give the texts of a request, sent as a form or as a JSON object.

    :raises werkzeug.exceptions.HTTPException: 400 or 415, saying what is wrong.
    """
    if request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return request.form.to_dict()
    if not request.is_json:
        abort(415)
    try:
        sent: Any = request.get_json()
    except RecursionError:
        raise BadRequest from None
    if not isinstance(sent, dict):
        raise BadRequest
    if any(not isinstance(text, str) for text in sent.values()):
        raise BadRequest
    return sent


def wants_json() -> bool:
    """Tell whether an object was asked for rather than a page."""
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def _visit(fields: Mapping[str, str]) -> str:
    token = fields.get("visit", "")
    if not token:
        abort(400)
    try:
        return tokens().read_visit(token, hours=current_app.config["FORM_HOURS"])
    except TokenError:
        abort(403)


def as_object(offered: Offered, answer: Answer) -> dict[str, object]:
    """Say as an object what is shown; why there is nothing is said only where there is a reason."""
    described: dict[str, object] = {"suggestions": [_described(suggestion, answer.sure) for suggestion in offered.suggestions], "gate": answer.gate}
    if offered.straight:
        described["straight"] = True
    if offered.read:
        described["all_read"] = True
    return described


def _fragment(offered: Offered) -> str:
    if offered.suggestions:
        return render_template("_suggestions.html", suggestions=offered.suggestions, go_on=True)
    if offered.straight:
        return render_template("_straight.html", calm=offered.calm)
    return render_template("_all-read.html", read=offered.read, go_on=True) if offered.read else ""


def _described(suggestion: Suggestion, sure: float) -> dict[str, object]:
    """Describe a suggestion; its score is that of the answer it stands in, which alone can be held against the gate."""
    return {
        "rank": suggestion.rank,
        "article": suggestion.article_id,
        "language": suggestion.language,
        "title": suggestion.title,
        "url": url_for("help.article", lang=suggestion.language, slug=suggestion.slug, _anchor=suggestion.anchor or None),
        "score": sure,
        "heading": suggestion.heading,
        "passage": suggestion.passage,
        "highlights": [list(span) for span in suggestion.highlights],
    }


def _marked(response: Response, answer: Answer, visit: str) -> Response:
    """Say it where the time was over, so that whoever asked may ask once more; the self-check is told what was answered from."""
    if answer.late:
        response.headers["X-Cut-Short"] = "1"
    if is_probe(visit):
        response.headers["X-Generation"] = str(suggester().generation or 0)
    return response


def _flooded() -> Response:
    response = jsonify(suggestions=[], gate=suggester().gate_in_force) if wants_json() else Response("", mimetype="text/html")
    response.status_code = 429
    response.headers["Retry-After"] = "60"
    return _uncached(response)


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
