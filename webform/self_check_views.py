"""The self-check, as staff see it: what is wrong, what is asked, and what came of it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import trace
from kb.examples import Example
from kb.web import database
from webform import probes, rule_forms, self_check_keeping, self_check_tile, self_check_words, troubles
from webform.contact_forms import clean_line, clean_text
from webform.i18n import choose_language
from webform.links import Links
from webform.probes import Probe
from webform.self_check_tile import Tile
from webform.sign_in import require
from webform.staff import RoleName
from webform.tried import translations

LONGEST_REFERENCE = 400
LARGEST = 2**31
blueprint = Blueprint("self_check", __name__)


def install(app: Flask) -> None:
    """Let every staff page include the tile, ``_self-check.html``."""
    app.jinja_env.globals.update(self_check_tile=shown_tile, fault_heading=_heading, fault_figures=_figures, fault_advice=_advice)


def shown_tile() -> Tile:
    """Tell how the form does, for the tile."""
    with database().reading() as session:
        return self_check_tile.tile(session, datetime.now(UTC))


@blueprint.get("/staff/self-check")
@require(RoleName.WRITER)
def page() -> ResponseReturnValue:
    """Show what is wrong, what is asked, and what could be asked."""
    return _page()


@blueprint.post("/staff/self-check")
@require(RoleName.WRITER)
def add() -> ResponseReturnValue:
    """Keep a text with the article that must be shown, or with none."""
    text, reference = clean_text(request.form.get("text"))[: probes.LONGEST_TEXT].strip(), clean_line(request.form.get("article"))[:LONGEST_REFERENCE]
    silent, errors = request.form.get("answer") == "nothing", {}
    with database().writing() as session:
        article = None if silent or not reference else rule_forms.find_by_reference(session, reference)
        if not text:
            errors["text"] = gettext("Write a text as a customer would")
        if not silent and article is None:
            errors["article"] = gettext("There is no such article. Copy its id from the list of articles, or its address in the help centre")
        if not errors and _keep(session, text, article) is None:
            errors["text"] = _full()
    if errors:
        return _page(status=422, errors=errors, text=text, reference=reference, silent=silent)
    return _done(gettext("It is asked from now on."))


@blueprint.post("/staff/self-check/offered")
@require(RoleName.WRITER)
def add_offered() -> ResponseReturnValue:
    """Keep the examples that were chosen of those that are offered."""
    chosen, kept = set(request.form.getlist("example")), 0
    with database().writing() as session:
        for offer in probes.offered(session):
            example = session.get(Example, offer.example) if str(offer.example) in chosen else None
            if example is not None and _keep(session, example.text, example.article_id) is not None:
                kept += 1
    return _done(ngettext("%(num)d text is asked from now on.", "%(num)d texts are asked from now on.", kept) if kept else gettext("Nothing was chosen."))


@blueprint.post("/staff/self-check/<int:number>/delete")
@require(RoleName.WRITER)
def delete(number: int) -> ResponseReturnValue:
    """Ask a text no more."""
    with database().writing() as session:
        probe = (session.get(Probe, number) if number < LARGEST else None) or abort(404)
        _note(session, "deleted", {"article": probe.article_id, "text": probe.text}, {})
        session.delete(probe)
    return _done(gettext("It is asked no more."))


@blueprint.post("/staff/self-check/now")
@require(RoleName.WRITER)
def hasten() -> ResponseReturnValue:
    """Have the worker ask everything at once."""
    with database().writing() as session:
        self_check_keeping.hasten(session)
    return _done(gettext("The worker asks within seconds. Load this page again in a moment."))


def _page(status: int = 200, **said: object) -> ResponseReturnValue:
    with database().reading() as session:
        kept, offered = probes.probes(session), probes.offered(session)
        numbers = [probe.article_id for probe in kept if probe.article_id] + [each for probe in kept for each in probe.seen_articles]
        numbers += [offer.article_id for offer in offered if offer.article_id]
        empty: dict[str, object] = {"errors": {}, "text": "", "reference": "", "silent": False}
        return render_template(
            "desk-self-check.html",
            probes=kept,
            offered=offered,
            runs=troubles.last_runs(session),
            past=troubles.past_troubles(session),
            titles=translations(session, list(dict.fromkeys(numbers)), [choose_language()]),
            links=Links(""),
            **(empty | said),
        ), status


def _keep(session: Session, text: str, article: int | None) -> Probe | None:
    probe = probes.add(session, text, article, fallback=choose_language(), author=current_user.email, now=datetime.now(UTC))
    if probe is not None:
        _note(session, "added", {}, {"article": article, "text": text})
    return probe


def _note(session: Session, action: str, before: Mapping[str, object], after: Mapping[str, object]) -> None:
    trace.record(session, actor=current_user.email, action=action, subject="self-check", before=before, after=after, now=datetime.now(UTC))


def _full() -> str:
    return str(gettext("There are %(most)s texts already; take one away first", most=probes.MOST_PROBES))


def _done(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("self_check.page"), 303)


def _heading(fault: str) -> str:
    return self_check_words.heading(fault, gettext)


def _figures(fault: str, facts: Mapping[str, object]) -> str:
    return self_check_words.figures(fault, facts, gettext, choose_language())


def _advice(fault: str) -> str:
    return self_check_words.advice(fault, gettext)
