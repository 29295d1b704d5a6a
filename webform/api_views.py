"""The JSON twin of the form, and its description."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Response, current_app, json, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from deflection.surroundings import Surroundings, Way
from kb.problem_web import problem
from kb.suggest import Answer
from kb.web import database
from webform import api_answer_views, api_request_views, api_web, around, idempotency, offers, submissions
from webform.api_forms import KEY, Filled, Unreadable, read_filled
from webform.api_keys import Scope
from webform.api_query import Wrong
from webform.asking import look_up, settle
from webform.i18n import choose_language
from webform.offers import Place
from webform.routing import domain_of
from webform.skipping import of_domain
from webform.submissions import Submission
from webform.tickets import Channel
from webform.web import HOUR, learned_network, may_send, tokens

DESCRIPTION = Path(__file__).with_name("openapi.json").read_text("utf-8")
blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
blueprint.add_url_rule("/requests", "changed_requests", api_request_views.page)
blueprint.add_url_rule("/requests/<reference>", "request", api_request_views.one)
blueprint.add_url_rule("/requests/<reference>/status", "set_status", api_request_views.set_status, methods=["POST"])
blueprint.add_url_rule("/articles", "articles", api_answer_views.articles)
blueprint.add_url_rule("/suggestions", "suggestions", api_answer_views.suggestions, methods=["POST"])
blueprint.add_url_rule("/deflection", "deflection", api_answer_views.deflection)
blueprint.after_request(api_web.tell_limits)


@blueprint.errorhandler(Unreadable)
def unreadable(error: Unreadable) -> Response:
    """Say why what was sent cannot be read."""
    return problem(error.status, str(error))


@blueprint.errorhandler(Wrong)
def wrong(error: Wrong) -> Response:
    """Say what of an address cannot be asked for."""
    return problem(422, "Put right what is named here.", errors=error.errors)


@blueprint.post("/requests")
def requests() -> Response:
    """Take a request from a program, as the form takes it from a person."""
    api_web.refuse_foreign()
    program = api_web.shown(Scope.SEND)
    if program is None and not current_app.config["API_OPEN"]:
        api_web.demand()
    filled = read_filled(request)
    if program and filled.key:  # A space stands in no key, so that those of two programs never meet.
        filled = replace(filled, key=f"{program.prefix} {filled.key}")
    if filled.errors:
        return problem(422, gettext("Nothing was sent yet: put the fields right that are named here"), errors=filled.errors)
    try:
        reference = _answered(filled)
        if not reference and not (api_web.may_send(program) if program else may_send(filled.form.address)):
            return _flooded()
        reference = reference or _accept(filled)
    except idempotency.KeyReused:
        return problem(409, f"This {KEY} was used for another request. Choose a new one for each request.")
    return _created(reference)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Describe every endpoint that speaks JSON."""
    return Response(DESCRIPTION, mimetype="application/json")


def _answered(filled: Filled) -> str:
    """Give the reference of a request that only repeats one, which costs its sender nothing; else nothing."""
    if not filled.key:
        return ""
    with database().reading() as session:
        return idempotency.find(session, filled.key, filled.body, tokens=tokens(), now=datetime.now(UTC))


def _flooded() -> Response:
    response = problem(429, gettext("Nothing was sent: too many messages came from here"))
    response.headers["Retry-After"] = str(HOUR)
    return response


def _accept(filled: Filled) -> str:
    answer = look_up(filled.form.subject.data, filled.form.message.data, language=choose_language(), topic=filled.form.topic.data or "")
    now = datetime.now(UTC)
    with database().writing() as session:
        if not filled.key:
            return _store(session, filled, answer, now)
        taken = idempotency.claim(session, filled.key, filled.body, tokens=tokens(), now=now)
        taken.reference = taken.reference or _store(session, filled, answer, now)
        return taken.reference


def _store(session: Session, filled: Filled, answer: Answer, now: datetime) -> str:
    """Store a request. Without a visit of the form it is no engaged visit: nobody was there to be helped."""
    arms, urgent = offers.terms(current_app.config), answer.tact.urgent
    domain = domain_of(filled.form.address)
    skipping = of_domain(domain)
    surroundings = Surroundings(release=around.RELEASE, channel=Way.PROGRAM)
    place = Place(filled.visit, filled.form.topic.data or "", scripted=True, straight=skipping is not None, around=surroundings)
    place = settle(place, filled.form.subject.data, filled.form.message.data, answer, domain=domain, answers=filled.questions.answers)
    if "visit" in filled.body:
        offers.meet(session.connection(), answer, place, terms=arms, now=now)
    submission = Submission(
        visit=filled.visit,
        name=filled.form.name.data,
        email=filled.form.address,
        subject=filled.form.subject.data,
        message=filled.form.message.data,
        topic=place.topic,
        interface_language=choose_language(),
        scripted=place.scripted,
        predicted_topic=answer.topic,
        network=learned_network(),
        predicted_share=answer.topic_share if answer.topic else None,
        suggested=offers.for_later(answer, filled.visit, terms=arms),
        urgent=urgent.name if urgent else "",
        urgent_slug=urgent.slug if urgent else "",
        answers=filled.questions.answers,
        field_set=filled.questions.set_id,
        skipping=skipping,
        around=place.around,
        channel=Channel.PROGRAM,
    )
    ticket = submissions.accept(session, submission, terms=submissions.terms(current_app.config, tokens()), now=now)
    offers.note_unasked(session, answer, filled.visit, now=now)
    return ticket.reference


def _created(reference: str) -> Response:
    """Name the request and the page on which the customer finds it."""
    url = submissions.terms(current_app.config, tokens()).links.sent(reference, tokens().request_key(reference))
    response = Response(json.dumps({"reference": reference, "url": url}), 201, mimetype="application/json")
    response.headers["Location"] = url
    response.headers["Cache-Control"] = "no-store"
    return response
