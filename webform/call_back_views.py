"""The page on which a customer asks to be called: what was typed in the form comes along, nothing of it in an address."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from kb.web import database
from webform import answer_time, around, attempts, call_back, contact_files, hand_over, offers, office_hours, origin, robots_web, submissions
from webform.asking import look_up
from webform.attempts import Attempt
from webform.call_back import LONGEST_NUMBER, Call, NumberFault, NumberRefused, Slot
from webform.i18n import choose_language
from webform.offers import Place
from webform.office_hours import OfficeHours
from webform.questions import Sent
from webform.routing import domain_of
from webform.skipping import of_domain
from webform.submissions import Submission
from webform.web import HOUR, PRIVATE, learned_network, may, may_send, tokens

SOON = "soon"
PREFILLED = frozenset({"subject", "message", "topic"})
ASKED = ("phone", "when", "message", "topic", "name", "email")


@dataclass(slots=True)
class CallForm:
    """What a customer asks for, as it was left, and what is wrong by field."""

    attempt: Attempt
    phone: str = ""
    when: str = SOON
    errors: dict[str, str] = field(default_factory=dict)


def call_me() -> AnyResponse:
    """Show the page, with what the form had, or take what it sends."""
    now = datetime.now(UTC)
    with database().reading() as session:
        hours = office_hours.read(session) if hand_over.read(session).call_back else None
    if hours is None:
        abort(404)
    if request.method == "GET":
        given = [(name, text) for name, text in request.args.items(multi=True) if name in PREFILLED]
        return _page(CallForm(attempts.opened(Sent(given), by_link=True)), hours, now)
    if not origin.is_own(request, current_app.config["BASE_URL"]):
        abort(403)
    contact_files.read_generously()
    attempt = attempts.posted()
    form = CallForm(attempt, request.form.get("phone", "")[:LONGEST_NUMBER], request.form.get("when", SOON)[:40])
    if request.files and not may("files", current_app.config["REQUESTS_PER_HOUR"] * 2, HOUR):
        return _flooded(form, hours, now)
    attempt.receive_files(now)
    attempt.questions.check()  # What is wrong with an answer keeps nobody from being called; it does not come along.
    if "place" not in request.form:
        return _page(form, hours, now, 200 if attempt.lapse is None else 400)
    call = _checked(form, hours, now)
    if call is None:
        return _page(form, hours, now, 422 if attempt.lapse is None else 400)
    doubt = robots_web.look(attempt, now)
    if doubt.step is not None:
        return _page(form, hours, now, 422, doubt.step)
    if not may_send(attempt.form.address):
        return _flooded(form, hours, now)
    return _take(attempt, call, doubt.suspicion, now)


def _flooded(form: CallForm, hours: OfficeHours, now: datetime) -> Response:
    form.errors["phone"] = gettext("Nothing was sent: too many messages came from here. Wait an hour, then try again.")
    return _page(form, hours, now, 429)


def _checked(form: CallForm, hours: OfficeHours, now: datetime) -> Call | None:
    """Look for everything that is wrong at once; give the call if nothing is."""
    contact = form.attempt.form
    contact.validate()
    errors = {name: contact[name].errors[0] for name in ("topic", "name", "email") if contact[name].errors}
    if contact.message.data and contact.message.errors:
        errors["message"] = contact.message.errors[0]
    number, slot = "", None
    try:
        number = call_back.read_number(form.phone)
    except NumberRefused as refusal:
        errors["phone"] = _number_words(refusal.fault)
    if form.when != SOON:
        slot = call_back.slot_named(hours.working_time, form.when, now)
        if slot is None:
            errors["when"] = gettext("Choose another time: this one has passed, or nobody is there then")
    form.errors = {name: str(errors[name]) for name in ASKED if name in errors}
    return Call(number, slot, hours.zone) if not errors and form.attempt.lapse is None else None


def _take(attempt: Attempt, call: Call, suspicion: str, now: datetime) -> AnyResponse:
    contact, given = attempt.form, submissions.terms(current_app.config, tokens())
    topic, message = contact.topic.data or "", contact.message.data or ""
    answer = look_up("", message, language=choose_language(), topic=topic)
    urgent = answer.tact.urgent
    surroundings = around.surroundings(request.form)
    straight = attempt.skipper is not None
    place = Place(attempt.visit, topic, scripted=request.form.get("scripted") == "1", straight=straight, around=surroundings)
    submission = Submission(
        visit=attempt.visit,
        name=contact.name.data,
        email=contact.address,
        subject="",
        message=message,
        topic=topic,
        interface_language=choose_language(),
        scripted=place.scripted,
        uploads=tuple(file.token for file in attempt.files),
        predicted_topic=answer.topic,
        predicted_share=answer.topic_share if answer.topic else None,
        network=learned_network(),
        urgent=urgent.name if urgent else "",
        urgent_slug=urgent.slug if urgent else "",
        answers=attempt.questions.answers,
        field_set=attempt.questions.set_id,
        skipping=attempt.skipper.who if attempt.skipper else of_domain(domain_of(contact.address)),
        around=surroundings,
        call=call,
        suspicion=suspicion,
    )
    with database().writing() as session:
        offers.meet(session.connection(), answer, place, terms=offers.terms(current_app.config), now=now)
        ticket = submissions.accept(session, submission, terms=given, now=now)
        reference = ticket.reference
    return redirect(url_for("requests.sent", reference=reference, key=tokens().request_key(reference), lang=choose_language()), 303)


def _page(form: CallForm, hours: OfficeHours, now: datetime, status: int = 200, step: robots_web.Step | None = None) -> Response:
    language, time = choose_language(), hours.working_time
    found = call_back.slots(time, now)
    days = [(day, [(slot.name, _span(slot, language)) for slot in slots]) for day, slots in groupby(found, lambda slot: answer_time.day(slot.since, language))]
    zone = answer_time.zone_name(now.astimezone(time.zone), language)
    said = {"call": form, "attempt": form.attempt, "form": form.attempt.form, "days": days, "zone": zone, "state": hand_over.state_words(time, now, language)}
    page = make_response(render_template("call-back.html", **said, longest=LONGEST_NUMBER, step=step), status)
    page.headers["Cache-Control"] = PRIVATE
    return page


def _span(slot: Slot, language: str) -> str:
    return f"{answer_time.clock(slot.since, language)}–{answer_time.clock(slot.until, language)}"


def _number_words(fault: NumberFault) -> str:
    words = {
        NumberFault.EMPTY: gettext("Write the number that we shall call"),
        NumberFault.LETTERS: gettext("Write the number in digits, for example +49 30 1234567"),
        NumberFault.SHORT: gettext("Check the number: some digits are missing"),
        NumberFault.LONG: gettext("Check the number: it has more digits than any number has"),
    }
    return str(words[fault])
