"""Exports on a page: the articles that the list finds, in the form of another system, as one zip."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from kb import catalogue
from kb.exports import LINES, WRITERS, files_of
from kb.import_formats import Format
from kb.web import database
from kb.zips import zipped
from webform import article_lists, desk
from webform.article_list_views import owners
from webform.import_views import format_words
from webform.sign_in import require
from webform.staff import RoleName

blueprint = Blueprint("exports", __name__)


@blueprint.get("/staff/export")
@require(RoleName.WRITER)
def page() -> ResponseReturnValue:
    """Ask what is to go out, and in which form."""
    asked, now = article_lists.asked(request.args), datetime.now(UTC)
    with database().reading() as session:
        return render_template(
            "desk-export.html", total=asked.page(session, now, number=1, per_page=1).total, asked=asked, chosen=asked.values, form=desk.asked("form"),
            spoken=catalogue.languages(session), categories=catalogue.categories(session), people=owners(session), forms=form_words(),
            low=round(100 * catalogue.LOW_SHARE),
        )  # fmt: skip


@blueprint.get("/staff/export/articles.zip")
@require(RoleName.WRITER)
def download() -> Response:
    """Give what was found as a zip, file by file as it is written."""
    asked, form, now = article_lists.asked(request.args), desk.asked("form") or Format.MARKDOWN, datetime.now(UTC)
    if form not in WRITERS:
        abort(400)
    response = Response(zipped(files_of(database(), form, asked.rows(now))), mimetype="application/zip")
    response.headers["Content-Disposition"] = f"attachment; filename=articles-{form}-{now:%Y-%m-%d}.zip"
    return response


def form_words() -> dict[str, str]:
    """Name the forms of an export."""
    words = format_words()
    return {form: gettext("one articles.jsonl") if form == LINES else words[form] for form in WRITERS}
