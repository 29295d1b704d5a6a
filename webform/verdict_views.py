"""The verdict on an answer, given without a script: it solved the problem, or it did not after all."""

from datetime import UTC, datetime

from flask import Response, abort, current_app, make_response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from deflection.events import Event, Kind, record
from deflection.visits import Visit, find_visit
from kb.web import database
from webform import attempts, origin
from webform.attempts import Attempt
from webform.web import PRIVATE

DIGITS = 9


def verdict() -> Response:
    """Note that an answer solved the problem, and end the visit with a page that can be taken back.

    Only an article that the visit was shown counts, whatever the request says.
    """
    if not origin.is_own(request, current_app.config["BASE_URL"]):
        abort(403)
    request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    attempt = attempts.posted()
    if attempt.lapse is not None:
        abort(403 if "visit" in request.form else 400)
    solved, back = _article("solved"), _article("unsolved")
    with database().writing() as session:
        visit = find_visit(session, attempt.visit)
        if visit is None or not _was_shown(session, visit, solved or back):
            abort(400)
        now = datetime.now(UTC)
        if solved:
            record(session, visit, Kind.OPENED, articles=[solved], now=now)
            record(session, visit, Kind.SOLVED, articles=[solved], now=now)
        else:
            record(session, visit, Kind.DECLINED, articles=[back], now=now)
    return _page(attempt, solved)


def _page(attempt: Attempt, solved: int) -> Response:
    template = "solved.html" if solved else "form.html"
    page = make_response(render_template(template, attempt=attempt, form=attempt.form, notice=None, article=solved))
    page.headers["Cache-Control"] = PRIVATE
    return page


def _article(name: str) -> int:
    word = request.form.get(name, "")
    return int(word) if word.isascii() and word.isdigit() and len(word) <= DIGITS else 0


def _was_shown(session: Session, visit: Visit, article: int) -> bool:
    wanted = select(Event.id).where(Event.visit_id == visit.id, Event.kind == Kind.SHOWN, Event.article_id == article)
    return article > 0 and session.scalar(wanted) is not None
