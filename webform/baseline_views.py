"""Baselines on a page: old mail is sent or read by command, watched, and shown as figures that can be taken to a meeting."""

import json
from datetime import UTC, datetime
from pathlib import PurePath

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import trace
from kb.drafts import is_language
from kb.web import database
from webform import baseline_page, baseline_reviews, baselines, desk
from webform.baseline_figures import Figures, difference, figures, kinds_in_order, savings, zone_of
from webform.baseline_files import as_csv, as_json
from webform.baseline_topics import Topics, topics
from webform.baselines import MOST_BYTES, WORKED_ON, Baseline, Order
from webform.i18n import LANGUAGES, choose_language
from webform.lines import one_line
from webform.mailbox_files import UPLOADS
from webform.ours import own_addresses
from webform.sign_in import require
from webform.staff import RoleName

blueprint = Blueprint("baseline", __name__)


@blueprint.get("/staff/baseline")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """Show the form, and the baselines there are beside each other."""
    return _page()


@blueprint.post("/staff/baseline")
@require(RoleName.LEAD)
def upload() -> ResponseReturnValue:
    """Take a file of old mail, and lead to what becomes of it."""
    chosen = request.files.get("mail")
    name = one_line(PurePath((chosen.filename if chosen else "") or "").name, 100)
    zone, language, ours = (one_line(request.form.get(field, ""), 2000).strip() for field in ("zone", "language", "ours"))
    try:
        zone_of(zone)
    except ValueError:
        return _page("zone", gettext("There is no such time zone; write for example Europe/Berlin, Asia/Shanghai or UTC.")), 422
    if not is_language(language):
        return _page("language", gettext("Say the language by its code, such as en, ru or zh.")), 422
    content = chosen.stream.read(MOST_BYTES + 1) if chosen and name else b""
    if not content or not name.lower().endswith(UPLOADS):
        return _page("mail", gettext("Choose a file of old mail: .mbox, .eml or .csv.")), 422
    if len(content) > MOST_BYTES:
        words = gettext("This file is larger than %(limit)s MB. Read it with the command webform deflection baseline.", limit=MOST_BYTES // 1_000_000)
        return _page("mail", words), 413
    order = Order(name, own_addresses(current_app.config, ours), zone, language)
    with database().writing() as session:
        found = baselines.submit(session, order, content, current_user.email, datetime.now(UTC))
    return redirect(url_for("baseline.result", number=found.id), 303)


@blueprint.get("/staff/baseline/<int:number>")
@require(RoleName.LEAD)
def result(number: int) -> ResponseReturnValue:
    """Show how far a baseline is and what it has come to, held against another one if that is asked for."""
    with database().reading() as session:
        found, counted, named = _all_of(session, number)
        others = [each for each in baselines.latest(session) if each.id != number and each.stage not in WORKED_ON]
        other = next((each for each in others if str(each.id) == request.args.get("with")), None)
        held = figures(session, other) if other is not None else None
    config = current_app.config
    return render_template(
        "desk-baseline-result.html", baseline=found, figures=counted, topics=named, kinds=kinds_in_order(found.kinds), others=others, other=other,
        held=held, apart=difference(counted, held) if held else None, saved=savings(counted, config["COST_PER_CONTACT"]), currency=config["CURRENCY"],
        cost=config["COST_PER_CONTACT"], hours=baseline_page.hours(counted), working=found.stage in WORKED_ON, stages=baseline_page.stage_words(),
        kind_words=baseline_page.kind_words(), said=baseline_page, percent=desk.percent,
    )  # fmt: skip


@blueprint.get("/staff/baseline/<int:number>.<any(json, csv):form>")
@require(RoleName.LEAD)
def export(number: int, form: str) -> Response:
    """Give the figures as a file."""
    with database().reading() as session:
        found, counted, named = _all_of(session, number)
    if form == "csv":
        response = Response("".join(as_csv(counted, named)), mimetype="text/csv")
    else:
        config = current_app.config
        told = as_json(found, counted, named, savings(counted, config["COST_PER_CONTACT"]), config["CURRENCY"])
        response = Response(json.dumps(told, ensure_ascii=False, indent=2), mimetype="application/json")
    response.headers["Content-Disposition"] = f"attachment; filename=baseline-{number}.{form}"
    return response


@blueprint.post("/staff/baseline/<int:number>/delete")
@require(RoleName.LEAD)
def delete(number: int) -> ResponseReturnValue:
    """Delete a baseline with its questions, and with the examples that came of them unless they are to stay."""
    who, now = current_user.email, datetime.now(UTC)
    with database().writing() as session:
        found = baselines.find(session, number) or abort(404)
        count = 0 if request.form.get("keep") else baseline_reviews.forget(session, number, who, now)
        trace.record(session, actor=who, action="deleted", subject=f"baseline:{number}", before={"mails": found.mails}, after={"examples": count}, now=now)
        baselines.remove(session, number)
    gone = ngettext("The baseline is deleted, and %(num)d example with it.", "The baseline is deleted, and %(num)d examples with it.", count)
    flash(gone if count else gettext("The baseline is deleted."))
    return redirect(url_for("baseline.page"), 303)


def _page(wrong: str = "", error: str = "") -> str:
    with database().reading() as session:
        rows = [(each, figures(session, each)) for each in baselines.latest(session)]
    given = {"zone": "UTC", "language": choose_language(), "ours": " ".join(own_addresses(current_app.config)), **request.form.to_dict()}
    return render_template(
        "desk-baseline.html", rows=rows, wrong=wrong, error=error, given=given, limit=MOST_BYTES // 1_000_000, endings=",".join(UPLOADS),
        languages=LANGUAGES, stages=baseline_page.stage_words(), said=baseline_page, percent=desk.percent,
    )  # fmt: skip


def _all_of(session: Session, number: int) -> tuple[Baseline, Figures, Topics]:
    found = baselines.find(session, number) or abort(404)
    counted = figures(session, found)
    return found, counted, topics(session, number, counted.whole.questions)
