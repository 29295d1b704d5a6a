"""Pages for what goes wrong: what happened and what to do, in the reader's language, without a trace of the inside."""

import logging

from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from kb.problem_web import problem

RETRY_SECONDS = 60
log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Show these pages for every fault of the application."""
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(OperationalError, unstored)
    app.register_error_handler(PoolTimeout, unstored)


def refused(fault: HTTPException) -> Response:
    """Say in a page, or in an object where one was asked for, why a request was refused."""
    if fault.response is not None or (fault.code or 500) < 400:
        return make_response(fault.get_response())
    response = _say(fault.code or 500)
    for name, text in fault.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = text
    return response


def unstored(fault: Exception) -> Response:
    """Say that the database does not answer now; the fault is logged by its kind only, because its words may quote a person's."""
    log.error("the database did not answer", extra={"fault": type(fault).__name__})
    response = _say(503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _say(code: int) -> Response:
    heading, words = _words(code)
    if request.path.startswith("/api/") or request.accept_mimetypes["application/json"] > request.accept_mimetypes["text/html"]:
        response = problem(code, words, title=heading)
    else:
        response = make_response(render_template("problem.html", heading=heading, words=words))
    response.status_code = code
    response.headers["Cache-Control"] = "no-store"
    return response


def _words(code: int) -> tuple[str, str]:
    known = {
        400: (gettext("This request could not be read"), gettext("Go back and try again. What you wrote is still in the page you came from.")),
        403: (gettext("This page cannot be opened from here"), gettext("Open the contact form again and send it from there.")),
        404: (gettext("This page does not exist"), gettext("The address may have changed. Look in the help centre, or write to us.")),
        405: (gettext("This page cannot be opened like that"), gettext("Start from the contact form or from the help centre.")),
        410: (gettext("This page is no longer here"), gettext("Look in the help centre, or write to us.")),
        413: (gettext("This is more than can be sent at once"), gettext("Go back, choose smaller files or shorten the text, and send it again.")),
        415: (gettext("This request could not be read"), gettext("Send the contact form from its own page.")),
        429: (gettext("Too many requests came from here"), gettext("Wait a few minutes, then try again.")),
        503: (gettext("We cannot answer at this moment"), gettext("Nothing was changed. Wait a minute and try again.")),
    }
    if code in known:
        return known[code]
    if code < 500:
        return known[400]
    return gettext("Something is wrong on our side"), gettext("It has been noted. Try again in a minute; if it goes on, write to us.")
