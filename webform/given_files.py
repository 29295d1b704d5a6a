"""Given files: what a stranger sent goes out as a download and never as a page of ours, and only once it may."""

from io import BytesIO

from flask import Response, make_response, render_template, send_file
from flask_babel import gettext

from webform.attachments import Attachment, Scan
from webform.lines import one_line

# Saved, never opened as a page of ours, whatever its type says.
POLICY = "sandbox; default-src 'none'"
SECONDS = 60


def give(file: Attachment, *, unscanned: bool = False) -> Response:
    """Give a file, or say in words why it cannot be had now.

    :param unscanned: whether whoever asks knows that the scanner has not looked at it, and wants it nevertheless.
    """
    if file.scan == Scan.INFECTED:
        return not_given(410, gettext("A virus was found in this file"), gettext("What was in it has been deleted. The request it came with is kept."))
    if file.scan == Scan.WAITING and not unscanned:
        words = gettext("The scanner could not be asked when the file came. It is asked again every minute: open this link again a little later.")
        response = not_given(503, gettext("This file is still to be checked for viruses"), words)
        response.headers["Retry-After"] = str(SECONDS)
        return response
    response = send_file(BytesIO(file.content), mimetype=file.content_type, as_attachment=True, download_name=one_line(file.filename, 200))
    response.headers["Content-Security-Policy"] = POLICY
    return response


def not_given(status: int, heading: str, words: str) -> Response:
    """Say why a link gives no file."""
    return make_response(render_template("not-opened.html", heading=heading, words=words), status)
