"""Files that the team's mail could not carry: given as downloads to whoever has the mail's link, until it expires."""

from flask import Blueprint, Response, current_app
from flask_babel import gettext

from kb.web import database
from webform import attachments
from webform.given_files import give, not_given
from webform.tokens import TokenError, TokenExpired
from webform.web import tokens

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
        return not_given(410, gettext("This link to a file has expired"), words)
    except (TokenError, ValueError):
        words = gettext("Open it with the whole link in the e-mail: it must be complete, to its last character.")
        return not_given(404, gettext("This link opens no file"), words)
    with database().reading() as session:
        found = attachments.content(session, number)
    if found is None:
        return not_given(404, gettext("This file is no longer kept"), gettext("Its request was deleted, and the file with it."))
    return give(found)
