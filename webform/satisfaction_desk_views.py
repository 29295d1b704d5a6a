"""What customers said of how it was, as leads read it and take it out."""

from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from kb.web import database
from webform import desk, satisfaction_report, spreadsheet, topics
from webform.i18n import choose_language
from webform.satisfaction_report import Said
from webform.satisfaction_views import score_words
from webform.sign_in import require
from webform.staff import RoleName

USUAL_DAYS = 91
COLUMNS = ("reference", "topic", "language", "score", "comment", "asked_at", "answered_at")
blueprint = Blueprint("satisfaction", __name__)


@blueprint.get("/staff/satisfaction")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """Show the share of good answers with its bounds, by topic, language and week, and the comments."""
    first, last = _days()
    since, until = _bounds(first, last)
    with database().reading() as session:
        report = satisfaction_report.report(session, since, until)
        comments = satisfaction_report.comments(session, since, until)
        names = dict(topics.choices(session, choose_language()))
    said = {"report": report, "comments": comments, "topics": names, "scores": score_words(), "percent": desk.percent}
    return render_template("desk-satisfaction.html", **said, chosen={"from": first.isoformat(), "to": last.isoformat()}, hours=_hours())


@blueprint.get("/staff/satisfaction.csv")
@require(RoleName.LEAD)
def export() -> Response:
    """Give every answer of the same days as a table."""
    since, until = _bounds(*_days())
    rows = (_row(each) for each in satisfaction_report.stream(database(), since, until))
    response = Response(spreadsheet.lines(COLUMNS, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=satisfaction.csv"
    return response


def _row(each: Said) -> tuple[str, ...]:
    times = (f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else "" for at in (each.asked_at, each.answered_at))
    return each.reference, each.topic, each.language, each.score, each.comment, *times


def _hours() -> int:
    return int(current_app.config["SATISFACTION_HOURS"])


def _days() -> tuple[date, date]:
    """Read the first and the last day that are asked for; without them the last thirteen weeks."""
    last = _day(desk.asked("to")) or datetime.now(UTC).date()
    return _day(desk.asked("from")) or last - timedelta(days=min(USUAL_DAYS, last.toordinal() - 1)), last


def _bounds(first: date, last: date) -> tuple[datetime, datetime]:
    end = datetime.combine(last, time.max, UTC)
    return datetime.combine(first, time.min, UTC), end


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
