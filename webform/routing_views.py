"""Routing rules, as leads see, try and change them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import categories, trace
from kb.web import database
from webform import desk, dry_runs, field_sets, letter_templates, route_words, routing_forms, routing_rules, topics
from webform.i18n import LANGUAGES, choose_language
from webform.routing import MOST_RULES, RoutingRule
from webform.routing_forms import RoutingForm
from webform.routing_rules import KeptRule, Overtaken
from webform.sign_in import require
from webform.staff import RoleName
from webform.topic_forms import number as read_number

LARGEST = 2**31
LASTS = (50, 200, 500)
blueprint = Blueprint("routing", __name__)


@blueprint.get("/staff/routing")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """List the rules in the order in which they act."""
    return _page()


@blueprint.post("/staff/routing/dry-run")
@require(RoleName.LEAD)
def dry_run() -> ResponseReturnValue:
    """Tell what the rules in force would have done to the last requests."""
    with database().reading() as session:
        found = dry_runs.run(session, routing_rules.in_force(session), last=_last(), team=current_app.config["TEAM_ADDRESS"])
    return _page(run=found)


@blueprint.route("/staff/routing/new", methods=["GET", "POST"])
@require(RoleName.LEAD)
def new() -> ResponseReturnValue:
    """Write a rule, below all others."""
    if request.method == "GET":
        return _form(routing_forms.empty())
    form = routing_forms.posted(request.form, _languages())
    rule = form.rule(0, _ours())
    if rule is None:
        return _form(form, status=422)
    if "try" in request.form:
        return _try(form, rule)
    with database().writing() as session:
        if len(routing_rules.every(session)) >= MOST_RULES:
            form.errors["name"] = gettext("There are %(most)s rules already; delete one first", most=MOST_RULES)
        else:
            kept = routing_rules.add(session, rule, active=form.active, author=current_user.email, now=datetime.now(UTC))
            _note(session, "added", kept.id, after=kept.facts())
    return _form(form, status=422) if form.errors else _done(gettext("The rule “%(name)s” holds from now on.", name=rule.name))


@blueprint.route("/staff/routing/<int:number>", methods=["GET", "POST"])
@require(RoleName.LEAD)
def change(number: int) -> ResponseReturnValue:
    """Change a rule that nobody else has changed meanwhile."""
    with database().reading() as session:
        kept = _found(session, number)
    if request.method == "GET":
        return _form(routing_forms.opened(kept), kept)
    form = routing_forms.posted(request.form, {*_languages(), *kept.rule.conditions.words})
    rule = form.rule(number, _ours())
    if rule is None:
        return _form(form, kept, status=422)
    if "try" in request.form:
        return _try(form, rule, kept)
    try:
        with database().writing() as session:
            changed = routing_rules.change(session, rule, version=form.version, active=form.active, author=current_user.email, now=datetime.now(UTC))
            _note(session, "changed", number, kept.facts(), changed.facts())
    except Overtaken:
        form.version = kept.version
        return _form(form, kept, overtaken=True, status=409)
    return _done(gettext("The rule “%(name)s” is saved.", name=rule.name))


@blueprint.post("/staff/routing/<int:number>/move")
@require(RoleName.LEAD)
def move(number: int) -> ResponseReturnValue:
    """Let a rule act before the one above it, or after the one below."""
    with database().writing() as session:
        kept = _found(session, number)
        before = kept.position
        if routing_rules.move(session, number, up=request.form.get("to") == "up"):
            _note(session, "moved", number, {"position": before}, {"position": kept.position})
    return _done(gettext("“%(name)s” has another place now.", name=kept.name))


@blueprint.post("/staff/routing/<int:number>/delete")
@require(RoleName.LEAD)
def delete(number: int) -> ResponseReturnValue:
    """Delete a rule that nobody else has changed meanwhile."""
    with database().reading() as session:
        kept = _found(session, number)
    try:
        with database().writing() as session:
            routing_rules.remove(session, number, version=read_number(request.form.get("version", "")))
            _note(session, "deleted", number, kept.facts())
    except Overtaken:
        return _done(gettext("Nothing was deleted: somebody changed the rule “%(name)s” meanwhile. Look at it again.", name=kept.name))
    return _done(gettext("The rule “%(name)s” is deleted.", name=kept.name))


def _try(form: RoutingForm, rule: RoutingRule, kept: KeptRule | None = None) -> ResponseReturnValue:
    """Compare the rules with this one as it stands in the form against those in force."""
    with database().reading() as session:
        now = routing_rules.in_force(session)
        others = [rule if each.number == rule.number else each for each in now]
        changed = others if rule in others or not form.active else [*others, rule]
        drafted = [each for each in changed if form.active or each.number != rule.number]
        found = dry_runs.run(session, drafted, last=_last(), team=current_app.config["TEAM_ADDRESS"], against=now)
    return _form(form, kept, run=found)


def _page(**more: object) -> ResponseReturnValue:
    with database().reading() as session:
        shown: dict[str, object] = {"rules": routing_rules.every(session), "run": None, "lasts": LASTS, "last": _last()}
        return render_template("desk-routing.html", **(shown | more), **_words(session))


def _form(form: RoutingForm, kept: KeptRule | None = None, *, status: int = 200, **more: object) -> ResponseReturnValue:
    with database().reading() as session:
        language = choose_language()
        named = topics.names(session, language)
        asked = [
            (each.key, f"{each.label(language)} ({named.get(slug, slug)})")
            for slug, kept in field_sets.newest_of_each(session).items()
            for each in kept.questions
        ]
        spoken = list(dict.fromkeys([*_languages(), *form.phrases]))
        words = _words(session) | {
            "hour_pairs": [(str(hour), f"{hour:02}:00") for hour in range(24)],
            "language_pairs": [(each, desk.language_name(each)) for each in spoken],
        }
    shown: dict[str, object] = {
        "kept": kept,
        "spoken": spoken,
        "asked": list(dict(asked).items()),
        "run": None,
        "overtaken": False,
        "lasts": LASTS,
        "last": _last(),
    }
    return render_template("desk-routing-rule.html", form=form, **(shown | more), **words), status


def _words(session: Session) -> dict[str, Any]:
    """Give what the templates name things by."""
    language = choose_language()
    named = topics.names(session, language)
    written = route_words.letter_names(named, letter_templates.names(session), gettext)
    return {
        "topics": named,
        "letter_pairs": list(written.items()),
        "priorities": route_words.priorities(gettext),
        "deeds": lambda route: route_words.deeds(route, gettext, written),
        "summary_of": lambda rule: route_words.conditions(rule, named, language, gettext),
        "does": lambda rule: route_words.actions(rule.actions, gettext, written),
        "weekdays": route_words.weekdays(language),
    }


def _languages() -> Sequence[str]:
    with database().reading() as session:
        return list(dict.fromkeys([*LANGUAGES, *categories.languages(session)]))


def _last() -> int:
    asked = read_number(request.form.get("last", ""))
    return asked if asked in LASTS else LASTS[1]


def _ours() -> tuple[str, ...]:
    return current_app.config["MAIL_SENDER"], current_app.config["BOUNCE_ADDRESS"]


def _found(session: Session, number: int) -> KeptRule:
    return (routing_rules.find(session, number) if number < LARGEST else None) or abort(404)


def _note(session: Session, action: str, number: int, before: Mapping[str, object] = {}, after: Mapping[str, object] = {}) -> None:
    trace.record(session, actor=current_user.email, action=action, subject=f"routing:{number}", before=before, after=after, now=datetime.now(UTC))


def _done(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("routing.page"), 303)
