"""Topics, as leads see and change them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import categories, trace
from kb.web import database
from webform import field_sets, field_views, route_words, topic_forms, topics
from webform.i18n import choose_language
from webform.sign_in import require
from webform.staff import RoleName
from webform.topic_forms import TopicForm
from webform.topics import ICONS, MOST_TOPICS, Overtaken, Topic

blueprint = Blueprint("topics", __name__)
blueprint.register_blueprint(field_views.blueprint)


@blueprint.get("/staff/topics")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """List every topic in the order of the form."""
    with database().reading() as session:
        sets = field_sets.newest_of_each(session)
        counts = {slug: len(kept.fields) for slug, kept in sets.items()}
        return render_template("desk-topics.html", topics=topics.every(session), counts=counts)


@blueprint.route("/staff/topics/new", methods=["GET", "POST"])
@require(RoleName.LEAD)
def new() -> ResponseReturnValue:
    """Make a topic."""
    if request.method == "GET":
        return _form(TopicForm())
    form = topic_forms.posted(request.form, None)
    with database().writing() as session:
        present = topics.every(session)
        good = form.check(_ours())
        if len(present) >= MOST_TOPICS:
            form.errors["name-en"], good = gettext("There are %(most)s topics already; take one out of force and use it anew", most=MOST_TOPICS), False
        if good:
            slug = topic_forms.new_slug(form.names, [*(topic.slug for topic in present), "new"], "topic")
            made = Topic(slug=slug, position=len(present) + 1, version=1, changed_at=datetime.now(UTC), changed_by=current_user.email)
            form.fill(made)
            session.add(made)
            session.flush()
            _note(session, "added", made, {}, made.facts())
            flash(gettext("The topic “%(name)s” is in the form now.", name=made.name(choose_language())))
    return redirect(url_for("topics.change", slug=slug), 303) if good else _form(form, status=422)


@blueprint.route("/staff/topics/<slug>", methods=["GET", "POST"])
@require(RoleName.LEAD)
def change(slug: str) -> ResponseReturnValue:
    """Change a topic that nobody else has changed meanwhile."""
    with database().reading() as session:
        topic = topics.any_of(session, slug) or abort(404)
    if request.method == "GET":
        return _form(topic_forms.opened(topic), topic)
    form = topic_forms.posted(request.form, topic)
    if not form.check(_ours()):
        return _form(form, topic, status=422)
    try:
        with database().writing() as session:
            mine, before = topics.claim(session, slug, form.version), topic.facts()
            form.fill(mine)
            mine.changed_at, mine.changed_by = datetime.now(UTC), current_user.email
            _note(session, "changed", mine, before, mine.facts())
            flash(gettext("The topic “%(name)s” is saved.", name=mine.name(choose_language())))
    except Overtaken:
        form.version = topic.version  # What stands there now has been named; saving once more is meant.
        return _form(form, topic, overtaken=True, status=409)
    return redirect(url_for("topics.page"), 303)


@blueprint.post("/staff/topics/<slug>/move")
@require(RoleName.LEAD)
def move(slug: str) -> ResponseReturnValue:
    """Move a topic up or down in the form."""
    with database().writing() as session:
        topic = topics.any_of(session, slug) or abort(404)
        before = topic.position
        if topics.move(session, slug, up=request.form.get("to") == "up"):
            _note(session, "moved", topic, {"position": before}, {"position": topic.position})
            flash(gettext("“%(name)s” has another place now.", name=topic.name(choose_language())))
    return redirect(url_for("topics.page"), 303)


def _form(form: TopicForm, topic: Topic | None = None, *, overtaken: bool = False, status: int = 200) -> ResponseReturnValue:
    with database().reading() as session:
        spoken = categories.languages(session)
        known = {shelf.category for language in spoken for shelf in categories.shelves(session, language) if shelf.category}
        kept = field_sets.newest(session, topic.slug) if topic else None
    shown = {
        "topic": topic,
        "icons": ICONS,
        "priorities": route_words.priorities(gettext),
        "pairs": [(each, each) for each in sorted(known | set(form.categories))],
    }
    page = render_template("desk-topic.html", form=form, overtaken=overtaken, kept=kept, **shown)
    return page, status


def _ours() -> tuple[str, ...]:
    return current_app.config["MAIL_SENDER"], current_app.config["BOUNCE_ADDRESS"]


def _note(session: Session, action: str, topic: Topic, before: Mapping[str, object], after: Mapping[str, object]) -> None:
    trace.record(session, actor=current_user.email, action=action, subject=f"topic:{topic.slug}", before=before, after=after, now=datetime.now(UTC))
