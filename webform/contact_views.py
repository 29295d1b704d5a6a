"""The form: opening it, sending it, and the page in between that answers first without a script."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.wrappers import Response as AnyResponse

from kb.suggest import Answer
from kb.web import database
from webform import around, attempts, contact_files, offers, origin, robots_web, submissions
from webform.asking import look_up, settle, show
from webform.attempts import Attempt
from webform.call_back_views import call_me
from webform.contact_files import WITHOUT_FILES
from webform.i18n import choose_language
from webform.offers import Offered, Place, Wishes
from webform.questions import PREFIX, Sent
from webform.routing import domain_of
from webform.skipping import of_domain
from webform.submissions import Submission
from webform.suggestion_views import suggestions
from webform.verdict_views import verdict
from webform.web import HOUR, PRIVATE, learned_network, may, may_send, tokens

RETRY_SECONDS = 60
FORM_TYPES = {WITHOUT_FILES, "multipart/form-data"}
PREFILLED = frozenset({"subject", "message", "topic", "read", "skip"})
blueprint = Blueprint("contact", __name__)
blueprint.add_url_rule("/suggestions", view_func=suggestions, methods=["POST"])
blueprint.add_url_rule("/call-back", "call_back", call_me, methods=["GET", "POST"])
blueprint.add_url_rule("/verdict", view_func=verdict, methods=["POST"])
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands on top of a form that was not sent: what happened, and what to do; ``target`` leads to the questions."""

    heading: str
    closing: str
    wait: int = 0
    target: str = ""
    anchor: str = "questions"


@blueprint.route("/", methods=["GET", "POST"])
def form() -> AnyResponse:
    """Show the form, or take what it sends."""
    if request.method == "POST":
        return _send()
    given = [(name, text) for name, text in request.args.items(multi=True) if name in PREFILLED or name.startswith(PREFIX)]
    return form_page(attempts.opened(Sent(given), by_link=True))


def form_page(attempt: Attempt, status: int = 200, notice: Notice | None = None, step: robots_web.Step | None = None) -> Response:
    """Show the form as the customer left it, with the one step more that is asked of everybody while robots attack."""
    page = make_response(render_template("form.html", attempt=attempt, form=attempt.form, notice=notice, step=step, config=current_app.config), status)
    page.headers["Cache-Control"] = PRIVATE
    if notice is not None and notice.wait:
        page.headers["Retry-After"] = str(notice.wait)
    return page


def _send() -> AnyResponse:
    if request.mimetype not in FORM_TYPES:
        abort(415)
    if not origin.is_own(request, current_app.config["BASE_URL"]):
        abort(403)
    contact_files.read_generously()
    attempt = attempts.posted()
    try:
        return _take(attempt)
    except (OperationalError, PoolTimeout) as fault:
        log.error("a request could not be stored; its sender was asked to try again", extra={"fault": type(fault).__name__})
        return form_page(attempt, 503, _busy())


def _take(attempt: Attempt) -> AnyResponse:
    now = datetime.now(UTC)
    if request.files and not may("files", current_app.config["REQUESTS_PER_HOUR"] * 2, HOUR):
        return form_page(attempt, 429, _flooded())
    attempt.receive_files(now)
    if "change" in request.form:
        return form_page(attempt)
    if not attempt.check():
        return form_page(attempt, 422 if attempt.lapse is None else 400, _refused(attempt))
    if not attempt.questions.shown:
        return form_page(attempt, notice=_asking(attempt))
    place = _place(attempt)
    subject, message = attempt.form.subject.data, attempt.form.message.data
    answer = look_up(subject, message, language=choose_language(), topic=place.topic)
    place = settle(place, subject, message, answer, domain=domain_of(attempt.form.address), answers=attempt.questions.answers)
    with database().writing() as session:  # First of all, so that a database that cannot store is known before anything else waits for it.
        offers.meet(session.connection(), answer, place, terms=offers.terms(current_app.config), now=now)
    doubt = robots_web.look(attempt, now)
    if doubt.step is not None:
        return form_page(attempt, 422, _one_more_step(), doubt.step)
    if request.form.get("confirmed") != "1":
        offered = show(answer, place, Wishes(read=attempt.read))
        if offered.suggestions or offered.read:
            return _before_sending(attempt, offered)
    if not may_send(attempt.form.address):
        return form_page(attempt, 429, _flooded())
    with database().writing() as session:
        ticket = submissions.accept(session, _submission(attempt, answer, doubt.suspicion), terms=submissions.terms(current_app.config, tokens()), now=now)
        reference = ticket.reference
    return redirect(url_for("requests.sent", reference=reference, key=tokens().request_key(reference), lang=choose_language()), 303)


def _before_sending(attempt: Attempt, offered: Offered) -> Response:
    """Show the answers before anything is sent; where all of them were read, say that."""
    page = make_response(render_template("before-sending.html", attempt=attempt, form=attempt.form, suggestions=offered.suggestions, read=offered.read))
    page.headers["Cache-Control"] = PRIVATE
    return page


def _place(attempt: Attempt) -> Place:
    straight = attempt.skipper is not None
    return Place(attempt.visit, attempt.form.topic.data or "", scripted=_scripted(), straight=straight, around=around.surroundings(request.form))


def _scripted() -> bool:
    return request.form.get("scripted") == "1"


def _submission(attempt: Attempt, answer: Answer, suspicion: str) -> Submission:
    form, urgent = attempt.form, answer.tact.urgent
    return Submission(
        visit=attempt.visit,
        name=form.name.data,
        email=form.address,
        subject=form.subject.data,
        message=form.message.data,
        topic=form.topic.data or "",
        interface_language=choose_language(),
        scripted=_scripted(),
        uploads=tuple(file.token for file in attempt.files),
        predicted_topic=answer.topic,
        network=learned_network(),
        predicted_share=answer.topic_share if answer.topic else None,
        suggested=tuple(each for each in offers.for_later(answer, attempt.visit, terms=offers.terms(current_app.config)) if each not in attempt.read),
        urgent=urgent.name if urgent else "",
        urgent_slug=urgent.slug if urgent else "",
        answers=attempt.questions.answers,
        field_set=attempt.questions.set_id,
        skipping=attempt.skipper.who if attempt.skipper else of_domain(domain_of(form.address)),
        around=around.surroundings(request.form),
        suspicion=suspicion,
    )


def _refused(attempt: Attempt) -> Notice:
    count = len(list(attempt.problems()))
    return Notice(
        ngettext("Nothing was sent yet: %(num)s thing to put right", "Nothing was sent yet: %(num)s things to put right", count),
        gettext("Everything you wrote is still here."),
    )


def _asking(attempt: Attempt) -> Notice:
    """Ask what the topic asks, where no script could show it as soon as the topic was chosen."""
    topic = dict(attempt.form.topic.choices).get(attempt.form.topic.data, "")
    return Notice(
        gettext("Nothing was sent yet: a few questions about “%(topic)s”", topic=topic),
        gettext("They stand below the topic. Everything you wrote is still here; press Send once more when you have looked at them."),
        target=gettext("Go to the questions"),
    )


def _one_more_step() -> Notice:
    return Notice(
        gettext("Nothing was sent yet: one more step"),
        gettext("Answer the question above Send, so that we know that a person writes. Everything you wrote is still here."),
        target=gettext("Go to the question"),
        anchor="robot-answer",
    )


def _flooded() -> Notice:
    return Notice(
        gettext("Nothing was sent: too many messages came from here"),
        gettext("Wait an hour, then press Send again. Everything you wrote is still here; keep this page open."),
        wait=HOUR,
    )


def _busy() -> Notice:
    return Notice(
        gettext("Nothing was sent: messages cannot be stored at this moment"),
        gettext("Wait a minute, then press Send again. Everything you wrote is still here."),
        wait=RETRY_SECONDS,
    )
