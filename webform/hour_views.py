"""The office hours, as leads see and change them, with what they promise to customers."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from kb import trace
from kb.web import database
from webform import answer_time, arrangements, hour_forms, office_hours
from webform.arrangements import Overtaken
from webform.hour_forms import HoursForm
from webform.i18n import choose_language
from webform.office_hours import HOURS, OfficeHours
from webform.sign_in import require
from webform.staff import RoleName

blueprint = Blueprint("hours", __name__)


@blueprint.get("/staff/hours")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """Show the hours that hold, and what they promise."""
    with database().reading() as session:
        kept = arrangements.find(session, HOURS)
    hours = office_hours.opened(kept.content) if kept else None
    return _page(hour_forms.opened(hours, kept.version if kept else 0), hours)


@blueprint.post("/staff/hours")
@require(RoleName.LEAD)
def change() -> ResponseReturnValue:
    """Keep other hours, or only show what they would promise."""
    form, now = hour_forms.posted(request.form), datetime.now(UTC)
    hours = form.hours()
    if hours is None:
        return _page(form, None, status=422)
    if "try" in request.form:
        return _page(form, hours, tried=True)
    try:
        with database().writing() as session:
            before = office_hours.read(session)
            office_hours.keep(session, hours, version=form.version, author=current_user.email, now=now)
            old = before.facts() if before else {}
            trace.record(session, actor=current_user.email, action="changed", subject="hours", before=old, after=hours.facts(), now=now)
    except Overtaken:
        with database().reading() as session:
            kept = arrangements.find(session, HOURS)
        form.version = kept.version if kept else 0
        return _page(form, hours, overtaken=kept.changed_by if kept else "", status=409)
    flash(gettext("These hours hold from now on."))
    return redirect(url_for("hours.page"), 303)


def _page(form: HoursForm, hours: OfficeHours | None, *, tried: bool = False, overtaken: str | None = None, status: int = 200) -> ResponseReturnValue:
    with database().reading() as session:
        kept = arrangements.find(session, HOURS)
    samples = _samples(hours, datetime.now(UTC)) if hours else []
    said = {"form": form, "kept": kept, "samples": samples, "tried": tried, "overtaken": overtaken}
    return render_template("desk-hours.html", **said, days=hour_forms.day_names(), zones=office_hours.zones()), status


def _samples(hours: OfficeHours, now: datetime) -> list[tuple[str, str]]:
    """Say for two messages, one sent now and one on Friday afternoon, by when they are answered."""
    time, language = hours.working_time, choose_language()
    work = timedelta(hours=hours.answer_hours or current_app.config["ANSWER_HOURS"])
    here = now.astimezone(time.zone)
    friday = (here + timedelta(days=(4 - here.weekday()) % 7)).replace(hour=16, minute=0, second=0, microsecond=0)
    found = []
    for sent in (here, friday if friday > here else friday + timedelta(days=7)):
        by = time.after(sent, work)
        words = answer_time.moment(answer_time.rounded(by).astimezone(time.zone), language) if by else gettext("never")
        found.append((answer_time.day_and_time(sent, language), words))
    return found
