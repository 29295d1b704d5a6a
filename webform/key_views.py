"""API keys, as admins make and take them back."""

from datetime import UTC, date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from kb import trace
from kb.web import database
from webform import api_keys
from webform.api_keys import LONGEST_NAME, MOST_KEYS, Scope
from webform.contact_forms import clean_line
from webform.sign_in import require
from webform.staff import RoleName
from webform.web import tokens

blueprint = Blueprint("keys", __name__)


@blueprint.get("/staff/keys")
@require(RoleName.ADMIN)
def page() -> ResponseReturnValue:
    """List every key, by its beginning, with what it is good for."""
    return _page()


@blueprint.post("/staff/keys")
@require(RoleName.ADMIN)
def add() -> ResponseReturnValue:
    """Make a key; it is shown on the page that answers, and never again."""
    now = datetime.now(UTC)
    name, scopes = clean_line(request.form.get("name")), [scope for scope in Scope if scope in request.form.getlist("scopes")]
    last_day, errors = _last_day(now.date())
    if not name or len(name) > LONGEST_NAME:
        errors["name"] = gettext("Say which program it is for, in %(most)s characters at most", most=LONGEST_NAME)
    if not scopes:
        errors["scopes"] = gettext("Choose at least one thing that it is good for")
    if errors:
        return _page(422, errors=errors, given=request.form, chosen=scopes)
    with database().writing() as session:
        if len(api_keys.every(session)) >= MOST_KEYS:
            abort(409)
        made, key = api_keys.add(session, tokens(), name=name, scopes=scopes, last_day=last_day, author=current_user.email, now=now)
        trace.record(session, actor=current_user.email, action="added", subject=f"key:{made.id}", after=made.facts(), now=now)
    return _page(fresh=key)


@blueprint.post("/staff/keys/<int:number>/revoke")
@require(RoleName.ADMIN)
def revoke(number: int) -> ResponseReturnValue:
    """Take a key back: whoever shows it is refused from the next question on."""
    now = datetime.now(UTC)
    with database().writing() as session:
        ended = api_keys.revoke(session, number, author=current_user.email, now=now)
        if ended is not None:
            before = ended.facts() | {"active": True}
            trace.record(session, actor=current_user.email, action="withdrawn", subject=f"key:{ended.id}", before=before, after=ended.facts(), now=now)
            flash(gettext("The key of %(name)s opens nothing any more.", name=ended.name))
    return redirect(url_for("keys.page"), 303)


def _last_day(today: date) -> tuple[date | None, dict[str, str]]:
    """Read the last day; none is no end."""
    text = clean_line(request.form.get("last_day"))
    if not text:
        return None, {}
    try:
        last = date.fromisoformat(text)
    except ValueError:
        return None, {"last_day": gettext("Write a day such as %(day)s", day=today.replace(day=1).isoformat())}
    return (last, {}) if last >= today else (None, {"last_day": gettext("This day has passed")})


def _page(status: int = 200, **more: object) -> ResponseReturnValue:
    with database().reading() as session:
        shown: dict[str, object] = {"keys": api_keys.every(session), "errors": {}, "given": {}, "chosen": [], "fresh": ""}
    words = _scope_words()
    choices = [(scope, f"{said} · {scope}") for scope, said in words.items()]  # Programs are told the name when they lack one.
    return render_template("desk-keys.html", words=words, choices=choices, now=datetime.now(UTC), **(shown | more)), status


def _scope_words() -> dict[Scope, str]:
    return {
        Scope.SEND: gettext("send requests"),
        Scope.READ: gettext("read how far requests are, their answers and the names of their files"),
        Scope.STATUS: gettext("say what became of requests"),
        Scope.ARTICLES: gettext("read public articles"),
        Scope.SUGGEST: gettext("ask which articles answer a text"),
        Scope.DEFLECTION: gettext("read the deflection report"),
    }
