"""The page of support figures: what a lead needs beside the deflection rate."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kb.problem_web import problem
from kb.web import database
from webform import desk, drawings, handing_out, outbox, period_words, periods, support_figures, support_panels, ticket_days
from webform.drawings import Bounded
from webform.handing_out import Format
from webform.i18n import choose_language
from webform.satisfaction_report import satisfaction_between
from webform.sign_in import require
from webform.staff import RoleName

COMPARED = ("waits", "by-topic", "by-channel")
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
        groups, language = ticket_days.between(session, period.days), choose_language()
        made = {name: support_panels.make(session, name, period.days, language, groups=groups) for name in support_panels.NAMES}
        earlier = ticket_days.between(session, period.compared) if period.compared else []
        before = {name: support_panels.make(session, name, period.compared, language, groups=earlier) for name in COMPARED} if period.compared else {}
        daily = support_figures.by_day(groups, period.days)
        said = satisfaction_between(session, period.days.since, period.days.until)
        said_before = satisfaction_between(session, period.compared.since, period.compared.until) if period.compared else None
        mail, kept_since = outbox.summary(session, now), support_figures.kept_since(session)
    written = replace(made["mails"], rows=[row for row in made["mails"].rows if any(row[1:])])
    most = drawings.ceiling(max(count for _, count in daily))
    drawn = drawings.curve([Bounded(count, count, count) for _, count in daily], top=most)
    return render_template(
        "desk-support.html",
        period=period, words=period_words, panels=made, said=said, said_before=said_before, mail=mail, written=written, kept_since=kept_since,
        waits={row[0]: row for row in made["waits"].rows},
        earlier={name: {row[0]: row for row in panel.rows} for name, panel in before.items()}, drawn=drawn, drawings=drawings, desk=desk,
        labels=[desk.month_day(daily[place][0]) for place in drawn.across],
        total=sum(count for _, count in daily), total_before=sum(group.total for group in earlier) if period.compared else None,
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
    return url_for("support.page", panel=name, format=form, **period.query())  # type: ignore[arg-type]
