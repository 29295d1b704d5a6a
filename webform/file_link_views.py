"""Files that the team's mail could not carry: given as downloads to whoever has the mail's link, until it expires."""

from io import BytesIO

from flask import Blueprint, Response, current_app, make_response, render_template, send_file
from flask_babel import gettext

from kb.web import database
from webform import attachments
from webform.lines import one_line
from webform.tokens import TokenError, TokenExpired
from webform.web import tokens

FILE_POLICY = "sandbox; default-src 'none'"
blueprint = Blueprint("files", __name__, url_prefix="/files")


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let nobody keep the file on the way, or index it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/<key>")
def file(key: str) -> Response:
    """Give a file, to be saved and never to be opened here."""
    try:
        number = tokens().read_file_key(key, days=current_app.config["FILE_LINK_DAYS"])
    except TokenExpired:
        words = gettext("The file is still kept with its request: whoever may sign in for the team finds it there.")
        return _not_opened(410, gettext("This link to a file has expired"), words)
    except (TokenError, ValueError):
        words = gettext("Open it with the whole link in the e-mail: it must be complete, to its last character.")
        return _not_opened(404, gettext("This link opens no file"), words)
    with database().reading() as session:
        found = attachments.content(session, number)
    if found is None:
        return _not_opened(404, gettext("This file is no longer kept"), gettext("Its request was deleted, and the file with it."))
    response = send_file(BytesIO(found.content), mimetype=found.content_type, as_attachment=True, download_name=one_line(found.filename, 200))
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


def _not_opened(status: int, heading: str, words: str) -> Response:
    return make_response(render_template("not-opened.html", heading=heading, words=words), status)
