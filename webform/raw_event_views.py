"""Raw events, as leads take them out."""

from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from deflection.raw_events import COLUMNS, stream
from deflection.slices import DAY, midnight
from kb.web import database
from webform import desk, raw_event_files
from webform.sign_in import require
from webform.staff import RoleName

USUAL = timedelta(days=28)
blueprint = Blueprint("raw_events", __name__)


@blueprint.get("/staff/deflection/events")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """Ask for a period."""
    first, last = _days()
    return render_template("desk-raw-events.html", first=first, last=last, columns=COLUMNS)


@blueprint.get("/staff/deflection/events.<any(csv, jsonl):form>")
@require(RoleName.LEAD)
def export(form: str) -> Response:
    """Give the events of a period, as they are read."""
    first, last = _days()
    if last < first:
        abort(400)
    rows = stream(database(), since=midnight(first), until=midnight(last + DAY))
    response = Response(raw_event_files.lines(rows, form), mimetype=raw_event_files.FORMATS[form])
    response.headers["Content-Disposition"] = f"attachment; filename=events-{first}-{last}.{form}"
    return response


def _days() -> tuple[date, date]:
    today = datetime.now(UTC).date()
    last = _day(desk.asked("to")) or today
    return _day(desk.asked("from")) or last - USUAL + DAY, last


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 else None
