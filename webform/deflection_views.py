"""The page about deflection, the page of each of its tiles with the visits behind it, and incidents that leads note."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from deflection import figures as figured
from deflection import incidents
from deflection.article_figures import is_met
from deflection.evidence import COLUMNS, all_evidence, evidence
from deflection.savings import savings
from kb.database import Database
from kb.problem_web import problem
from kb.web import database
from webform import dashboard, deflection_page, desk, handing_out, inquiry, tiles
from webform.deflection_page import address
from webform.handing_out import Format
from webform.inquiry import Inquiry
from webform.sign_in import require
from webform.staff import RoleName
from webform.tiles import Behind

blueprint = Blueprint("deflection", __name__)


@blueprint.get("/staff/deflection")
@require(RoleName.WRITER)
def page() -> ResponseReturnValue:
    """Show who got an answer without us, with the doubt about it."""
    now = datetime.now(UTC)
    with database().reading() as session:
        asked, choices = _asked(session, now)
        found = dashboard.read(session, asked, now)
        saved = savings(found.figures, cost_per_contact=current_app.config["COST_PER_CONTACT"], currency=current_app.config["CURRENCY"])
        return render_template("desk-deflection.html", **deflection_page.context(session, asked, choices, found, saved, now))


@blueprint.get("/staff/deflection/<tile>")
@require(RoleName.WRITER)
def tile(tile: str) -> ResponseReturnValue:
    """Show how one tile is counted and the visits behind it, or give either as CSV or JSON."""
    if tile not in tiles.TILES:
        abort(404)
    now, chosen = datetime.now(UTC), tiles.tile(tile)
    behind = chosen.find(request.args["rows"]) if "rows" in request.args else None
    if "rows" in request.args and behind is None:
        abort(404)
    with database().reading() as session:
        asked, choices = _asked(session, now)
        if behind in tiles.MET and asked.article is None:
            abort(404)
        if "format" in request.args:
            return _file(session, tile, asked, behind, now)
        found = evidence(session, asked.slice, behind.count, behind.arm, after=request.args.get("after", "")[:40]) if behind else None
        panel = deflection_page.panel(session, tile, asked, now)
        return render_template("desk-deflection-tile.html", **deflection_page.tile_context(session, chosen, asked, choices, panel, behind, found))


@blueprint.post("/staff/deflection/incidents")
@require(RoleName.LEAD)
def note_incident() -> ResponseReturnValue:
    """Note what happened on a day."""
    now = datetime.now(UTC)
    try:
        day = date.fromisoformat(request.form.get("day", ""))
        with database().writing() as session:
            incidents.note(session, on=day, words=request.form.get("words", ""), by=current_user.email, now=now)
        flash(gettext("The incident is noted."))
    except ValueError:
        flash(gettext("Nothing was noted: an incident needs a day and a few words."), desk.REFUSED)
    return redirect(_back(), 303)


@blueprint.post("/staff/deflection/incidents/<int:number>/delete")
@require(RoleName.LEAD)
def take_back_incident(number: int) -> ResponseReturnValue:
    """Take an incident off the record."""
    with database().writing() as session:
        if number < 2**31 and incidents.take_back(session, number, by=current_user.email, now=datetime.now(UTC)):
            flash(gettext("The incident is taken off. The trace keeps what it said."))
    return redirect(_back(), 303)


def _asked(session: Session, now: datetime) -> tuple[Inquiry, deflection_page.Choices]:
    asked = inquiry.read(request.args, now.date())
    known = [asked.article] if asked.article is not None and is_met(session, asked.slice) else []
    choices = figured.choices(session, asked.slice)
    return inquiry.narrowed(asked, choices, known), choices


def _file(session: Session, tile: str, asked: Inquiry, behind: Behind | None, now: datetime) -> ResponseReturnValue:
    form = request.args["format"]
    if form not in list(Format) or asked.is_at_fault:
        return problem(400, "Ask for format=csv or format=json, and for days and filters that exist.")
    facts: dict[str, object] = {"from": asked.period.days.first.isoformat(), "to": asked.period.days.last.isoformat()}
    facts["filters"] = {key.value: value for key, value in asked.filters.items()} | ({} if asked.article is None else {"article": asked.article})
    if behind is not None:
        return handing_out.rows(f"{tile}-{behind.key}", COLUMNS, _visits(database(), asked, behind), Format(form), facts)
    definitions = sorted(figured.definitions_of(session, asked.slice))
    return handing_out.panel(deflection_page.panel(session, tile, asked, now), Format(form), {**facts, "definitions": definitions})


def _visits(source: Database, asked: Inquiry, behind: Behind) -> Iterator[tuple[object, ...]]:
    """Give every visit behind a figure, in a transaction of its own: they are read while they go out."""
    with source.reading() as session:
        yield from all_evidence(session, asked.slice, behind.count, behind.arm)


def _back() -> str:
    """Give the page that an incident was noted on, with what it was asked."""
    asked = inquiry.read(request.form, datetime.now(UTC).date())
    return f"{address('deflection.page', asked)}#annotations"
