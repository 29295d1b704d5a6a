"""Examples, as staff find, correct, confirm, delete and take them out."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import casebook, tending
from kb.articles import Article
from kb.casebook import Wanted
from kb.examples import Standing
from kb.web import database
from webform import desk
from webform.i18n import choose_language
from webform.links import Links
from webform.sign_in import require
from webform.staff import RoleName
from webform.tried import translations

FILTERS = ("q", "article", "language", "source", "standing")
LONGEST = 200


@require(RoleName.WRITER)
def examples() -> ResponseReturnValue:
    """List examples, the newest first."""
    chosen = _chosen(request.args)
    with database().reading() as session:
        languages, sources, standings = casebook.kinds(session)
        page = casebook.page(session, _wanted(chosen), number=desk.page_number(), per_page=desk.PAGE)
        return render_template(
            "desk-examples.html",
            page=page,
            chosen=chosen,
            spoken=languages,
            sources={name: words for name, words in source_words().items() if name in sources},
            standings={name: words for name, words in standing_words().items() if name in standings},
            waiting=standings.get(Standing.WAITING, 0),
            articles=casebook.articles(session, [choose_language()]),
            titles=translations(session, [case.article_id for case in page.cases if case.article_id is not None], [choose_language()]),
            links=Links(""),
            source_words=source_words(),
            standing_words=standing_words(),
        )


@require(RoleName.WRITER)
def tend() -> ResponseReturnValue:
    """Correct, confirm or delete the examples that were chosen, and go back to where they were listed."""
    numbers = [int(word) for word in request.form.getlist("number") if word.isascii() and word.isdigit() and len(word) < 10]
    who, now = current_user.email, datetime.now(UTC)
    if not numbers:
        flash(gettext("Nothing was changed: no example was chosen."), desk.REFUSED)
        return _back()
    with database().writing() as session:
        match request.form.get("act"):
            case "move":
                flash(_move(session, numbers, request.form.get("to", "").strip(), who, now))
            case "none":
                count = tending.move(session, numbers, None, who, now)
                flash(ngettext("%(num)d example now says that no article answers.", "%(num)d examples now say that no article answers.", count))
            case "confirm":
                count = tending.confirm(session, numbers, who, now)
                flash(ngettext("%(num)d example was confirmed.", "%(num)d examples were confirmed.", count))
            case "delete":
                count = tending.delete(session, numbers, who, now)
                flash(ngettext("%(num)d example was deleted, with its text.", "%(num)d examples were deleted, with their texts.", count))
            case _:
                abort(400)
    return _back()


@require(RoleName.WRITER)
def changes() -> ResponseReturnValue:
    """Show who changed what, the newest change first."""
    with database().reading() as session:
        found = tending.changes(session)
        numbers = [number for change in found for number in (change.before_article_id, change.after_article_id) if number is not None]
        titles = {number: translation.title for number, translation in translations(session, numbers, [choose_language()]).items()}
        return render_template("desk-example-changes.html", changes=found, titles=titles, acts=act_words())


@require(RoleName.WRITER)
def export() -> Response:
    """Give the examples that were asked for as lines that ``webform kb import`` reads."""
    with database().reading() as session:
        body = "".join(casebook.lines(session, _wanted(_chosen(request.args))))
    response = Response(body, mimetype="application/jsonl")
    response.headers["Content-Disposition"] = "attachment; filename=requests.jsonl"
    return response


def source_words() -> dict[str, str]:
    """Name where an example can come from."""
    return {
        "solved": gettext("a customer: it solved the problem"),
        "declined": gettext("a customer: not what was needed"),
        "staff": gettext("our staff, for a request"),
        "import": gettext("an import"),
        "sample": gettext("the sample"),
    }


def standing_words() -> dict[str, str]:
    """Name how far an example is believed."""
    return {Standing.WAITING: gettext("waits for others"), Standing.AGREED: gettext("others agree"), Standing.TRUSTED: gettext("counts")}


def act_words() -> dict[str, str]:
    """Name what can be done to an example."""
    return {
        tending.Act.ADDED: gettext("added"),
        tending.Act.MOVED: gettext("corrected"),
        tending.Act.CONFIRMED: gettext("confirmed"),
        tending.Act.DELETED: gettext("deleted"),
    }


def article_number(session: Session, external_id: str) -> int | None:
    """Find an article by the id that people type."""
    return session.scalar(select(Article.id).where(Article.external_id == external_id.replace("\0", "")))


def _move(session: Session, numbers: Sequence[int], external_id: str, who: str, now: datetime) -> str:
    article = article_number(session, external_id)
    if article is None:
        return str(gettext("Nothing was changed: there is no article with the id “%(id)s”.", id=external_id[:LONGEST]))
    count = tending.move(session, numbers, article, who, now)
    return str(ngettext("%(num)d example now leads to %(id)s.", "%(num)d examples now lead to %(id)s.", count, id=external_id))


def _chosen(values: Mapping[str, str]) -> dict[str, str]:
    return {name: values.get(name, "").replace("\0", "")[:LONGEST] for name in FILTERS}


def _wanted(chosen: dict[str, str]) -> Wanted:
    return Wanted(chosen["q"], chosen["article"].strip(), chosen["language"], chosen["source"], chosen["standing"])


def _back() -> ResponseReturnValue:
    page = request.form.get("page", "1")
    place: dict[str, Any] = {"page": page if page.isascii() and page.isdigit() else "1", **_chosen(request.form)}
    return redirect(url_for("staff.examples", **{name: value for name, value in place.items() if value}), 303)
