"""Imports on a page: an export is sent, looked through, confirmed, and watched while a worker brings it in."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePath

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from kb import import_jobs
from kb.drafts import is_language
from kb.import_formats import Format
from kb.import_jobs import ENDINGS, MOST_BYTES, WORKED_ON, Export, Stage
from kb.import_report import Failure, Verdict
from kb.web import database
from webform import desk, trace_words
from webform.i18n import LANGUAGES
from webform.lines import one_line
from webform.sign_in import require
from webform.staff import RoleName

LISTED = 200
blueprint = Blueprint("imports", __name__)


@blueprint.get("/staff/import")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """Show the form and the last imports."""
    return _page()


@blueprint.post("/staff/import")
@require(RoleName.LEAD)
def upload() -> ResponseReturnValue:
    """Take an export, and lead to what becomes of it."""
    chosen = request.files.get("export")
    name = one_line(PurePath((chosen.filename if chosen else "") or "").name, 100)
    kind, language = request.form.get("format", ""), request.form.get("language", "").strip()
    if kind not in {"", *Format} or not is_language(language):
        return _page(gettext("Say the language by its code, such as en, ru or zh.")), 422
    content = chosen.stream.read(MOST_BYTES + 1) if chosen and name else b""
    if not name or not content:
        return _page(gettext("Choose the file of an export.")), 422
    if not name.lower().endswith(ENDINGS):
        return _page(gettext("Choose a .zip, .json, .html or .md file; “%(name)s” is none of them.", name=name)), 422
    if len(content) > MOST_BYTES:
        return _page(gettext("This file is larger than %(limit)s MB. Bring it in with the command webform kb import.", limit=MOST_BYTES // 1_000_000)), 413
    with database().writing() as session:
        job = import_jobs.submit(session, Export(name, content, kind, language), current_user.email, datetime.now(UTC))
    return redirect(url_for("imports.job", number=job.id), 303)


@blueprint.get("/staff/import/<int:number>")
@require(RoleName.LEAD)
def job(number: int) -> ResponseReturnValue:
    """Show how far an import is, what it would change, and what it has."""
    with database().reading() as session:
        found = import_jobs.find(session, number)
    if found is None:
        abort(404)
    told = found.told
    rows = [change for change in told.changes if change.verdict is not Verdict.UNCHANGED]
    return render_template(
        "desk-import-job.html", job=found, told=told, rows=rows[:LISTED], more=len(rows) - LISTED, working=found.stage in WORKED_ON,
        failures=_said(told.failures), notes=_said(told.notes), field=trace_words.field, stages=stage_words(), formats=format_words(), verdicts=verdict_words(),
    )  # fmt: skip


@blueprint.post("/staff/import/<int:number>")
@require(RoleName.LEAD)
def decide(number: int) -> ResponseReturnValue:
    """Confirm what was looked through, or give it up."""
    stage = {"import": Stage.IMPORTING, "discard": Stage.DISCARDED}.get(request.form.get("act", ""))
    with database().writing() as session:
        decided = stage is not None and import_jobs.decide(session, number, stage, datetime.now(UTC))
    if not decided:
        flash(gettext("Nothing was changed: this import does not wait for a decision."), desk.REFUSED)
    return redirect(url_for("imports.job", number=number) if stage is Stage.IMPORTING else url_for("imports.page"), 303)


def stage_words() -> dict[str, str]:
    """Name how far an import can be."""
    return {
        Stage.CHECKING: gettext("being looked through"),
        Stage.CHECKED: gettext("waits for your word"),
        Stage.IMPORTING: gettext("being brought in"),
        Stage.DONE: gettext("done"),
        Stage.FAILED: gettext("cannot be read"),
        Stage.DISCARDED: gettext("given up"),
    }


def format_words() -> dict[str, str]:
    """Name what an export can be."""
    return {
        "": gettext("told by what is in it"),
        Format.MARKDOWN: gettext("Markdown with front matter"),
        Format.HTML: gettext("HTML pages"),
        Format.ZENDESK: "Zendesk Help Center",
        Format.FRESHDESK: "Freshdesk Solutions",
        Format.INTERCOM: "Intercom",
        Format.HELP_SCOUT: "Help Scout Docs",
        Format.CONFLUENCE: "Confluence (HTML)",
    }


def verdict_words() -> dict[str, str]:
    """Name what becomes of one translation."""
    return {Verdict.CREATED: gettext("new"), Verdict.UPDATED: gettext("changed"), Verdict.UNCHANGED: gettext("as it was")}


def _said(found: Sequence[Failure]) -> list[tuple[str, str]]:
    """Put in the reader's language what could not be brought in as it was; what other programs say of a file stays as they say it."""
    return [(each.where, translated(each.parts) or each.reason) for each in found[:LISTED]]


def translated(parts: Mapping[str, object]) -> str:
    """Say a sentence, of which only the parts were kept, in the reader's language."""
    template, values = parts.get("template"), parts.get("values")
    if not isinstance(template, str) or not isinstance(values, Mapping):
        return ""
    said = {name: translated(value) if isinstance(value, Mapping) else str(value) for name, value in values.items()}
    return str(gettext(template, **said))


def _page(error: str = "") -> str:
    with database().reading() as session:
        jobs = import_jobs.latest(session)
    given = {"format": request.form.get("format", ""), "language": request.form.get("language", "en")}
    return render_template(
        "desk-import.html", jobs=jobs, error=error, given=given, formats=format_words(), stages=stage_words(),
        languages=LANGUAGES, limit=MOST_BYTES // 1_000_000, endings=",".join(ENDINGS),
    )  # fmt: skip
