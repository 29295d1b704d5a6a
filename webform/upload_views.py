"""Uploads: files that go up while the rest of the form is still being written, under the visit's token."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request

from kb.web import database
from webform import attachments, contact_files, file_kinds, origin
from webform.attachments import AttachmentRefused, Refusal
from webform.contact_files import in_words
from webform.tokens import TokenError
from webform.web import HOUR, may, tokens

ROOM_FOR_FIELDS = 64 * 1024
MOST_PARTS = 4
UPLOADS_FOR_A_REQUEST = 4
blueprint = Blueprint("uploads", __name__, url_prefix="/uploads")


@blueprint.app_template_global()
def offered_kinds() -> str:
    """Name the endings that a browser offers to choose."""
    return file_kinds.OFFERED


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let nobody keep what is said of somebody's files."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("")
def keep() -> Response:
    """Keep one file and answer with its entry of the form's list; the same file again is the same entry."""
    request.max_content_length = contact_files.most_each() + ROOM_FOR_FIELDS
    request.max_form_parts = MOST_PARTS
    visit = _visit()
    if not may("uploads", current_app.config["REQUESTS_PER_HOUR"] * UPLOADS_FOR_A_REQUEST, HOUR):
        abort(429)
    upload = request.files.get("file")
    if upload is None or not current_app.config["MAX_FILES"]:
        abort(400)
    name = upload.filename or ""
    try:
        content = contact_files.bare(name, upload.read())
        with database().writing() as session:
            file = contact_files.keep(session, visit, name, content, datetime.now(UTC))
    except AttachmentRefused as refusal:
        return make_response({"wrong": in_words(refusal.reason, name)}, 503 if refusal.reason is Refusal.UNSCANNED else 422)
    return make_response(render_template("_kept-files.html", files=[file]))


@blueprint.post("/waiting")
def waiting() -> Response:
    """List the files of a visit that wait to be sent, for a page that was loaded again."""
    with database().reading() as session:
        return make_response(render_template("_kept-files.html", files=attachments.all_waiting(session, _visit(), datetime.now(UTC))))


@blueprint.post("/removed")
def remove() -> Response:
    """Take a waiting file away; one that is not there, or was sent, stays as it is."""
    visit = _visit()
    with database().writing() as session:
        attachments.remove(session, visit, request.form.get("kept", "")[:100])
    return make_response("", 204)


def _visit() -> str:
    """Read the visit that a page of this site acts for."""
    if not origin.is_own(request, current_app.config["BASE_URL"]):
        abort(403)
    try:
        return tokens().read_visit(request.form.get("visit", ""), hours=current_app.config["FORM_HOURS"])
    except TokenError:
        abort(403)
