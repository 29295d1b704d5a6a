"""Webhooks, as leads keep them: addresses, what they are told, their secrets, and how each delivery went."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import trace
from kb.web import database
from webform import hook_forms, hook_queue, hooks
from webform.hook_forms import HookForm
from webform.hook_queue import HookDelivery
from webform.hooks import Hook, HookEvent, Overtaken
from webform.sign_in import require
from webform.staff import RoleName
from webform.web import tokens

LARGEST = 2**31
blueprint = Blueprint("hooks", __name__)


@blueprint.get("/staff/webhooks")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """List every address that is told something."""
    with database().reading() as session:
        return render_template("desk-hooks.html", hooks=hooks.hooks(session), tally=hook_queue.tally(session), words=hook_forms.event_words())


@blueprint.route("/staff/webhooks/new", methods=["GET", "POST"])
@require(RoleName.LEAD)
def new() -> ResponseReturnValue:
    """Add an address; its secret is shown on the page that answers, and never again."""
    if request.method == "GET":
        return _form(HookForm())
    form = hook_forms.posted(request.form)
    with database().writing() as session:
        draft = form.draft(session, current_app.config["WEBHOOK_HOSTS"])
        if draft is not None:
            hook = hooks.add(session, draft, author=current_user.email, now=datetime.now(UTC))
            _note(session, "added", hook.id, after=hook.facts())
    return _form(form, status=422) if draft is None else _form(hook_forms.opened(hook), hook, secret=hooks.secret(tokens(), hook.salt))


@blueprint.route("/staff/webhooks/<int:number>", methods=["GET", "POST"])
@require(RoleName.LEAD)
def change(number: int) -> ResponseReturnValue:
    """Show an address with what it was told lately, or change it."""
    with database().reading() as session:
        hook = _found(session, number)
    if request.method == "GET":
        return _form(hook_forms.opened(hook), hook)
    form, before = hook_forms.posted(request.form), hook.facts()
    try:
        with database().writing() as session:
            draft = form.draft(session, current_app.config["WEBHOOK_HOSTS"], number)
            if draft is not None:
                changed = hooks.change(session, number, draft, version=form.version, author=current_user.email, now=datetime.now(UTC))
                _note(session, "changed", number, before, changed.facts())
    except Overtaken:
        return _done(_overtaken(), number)
    return _form(form, hook, status=422) if draft is None else _done(gettext("The webhook is saved."), number)


@blueprint.post("/staff/webhooks/<int:number>/secret")
@require(RoleName.LEAD)
def renew(number: int) -> ResponseReturnValue:
    """Give a webhook another secret, and show it once."""
    try:
        with database().writing() as session:
            _found(session, number)
            hook = hooks.renew_secret(session, number, version=_version(), author=current_user.email, now=datetime.now(UTC))
            _note(session, "secret renewed", number)
    except Overtaken:
        return _done(_overtaken(), number)
    return _form(hook_forms.opened(hook), hook, secret=hooks.secret(tokens(), hook.salt))


@blueprint.post("/staff/webhooks/<int:number>/delete")
@require(RoleName.LEAD)
def delete(number: int) -> ResponseReturnValue:
    """Delete a webhook, with what waits for it."""
    try:
        with database().writing() as session:
            facts = _found(session, number).facts()
            hooks.remove(session, number, version=_version())
            _note(session, "deleted", number, facts)
    except Overtaken:
        return _done(_overtaken(), number)
    return _done(gettext("The webhook is deleted."))


@blueprint.post("/staff/webhooks/<int:number>/trial")
@require(RoleName.LEAD)
def trial(number: int) -> ResponseReturnValue:
    """Send an event that says nothing but that it is a trial."""
    with database().writing() as session:
        hook_queue.put(session, _found(session, number), HookEvent.TRIAL, {"asked_by": "staff"}, datetime.now(UTC))
    return _done(gettext("A trial is on its way. Look at its answer below in a moment."), number)


@blueprint.post("/staff/webhooks/deliveries/<int:number>/retry")
@require(RoleName.LEAD)
def retry(number: int) -> ResponseReturnValue:
    """Make a delivery once more."""
    now = datetime.now(UTC)
    with database().writing() as session:
        delivery = (session.get(HookDelivery, number) if number < LARGEST else None) or abort(404)
        hook = delivery.hook_id
        again = hook_queue.retry(session, number, now)
        if again:
            trace.record(session, actor=current_user.email, action="retried", subject=f"webhook:{hook}", now=now)
    words = gettext("It is sent again now, under the same number.") if again else gettext("Nothing was changed: it is sent, or being sent at this moment.")
    return _done(words, hook)


def _form(form: HookForm, hook: Hook | None = None, *, secret: str = "", status: int = 200) -> ResponseReturnValue:
    with database().reading() as session:
        told = hook_queue.latest(session, hook.id) if hook else []
        words, details = hook_forms.event_words(), hook_forms.detail_words()
        return render_template("desk-hook.html", form=form, hook=hook, secret=secret, told=told, words=words, details=details), status


def _note(session: Session, action: str, number: int, before: Mapping[str, object] = {}, after: Mapping[str, object] = {}) -> None:
    trace.record(session, actor=current_user.email, action=action, subject=f"webhook:{number}", before=before, after=after, now=datetime.now(UTC))


def _found(session: Session, number: int) -> Hook:
    return (session.get(Hook, number) if number < LARGEST else None) or abort(404)


def _version() -> int:
    return hook_forms.posted(request.form).version


def _overtaken() -> str:
    return str(gettext("Nothing was changed: somebody else changed this webhook meanwhile. Look at it again."))


def _done(words: str, number: int | None = None) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("hooks.change", number=number) if number else url_for("hooks.page"), 303)
