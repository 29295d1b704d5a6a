"""Suggestions while typing: a text comes in, a fragment or an object goes out, and nothing of the text stays."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, current_app, g, jsonify, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from kb.suggest import Answer, Suggestion
from kb.web import suggester
from webform import i18n, offers, origin
from webform.asking import look_up, show
from webform.contact_forms import clean_line, clean_text
from webform.tokens import TokenError
from webform.web import may, tokens

MOST_BYTES = 512 * 1024
MOST_DECLINED = 20


def suggestions() -> Response:
    """Answer a text that is still being typed."""
    request.max_content_length = MOST_BYTES
    if not origin.is_own(request, current_app.config["BASE_URL"]):
        abort(403)
    fields = read_fields()
    g.language = i18n.spoken(fields.get("language", "")) or None
    visit = _visit(fields)
    if not may("suggestions", current_app.config["SUGGESTIONS_PER_MINUTE"], 60):
        return _flooded()
    place = offers.Place(visit, clean_line(fields.get("topic"))[:64], scripted=True)
    answer = look_up(clean_line(fields.get("subject")), clean_text(fields.get("message")), language=i18n.choose_language())
    shown = show(answer, place, without=_declined(fields))
    if wants_json():
        return _marked(jsonify(suggestions=[_described(suggestion) for suggestion in shown], gate=answer.gate), answer)
    response = _marked(Response(render_template("_suggestions.html", suggestions=shown, go_on=True) if shown else "", mimetype="text/html"), answer)
    response.headers["X-Engaged"] = "1" if answer.engaged else "0"  # So that the page can tell "nothing asked yet" from "nothing found".
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


def _declined(fields: Mapping[str, str]) -> set[int]:
    words = fields.get("declined", "")[:400].split(",")[:MOST_DECLINED]
    return {int(word) for word in words if word.isascii() and word.isdigit()}


def _described(suggestion: Suggestion) -> dict[str, object]:
    return {
        "rank": suggestion.rank,
        "article": suggestion.article_id,
        "language": suggestion.language,
        "title": suggestion.title,
        "url": url_for("help.article", lang=suggestion.language, slug=suggestion.slug, _anchor=suggestion.anchor or None),
        "score": suggestion.score,
        "heading": suggestion.heading,
        "passage": suggestion.passage,
        "highlights": [list(span) for span in suggestion.highlights],
    }


def _marked(response: Response, answer: Answer) -> Response:
    """Say it where the time was over, so that whoever asked may ask once more."""
    if answer.late:
        response.headers["X-Cut-Short"] = "1"
    return response


def _flooded() -> Response:
    response = jsonify(suggestions=[], gate=suggester().gate_in_force) if wants_json() else Response("", mimetype="text/html")
    response.status_code = 429
    response.headers["Retry-After"] = "60"
    return _uncached(response)


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
