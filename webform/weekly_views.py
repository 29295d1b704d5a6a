"""The weekly report: who gets it, as leads keep it, how it looks, and the page by which a reader ends it."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import trace
from kb.web import database
from webform import subscriptions, values, weekly_mail
from webform.contact_forms import clean_line
from webform.hour_forms import day_names
from webform.i18n import LANGUAGES, choose_language
from webform.office_hours import zones
from webform.opened_mail import open_mail
from webform.outbox import WIRE
from webform.outbox_views import FRAMING_POLICY, MAIL_POLICY
from webform.sign_in import require
from webform.staff import RoleName
from webform.subscriptions import DAYS_OF_WEEK, Subscription
from webform.terms import terms
from webform.web import tokens

LARGEST = 2**31
HOURS = 24
blueprint = Blueprint("weekly", __name__)


@blueprint.get("/staff/deflection/weekly")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """List who gets the report, and show it."""
    return _page()


@blueprint.post("/staff/deflection/weekly")
@require(RoleName.LEAD)
def subscribe() -> ResponseReturnValue:
    """Send the report to an address from now on, or at another time."""
    asked = {name: clean_line(request.form.get(name))[:320] for name in ("email", "language", "weekday", "hour", "zone")}
    errors, now = _errors(asked), datetime.now(UTC)
    with database().writing() as session:
        known = subscriptions.find(session, asked["email"].lower()) if not errors else None
        if not errors and known is None and len(subscriptions.subscriptions(session)) >= subscriptions.MOST:
            errors["email"] = gettext("%(most)s people get it already; take one away first", most=subscriptions.MOST)
        if not errors:
            when = {"weekday": int(asked["weekday"]), "hour": int(asked["hour"])}
            before = known.facts() if known else {}
            wish = subscriptions.subscribe(
                session, asked["email"].lower(), language=asked["language"], zone=asked["zone"], author=current_user.email, now=now, **when
            )
            _note(session, "changed" if known else "added", before, wish.facts())
    return _page(422, errors=errors, asked=asked) if errors else _done(gettext("%(who)s gets the report from now on.", who=asked["email"].lower()))


@blueprint.post("/staff/deflection/weekly/<int:number>/delete")
@require(RoleName.LEAD)
def delete(number: int) -> ResponseReturnValue:
    """Take somebody off the list."""
    with database().writing() as session:
        wish = (session.get(Subscription, number) if number < LARGEST else None) or abort(404)
        _note(session, "deleted", wish.facts(), {})
        session.delete(wish)
    return _done(gettext("The report is sent there no more."))


@blueprint.get("/staff/deflection/weekly/preview")
@require(RoleName.LEAD)
def preview() -> ResponseReturnValue:
    """Give the report on the last week, as it would be sent now, for the frame that shows it."""
    now, language = datetime.now(UTC), request.args.get("language", "")
    wish = Subscription(email=current_user.email, language=language if language in LANGUAGES else choose_language(), stop_key="preview")
    with database().reading() as session:
        message = weekly_mail.compose(session, wish, subscriptions.reported_week(now), terms=terms(current_app.config, tokens()), now=now)
    page = make_response(open_mail(message.as_bytes(policy=WIRE)).html)
    page.headers["Content-Security-Policy"] = MAIL_POLICY
    return page


@blueprint.get("/reports/<key>/stop")
def stop(key: str) -> Response:
    """Ask whether somebody wants the report no more; nothing is changed by looking, because mail scanners look too."""
    with database().reading() as session:
        wish = subscriptions.find_by_key(session, key) or abort(404)
    return _stop_page(wish)


@blueprint.post("/reports/<key>/stop")
def stopped(key: str) -> Response:
    """Send the report no more; mail programs post here by themselves when their button is pressed (RFC 8058)."""
    with database().writing() as session:
        wish = subscriptions.find_by_key(session, key) or abort(404)
        subscriptions.stop(session, wish, datetime.now(UTC))
    return _stop_page(wish)


def _stop_page(wish: Subscription) -> Response:
    page = make_response(render_template("report-stop.html", wish=wish))
    page.headers["Cache-Control"] = "no-store"
    return page


def _page(status: int = 200, **said: object) -> ResponseReturnValue:
    usual = {"email": "", "language": choose_language(), "weekday": "0", "hour": "8", "zone": "UTC"}
    with database().reading() as session:
        wishes = subscriptions.subscriptions(session)
    shown: dict[str, object] = {"errors": {}, "asked": usual} | said
    page = make_response(
        render_template("desk-weekly.html", wishes=wishes, zones=zones(), languages=LANGUAGES, hours=range(HOURS), weekdays=day_names(), **shown), status
    )
    page.headers["Content-Security-Policy"] = FRAMING_POLICY
    return page


def _errors(asked: dict[str, str]) -> dict[str, str]:
    errors = {}
    try:
        values.address(asked["email"])
    except ValueError:
        errors["email"] = gettext("Give an e-mail address, for example name@example.com")
    if asked["zone"] not in zones():
        errors["zone"] = gettext("Choose a time zone from the list, for example Europe/Berlin")
    numbers = (asked["weekday"], DAYS_OF_WEEK), (asked["hour"], HOURS)
    if asked["language"] not in LANGUAGES or not all(word.isascii() and word.isdigit() and int(word[:3]) < most for word, most in numbers):
        errors["weekday"] = gettext("Choose a language, a weekday and an hour from the lists")
    return errors


def _note(session: Session, action: str, before: dict[str, object], after: dict[str, object]) -> None:
    trace.record(session, actor=current_user.email, action=action, subject="weekly report", before=before, after=after, now=datetime.now(UTC))


def _done(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("weekly.page"), 303)
