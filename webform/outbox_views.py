"""The outbox as staff see it: what failed and why, what waits, what was sent, and each mail as it arrives."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import trace
from kb.web import database
from webform import desk, headers, outbox
from webform.opened_mail import open_mail
from webform.outbox import OutboxMessage
from webform.sign_in import require
from webform.staff import RoleName

blueprint = Blueprint("outbox", __name__)

VIEWS = ("html", "text", "json", "source")
# The mail's own page: drawn in a frame that runs nothing, sends nothing and loads nothing.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
FRAMING_POLICY = headers.POLICY + "; frame-src 'self'"


@blueprint.get("/staff/outbox")
@require(RoleName.LEAD)
def queue() -> ResponseReturnValue:
    """Show what failed, what waits and what was sent lately."""
    with database().reading() as session:
        failed, waiting = outbox.failed(session, limit=desk.PAGE), outbox.waiting(session, limit=desk.PAGE)
        return render_template(
            "desk-outbox.html",
            now=datetime.now(UTC),
            summary=outbox.summary(session, datetime.now(UTC)),
            failed=failed,
            waiting=waiting,
            recent=outbox.recent(session, desk.PAGE),
            said=outbox.last_words(session, [*failed, *waiting]),
            has_server=bool(current_app.config["MAIL_SERVER"]),
        )


@blueprint.post("/staff/outbox/retry")
@require(RoleName.LEAD)
def retry_failed() -> ResponseReturnValue:
    """Send every failed message again."""
    with database().writing() as session:
        number = outbox.retry_failed(session, datetime.now(UTC))
    flash(ngettext("%(num)d message is tried again now.", "%(num)d messages are tried again now.", number))
    return redirect(url_for("outbox.queue"), 303)


@blueprint.post("/staff/outbox/<int:number>/retry")
@require(RoleName.LEAD)
def retry(number: int) -> ResponseReturnValue:
    """Send one message again."""
    with database().writing() as session:
        _found(session, number)
        again = outbox.retry(session, number, now := datetime.now(UTC))
        if again:
            trace.record(session, actor=current_user.email, action="retried", subject=f"mail:{number}", now=now)
    flash(gettext("The message is tried again now.") if again else gettext("Nothing was changed: the message is sent, or being sent at this moment."))
    return redirect(url_for("outbox.queue"), 303)


@blueprint.get("/staff/outbox/<int:number>")
@require(RoleName.LEAD)
def message(number: int) -> ResponseReturnValue:
    """Show one mail as it arrives: as HTML, as text, its data, or what goes over the line."""
    with database().reading() as session:
        found = _found(session, number)
        mail = open_mail(found.mime)
        views = [view for view in VIEWS if getattr(mail, view)]
        view = desk.asked("as", views) or views[0]
        attempts = outbox.attempts(session, number)
        page = make_response(render_template("desk-message.html", message=found, mail=mail, views=views, view=view, attempts=attempts))
    page.headers["Content-Security-Policy"] = FRAMING_POLICY
    return page


@blueprint.get("/staff/outbox/<int:number>/html")
@require(RoleName.LEAD)
def html(number: int) -> ResponseReturnValue:
    """Give the HTML of one mail, for the frame that shows it."""
    with database().reading() as session:
        page = make_response(open_mail(_found(session, number).mime).html or abort(404))
    page.headers["Content-Security-Policy"] = MAIL_POLICY
    return page


@blueprint.get("/staff/outbox/<int:number>/message.eml")
@require(RoleName.LEAD)
def source(number: int) -> Response:
    """Give one mail as a file, to be opened in a mail program."""
    with database().reading() as session:
        found = _found(session, number)
        reply = Response(found.mime, mimetype="message/rfc822")
    reply.headers["Content-Disposition"] = f"attachment; filename={found.reference}-{found.kind}.eml"
    reply.headers["Content-Security-Policy"] = MAIL_POLICY
    return reply


def _found(session: Session, number: int) -> OutboxMessage:
    return (outbox.find(session, number) if number < 2**31 else None) or abort(404)
