"""Robots: what leads decide about messages that nobody wrote: known-bad marks, questions, and what waits to be looked at."""

from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import trace
from kb.web import database
from webform import robot_questions, spam_lessons, suspicion, tickets, topics
from webform.contact_forms import clean_line, clean_text
from webform.i18n import LANGUAGES, choose_language
from webform.robot_questions import LONGEST_ANSWERS, LONGEST_QUESTION, RobotQuestion
from webform.sign_in import require
from webform.staff import RoleName

MOST_MARKS = 20_000
MOST_QUESTIONS = 200
blueprint = Blueprint("robots", __name__, url_prefix="/staff/robots")


@blueprint.get("")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """Show what is kept against robots, and how much waits."""
    with database().reading() as session:
        return _page(session, robot_questions.known_bad(session))


@blueprint.post("/marks")
@require(RoleName.LEAD)
def keep_marks() -> ResponseReturnValue:
    """Replace the known-bad marks."""
    typed = clean_text(request.form.get("marks"))
    wrong = gettext("This list is too long; %(limit)s characters fit", limit=MOST_MARKS) if len(typed) > MOST_MARKS else ""
    try:
        marks = "\n".join(suspicion.read_list(typed)) if not wrong else ""
    except ValueError as short:
        wrong = gettext("“%(mark)s” is too short: it would hold nearly everything. Use three characters or more", mark=str(short))
    with database().writing() as session:
        if wrong:
            return make_response(_page(session, typed, wrong_marks=wrong), 422)
        before = robot_questions.known_bad(session)
        robot_questions.keep_known_bad(session, marks)
        _note(session, "changed", {"marks": str(len(before.splitlines()))}, {"marks": str(len(marks.splitlines()))})
    flash(gettext("The list is kept."))
    return redirect(url_for("robots.page"), 303)


@blueprint.post("/questions")
@require(RoleName.LEAD)
def add_question() -> ResponseReturnValue:
    """Add a question."""
    draft = RobotQuestion(
        topic=request.form.get("topic", ""),
        language=request.form.get("language", ""),
        question=clean_line(request.form.get("question")),
        answers=clean_text(request.form.get("answers")),
        always=request.form.get("always") == "1",
    )
    with database().writing() as session:
        if wrong := _wrong(session, draft):
            return make_response(_page(session, robot_questions.known_bad(session), draft=draft, wrong_question=wrong), 422)
        session.add(draft)
        _note(session, "added", {}, {"question": draft.question, "topic": draft.topic})
    flash(gettext("The question is kept."))
    return redirect(url_for("robots.page"), 303)


@blueprint.post("/questions/<int:number>/delete")
@require(RoleName.LEAD)
def delete_question(number: int) -> ResponseReturnValue:
    """Take a question away; one that is gone already stays gone."""
    with database().writing() as session:
        found = session.get(RobotQuestion, number) if number < 2**31 else None
        if found is not None:
            _note(session, "deleted", {"question": found.question, "topic": found.topic}, {})
            session.delete(found)
    flash(gettext("The question is gone."))
    return redirect(url_for("robots.page"), 303)


def _page(session: Session, marks: str, *, draft: RobotQuestion | None = None, wrong_marks: str = "", wrong_question: str = "") -> str:
    spam, good = spam_lessons.marked(session)
    return render_template(
        "desk-robots.html",
        marks=marks,
        wrong_marks=wrong_marks,
        questions=robot_questions.every(session),
        draft=draft or RobotQuestion(topic="", language=choose_language(), question="", answers="", always=False),
        wrong_question=wrong_question,
        topics=dict(topics.choices(session, choose_language())),
        held=tickets.tally(session)[tickets.TicketStatus.HELD],
        lesson=session.get(spam_lessons.SpamLesson, 1),
        spam=spam,
        good=good,
        least=spam_lessons.LEAST,
        attack=current_app.config["ATTACK_REQUESTS"],
        hours=current_app.config["HELD_HOURS"],
    )


def _wrong(session: Session, draft: RobotQuestion) -> str:
    if draft.language not in LANGUAGES or (draft.topic and topics.find(session, draft.topic) is None):
        return str(gettext("Choose a topic and a language from the lists"))
    if not draft.question or len(draft.question) > LONGEST_QUESTION:
        return str(gettext("Write a question of at most %(limit)s characters", limit=LONGEST_QUESTION))
    if not draft.answers or len(draft.answers) > LONGEST_ANSWERS:
        return str(gettext("Write the answers that count, one a line, %(limit)s characters at most", limit=LONGEST_ANSWERS))
    return str(gettext("There are as many questions as can be kept")) if len(robot_questions.every(session)) >= MOST_QUESTIONS else ""


def _note(session: Session, action: str, before: dict[str, str], after: dict[str, str]) -> None:
    trace.record(session, actor=current_user.email, action=action, subject="robots", before=before, after=after, now=datetime.now(UTC))
