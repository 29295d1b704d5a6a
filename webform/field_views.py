"""The fields of a topic, as leads see and change them; each change makes a version, and old ones can be looked at."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from kb import trace
from kb.web import database
from webform import desk, field_forms, field_sets, field_words, fields, places, topics
from webform.field_forms import FieldForm
from webform.field_sets import FieldSet, Overtaken
from webform.fields import FormField
from webform.i18n import choose_language
from webform.sign_in import require
from webform.staff import RoleName
from webform.topic_forms import number
from webform.topics import Topic

blueprint = Blueprint("fields", __name__, url_prefix="/staff/topics/<slug>")


@blueprint.get("/fields")
@require(RoleName.LEAD)
def page(slug: str) -> ResponseReturnValue:
    """List a topic's questions, with the form as customers see it in a version."""
    topic, kept = _found(slug)
    asked = number(request.args.get("version", ""))
    with database().reading() as session:
        versions = field_sets.versions(session, slug)
    shown = next((each for each in versions if each.version == asked), kept)
    page = {"versions": versions, "shown": shown, "kinds": field_words.kinds()}
    return render_template("desk-fields.html", topic=topic, kept=kept, questions=shown.questions if shown else [], **page)


@blueprint.route("/fields/new", methods=["GET", "POST"])
@require(RoleName.LEAD)
def new(slug: str) -> ResponseReturnValue:
    """Ask one more question."""
    return _edit(slug, "")


@blueprint.route("/fields/<key>", methods=["GET", "POST"])
@require(RoleName.LEAD)
def change(slug: str, key: str) -> ResponseReturnValue:
    """Change a question."""
    return _edit(slug, key)


@blueprint.post("/fields/<key>/move")
@require(RoleName.LEAD)
def move(slug: str, key: str) -> ResponseReturnValue:
    """Move a question up or down, unless another one would lose what it depends on."""
    _topic, kept = _found(slug)
    present = kept.questions if kept else []
    if key not in {each.key for each in present}:
        abort(404)
    changed = places.moved(present, lambda each: each.key == key, up=request.form.get("to") == "up")
    return _back(slug) if changed is None else _keep_or_tell(slug, changed)


@blueprint.post("/fields/<key>/delete")
@require(RoleName.LEAD)
def delete(slug: str, key: str) -> ResponseReturnValue:
    """Ask a question no more; requests that answered it keep it."""
    _topic, kept = _found(slug)
    present = kept.questions if kept else []
    if key not in {each.key for each in present}:
        abort(404)
    return _keep_or_tell(slug, [each for each in present if each.key != key])


def _edit(slug: str, key: str) -> ResponseReturnValue:
    topic, kept = _found(slug)
    present = kept.questions if kept else []
    before = next((each for each in present if each.key == key), None)
    if key and before is None:
        abort(404)
    version = kept.version if kept else 0
    if request.method == "GET":
        return _form(topic, field_forms.opened(before, version) if before else FieldForm(version=version), present)
    form = field_forms.posted(request.form, key)
    after = form.made(present)
    if after is None:
        return _form(topic, form, present, status=422)
    try:
        _keep(slug, after, form.version)
    except Overtaken:
        form.version = version
        return _form(topic, form, present, overtaken=True, status=409)
    flash(gettext("The questions are saved. Customers who have the form open already keep those they see."))
    return _back(slug)


def _keep(slug: str, after: Sequence[FormField], version: int) -> None:
    now = datetime.now(UTC)
    with database().writing() as session:
        last = field_sets.newest(session, slug)
        made = field_sets.keep(session, slug, after, version=version, author=current_user.email, now=now)
        old = {"version": last.version if last else 0, **_told(last.questions if last else [])}
        new = {"version": made.version, **_told(after)}
        trace.record(session, actor=current_user.email, action="changed", subject=f"topic:{slug}", before=old, after=new, now=now)


def _told(questions: Sequence[FormField]) -> dict[str, object]:
    """Tell what questions say, for the trace: each part of each by itself, so that it shows what changed."""
    told: dict[str, object] = {"questions": [each.key for each in questions]}
    for each in questions:
        spoken = {f"label.{language}": words for language, words in each.labels.items()} | {f"help.{language}": words for language, words in each.helps.items()}
        options = [f"{option.key}: {', '.join(option.names.values())}" for option in each.options]
        when = f"{each.when.key}: {', '.join(each.when.values)}" if each.when else ""
        parts = spoken | {name: getattr(each, name) for name in ("kind", "required", "pattern", "least", "most")} | {"options": options, "when": when}
        told |= {f"field {each.key}:{name}": value for name, value in parts.items() if value not in ("", [])}
    return told


def _keep_or_tell(slug: str, after: Sequence[FormField]) -> ResponseReturnValue:
    if (groundless := fields.without_ground(after)) is not None:
        flash(
            gettext("Nothing was changed: “%(question)s” depends on a question that must stand above it.", question=groundless.label(choose_language())),
            desk.REFUSED,
        )
        return _back(slug)
    try:
        _keep(slug, after, number(request.form.get("version", "")))
    except Overtaken:
        flash(gettext("Nothing was changed: somebody else has changed the questions meanwhile. Look at them again."), desk.REFUSED)
    return _back(slug)


def _form(topic: Topic, form: FieldForm, present: Sequence[FormField], *, overtaken: bool = False, status: int = 200) -> ResponseReturnValue:
    page = {"kinds": field_words.kinds(), "grounds": field_forms.grounds(present, form.key), "overtaken": overtaken}
    return render_template("desk-field.html", topic=topic, form=form, **page), status


def _found(slug: str) -> tuple[Topic, FieldSet | None]:
    with database().reading() as session:
        return topics.any_of(session, slug) or abort(404), field_sets.newest(session, slug)


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("topics.fields.page", slug=slug), 303)
