"""The verdict on an answer, given without a script: it solved the problem, or it did not after all."""

from datetime import UTC, datetime

from flask import Response, abort, current_app, make_response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from deflection.events import Event, Kind, record
from deflection.visits import Visit, find_visit
from kb.voices import Speaker
from kb.web import database
from webform import attempts, hearing, hook_facts, origin
from webform.attempts import Attempt
from webform.i18n import choose_language
from webform.networks import network
from webform.web import PRIVATE, learned_network, tokens

DIGITS = 9


def verdict() -> Response:
    """Note that an answer solved the problem, and end the visit with a page that can be taken back.

    Only an article that the visit was shown counts, whatever the request says. The description that came along is kept
    as an example only if the page said so beside the button, which it tells by ``keep``.
    """
    if not origin.is_own(request, current_app.config["BASE_URL"]):
        abort(403)
    request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    attempt = attempts.posted()
    if attempt.lapse is not None:
        abort(403 if "visit" in request.form else 400)
    solved, back, unkept = _article("solved"), _article("unsolved"), _article("unkept")
    kept = False
    with database().writing() as session:
        visit = find_visit(session, attempt.visit)
        if visit is None or not _was_shown(session, visit, solved or back or unkept):
            abort(400)
        now = datetime.now(UTC)
        if solved:
            record(session, visit, Kind.OPENED, articles=[solved], now=now)
            hook_facts.visit_tells(session, visit, Kind.SOLVED, [solved], now)
            record(session, visit, Kind.SOLVED, articles=[solved], now=now)
            kept = _keep(session, attempt, solved, now)
        else:
            if back:
                hook_facts.visit_tells(session, visit, Kind.DECLINED, [back], now)
                record(session, visit, Kind.DECLINED, articles=[back], now=now)
            hearing.unhear(session, visit.token, _speaker(attempt))
    return _page(attempt, solved or unkept, kept=kept)


def _keep(session: Session, attempt: Attempt, article: int, now: datetime) -> bool:
    if request.form.get("keep") != "1" or "without" in request.form or not learned_network():
        return False
    form = attempt.form
    said = hearing.Description(form.subject.data or "", form.message.data or "", choose_language(), (form.name.data or "", form.email.data or ""))
    return hearing.hear_solved(session, attempt.visit, said, article, _speaker(attempt), now)


def _speaker(attempt: Attempt) -> Speaker:
    return hearing.speaker(tokens(), attempt.visit, network(request.remote_addr))


def _page(attempt: Attempt, solved: int, *, kept: bool) -> Response:
    template = "solved.html" if solved else "form.html"
    page = make_response(render_template(template, attempt=attempt, form=attempt.form, notice=None, article=solved, kept=kept, help_failed=not solved))
    page.headers["Cache-Control"] = PRIVATE
    page.headers["X-Kept"] = "1" if kept else "0"
    return page


def _article(name: str) -> int:
    word = request.form.get(name, "")
    return int(word) if word.isascii() and word.isdigit() and len(word) <= DIGITS else 0


def _was_shown(session: Session, visit: Visit, article: int) -> bool:
    wanted = select(Event.id).where(Event.visit_id == visit.id, Event.kind == Kind.SHOWN, Event.article_id == article)
    return article > 0 and session.scalar(wanted) is not None
