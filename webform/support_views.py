"""The page of support figures: what a lead needs beside the deflection rate."""

from datetime import UTC, datetime
from functools import partial

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.problem_web import problem
from kb.web import database
from webform import desk, drawings, handing_out, outbox, period_words, periods, support_figures, support_panels
from webform.drawings import Bounded
from webform.handing_out import Format
from webform.i18n import choose_language
from webform.sign_in import require
from webform.staff import RoleName

blueprint = Blueprint("support", __name__)


@blueprint.get("/staff/deflection/support")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """Show how many requests came, how long they waited and which mails failed, or give one table of it as CSV or JSON."""
    now = datetime.now(UTC)
    period = periods.read(request.args, now.date())
    if "format" in request.args:
        return _file(period)
    with database().reading() as session:
        made = {name: support_panels.make(session, name, period.days, choose_language()) for name in support_panels.NAMES}
        before = {name: support_panels.make(session, name, period.compared, choose_language()) for name in ("by-day", "waits")} if period.compared else {}
        mail, kept_since = outbox.summary(session, now), support_figures.kept_since(session)
    per_day = [Bounded(count, count, count) for _, count in made["by-day"].rows if isinstance(count, int)]
    most = drawings.ceiling(max((each.value for each in per_day), default=0))
    drawn = drawings.curve(per_day, top=most)
    return render_template(
        "desk-support.html",
        period=period, words=period_words, panels=made, before=before, mail=mail, kept_since=kept_since, waits={row[0]: row for row in made["waits"].rows},
        waited={row[0]: row for row in before["waits"].rows} if before else {}, drawn=drawn, desk=desk,
        labels=[desk.month_day(day) for place, (day, _) in enumerate(made["by-day"].rows) if place in drawn.across],
        total=sum(each.value for each in per_day), total_before=sum(row[1] for row in before["by-day"].rows) if before else None,
        address=lambda name: partial(_address, name, period),
    )  # fmt: skip


def _file(period: periods.Period) -> ResponseReturnValue:
    name, form = request.args.get("panel", ""), request.args["format"]
    if form not in list(Format) or period.faults:
        return problem(400, "Ask for format=csv or format=json, and for days that exist.")
    if name not in support_panels.NAMES:
        abort(404)
    with database().reading() as session:
        panel = support_panels.make(session, name, period.days, choose_language())
    return handing_out.panel(panel, Format(form), {"from": period.days.first.isoformat(), "to": period.days.last.isoformat()})


def _address(name: str, period: periods.Period, form: str) -> str:
    return url_for("support.page", panel=name, format=form, **period.query())
