"""The work list of writers: what deserves an hour, why, and where it is done."""

import re
from datetime import UTC, datetime
from typing import Any

from babel.numbers import format_decimal
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from deflection import efforts, put_aside
from deflection.efforts import LONGEST, SHORTEST
from deflection.put_aside import AWAY, Verdict
from deflection.work import FEWEST_SHOWN, REVIEW_FINDS, WEEKS, Item, WorkKind
from kb import trace
from kb.web import database
from webform import desk, work_list
from webform.article_health_views import odds
from webform.desk import percent
from webform.i18n import choose_language
from webform.sign_in import require
from webform.staff import RoleName
from webform.work_words import kinds, tasks

blueprint = Blueprint("work", __name__)

PER_PAGE = 25
KEY = re.compile(rf"(?:{'|'.join(WorkKind)}):[0-9]{{1,10}}(?::[A-Za-z-]{{0,16}})?")


@blueprint.get("/staff/work")
@require(RoleName.WRITER)
def page() -> ResponseReturnValue:
    """List what deserves an hour, the most helpful first."""
    now = datetime.now(UTC)
    with database().reading() as session:
        chosen = {"kind": desk.asked("kind", list(WorkKind)), "language": desk.asked("language")[:16]}
        found = work_list.page(session, kind=chosen["kind"], language=chosen["language"], now=now, number=desk.page_number(), per_page=PER_PAGE)
        titles = work_list.titles(session, [*found.tasks, *found.away])
        return render_template(
            "desk-work.html",
            page=found, titles=titles, chosen=chosen, kinds=kinds(), tasks=tasks(), place=place, percent=percent, odds=odds,
            number=number, weeks=WEEKS, verdicts=Verdict, away=AWAY, shortest=SHORTEST, longest=LONGEST, review_finds=REVIEW_FINDS, fewest_shown=FEWEST_SHOWN,
        )  # fmt: skip


@blueprint.post("/staff/work")
@require(RoleName.WRITER)
def put() -> ResponseReturnValue:
    """Put a piece of work aside, or take it up again."""
    key, word = request.form.get("key", ""), request.form.get("verdict", "")
    if not KEY.fullmatch(key) or word not in {*Verdict, "back"}:
        abort(422)
    now = datetime.now(UTC)
    with database().writing() as session:
        if word == "back":
            put_aside.take_up(session, key)
            action = "restored"
            flash(gettext("It is in the list again."))
        else:
            action, until = "dismissed", put_aside.put_aside(session, key, Verdict(word), who=current_user.email, now=now)
            flash(gettext("It stays away until %(day)s, and comes back if it still deserves an hour.", day=desk.short_day(until)))
        trace.record(session, actor=current_user.email, action=action, subject=f"work:{key}", after={"reason": word}, now=now)
    chosen: dict[str, Any] = {name: request.form.get(name, "")[:32] or None for name in ("kind", "language")}
    return redirect(url_for("work.page", **chosen), 303)


@blueprint.post("/staff/work/hours")
@require(RoleName.LEAD)
def set_hours() -> ResponseReturnValue:
    """Say how many hours each kind of work takes."""
    wanted = {kind: _hours(request.form.get(kind, "")) for kind in WorkKind}
    if None in wanted.values():
        flash(gettext("Nothing was changed: hours are numbers from %(least)s to %(most)s.", least=number(SHORTEST), most=number(LONGEST)), desk.REFUSED)
        return redirect(url_for("work.page", _anchor="hours"), 303)
    with database().writing() as session:
        before = efforts.hours(session)
        after = {kind: said for kind, said in wanted.items() if said is not None and said != before[kind]}
        for kind, said in after.items():
            efforts.set_hours(session, kind, said)
        if after:
            kept = {kind.value: before[kind] for kind in after}
            new = {kind.value: said for kind, said in after.items()}
            trace.record(session, actor=current_user.email, action="changed", subject="work:hours", before=kept, after=new, now=datetime.now(UTC))
    flash(gettext("The hours are changed; the list is ordered by them."))
    return redirect(url_for("work.page", _anchor="hours"), 303)


def place(item: Item) -> str:
    """Give the page where the work is done."""
    if item.gap_id:
        return url_for("gaps.gap", number=item.gap_id)
    if item.kind is WorkKind.OUTDATED:
        sides: dict[str, Any] = {"from": item.before_language, "to": item.language}
        return url_for("sides.page", article=item.article_id, **sides)
    if item.language:
        return url_for("editor.edit", article=item.article_id, lang=item.language)
    return url_for("article_health.page", article=item.article_id)


def number(value: float) -> str:
    """Write a number of customers or hours: small ones with a decimal."""
    return str(format_decimal(value, "#,##0.#" if value < 9.95 else "#,##0", locale=choose_language()))


def _hours(text: str) -> float | None:
    try:
        hours = float(text[:20].strip().replace(",", "."))
    except ValueError:
        return None
    return hours if SHORTEST <= hours <= LONGEST else None
