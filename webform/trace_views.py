"""The trace, as leads read it and take it out: who changed what, when, from which to what."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from kb import trace
from kb.trace import Asked, Deed
from kb.web import database
from webform import desk, spreadsheet, trace_words
from webform.sign_in import require
from webform.staff import RoleName

blueprint = Blueprint("trace", __name__)

COLUMNS = ("at", "actor", "action", "subject", "field", "before", "after")
LONGEST = 300


@blueprint.get("/staff/trace")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """List changes by day, the last one first."""
    chosen = _chosen()
    with database().reading() as session:
        found = trace.page(session, _asked(chosen), number=desk.page_number(), per_page=desk.PAGE)
        people, kinds = trace.actors(session), trace.kinds(session)
    return render_template(
        "desk-trace.html",
        page=found,
        days=[(day, list(deeds)) for day, deeds in groupby(found.deeds, lambda deed: deed.done_at.date())],
        chosen=chosen,
        people={person: trace_words.person(person) for person in people if person},
        kinds={kind: trace_words.kind(kind) for kind in kinds},
        words=trace_words,
    )


@blueprint.get("/staff/trace.csv")
@require(RoleName.LEAD)
def export_csv() -> Response:
    """Give the changes that were asked for as a table, one line for each field that differs."""
    return _file(_csv(trace.stream(database(), _asked(_chosen()))), "text/csv", "trace.csv")


@blueprint.get("/staff/trace.json")
@require(RoleName.LEAD)
def export_json() -> Response:
    """Give the changes that were asked for as one JSON list."""
    return _file(_json(trace.stream(database(), _asked(_chosen()))), "application/json", "trace.json")


def _file(lines: Iterator[str], kind: str, name: str) -> Response:
    response = Response(lines, mimetype=kind)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _csv(deeds: Iterator[Deed]) -> Iterator[str]:
    yield spreadsheet.MARK + spreadsheet.line(COLUMNS)
    for deed in deeds:
        told = f"{deed.done_at:%Y-%m-%dT%H:%M:%SZ}", deed.actor, deed.action, deed.subject
        for field in deed.fields or [""]:
            yield spreadsheet.line((*told, field, *(_cell(values.get(field, "")) for values in (deed.before, deed.after))))


def _json(deeds: Iterator[Deed]) -> Iterator[str]:
    opening = "[\n"
    for deed in deeds:
        told = {"id": deed.id, "at": f"{deed.done_at:%Y-%m-%dT%H:%M:%SZ}", "actor": deed.actor, "action": deed.action, "subject": deed.subject}
        yield opening + json.dumps(told | {"before": deed.before, "after": deed.after}, ensure_ascii=False)
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def _cell(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _chosen() -> dict[str, str]:
    chosen = {name: desk.asked(name)[:LONGEST].replace("\0", "") for name in ("actor", "kind", "subject")}
    return chosen | {name: desk.asked(name) if _day(desk.asked(name)) else "" for name in ("from", "to")}


def _asked(chosen: dict[str, str]) -> Asked:
    return Asked(chosen["actor"], chosen["kind"], chosen["subject"], _day(chosen["from"]), _day(chosen["to"]))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
