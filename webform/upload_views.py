"""Uploads: files that go up while the rest is still being written, for a visit of the form or for a request that something is added to."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request

from kb.web import database
from webform import additions, attachments, contact_files, file_kinds, origin, request_page
from webform.attachments import AttachmentRefused, Refusal
from webform.contact_files import in_words
from webform.request_page import NotOpened
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
    """Keep one file and answer with its entry of the page's list; the same file again is the same entry."""
    request.max_content_length = contact_files.most_each() + ROOM_FOR_FIELDS
    request.max_form_parts = MOST_PARTS
    holder = _holder()
    if not may("uploads", current_app.config["REQUESTS_PER_HOUR"] * UPLOADS_FOR_A_REQUEST, HOUR):
        abort(429)
    upload = request.files.get("file")
    if upload is None or not current_app.config["MAX_FILES"]:
        abort(400)
    name = upload.filename or ""
    try:
        ready = contact_files.bare(name, upload.read())
        with database().writing() as session:
            file = contact_files.keep(session, holder, ready, datetime.now(UTC))
    except AttachmentRefused as refusal:
        return make_response({"wrong": in_words(refusal.reason, name)}, 503 if refusal.reason is Refusal.UNSCANNED else 422)
    return make_response(render_template("_kept-files.html", files=[file]))


@blueprint.post("/waiting")
def waiting() -> Response:
    """List the files that wait to be sent, for a page that was loaded again."""
    holder = _holder()
    with database().reading() as session:
        return make_response(render_template("_kept-files.html", files=attachments.all_waiting(session, holder, datetime.now(UTC))))


@blueprint.post("/removed")
def remove() -> Response:
    """Take a waiting file away; one that is not there, or was sent, stays as it is."""
    holder = _holder()
    with database().writing() as session:
        attachments.remove(session, holder, request.form.get("kept", "")[:100])
    return make_response("", 204)


def _holder() -> str:
    """Read for what a page of this site keeps files: a visit by its token, or a request by its reference and key."""
    if not origin.is_own(request, current_app.config["BASE_URL"]):
        abort(403)
    try:
        if "reference" in request.form:
            with database().reading() as session:
                return additions.holder(request_page.find(session, request.form["reference"], request.form.get("key", "")))
        return tokens().read_visit(request.form.get("visit", ""), hours=current_app.config["FORM_HOURS"])
    except (TokenError, NotOpened):
        abort(403)
