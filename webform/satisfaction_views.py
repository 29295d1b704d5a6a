"""The customer's pages of the question how it was: looking answers nothing, posting does."""

from datetime import UTC, datetime

from flask import Response, current_app, make_response, render_template, request
from flask_babel import gettext

from kb.web import database
from webform import satisfaction
from webform.contact_forms import clean_text
from webform.request_page import NotOpened, find
from webform.satisfaction import LONGEST_COMMENT, Satisfaction, Score
from webform.satisfaction_mail import address_key
from webform.submissions import terms
from webform.tickets import Ticket
from webform.web import tokens


def score_words() -> dict[str, str]:
    """Name the answers, the best first."""
    return {Score.GOOD: gettext("Good"), Score.MIDDLING: gettext("So-so"), Score.BAD: gettext("Bad")}


def asked(reference: str) -> Response:
    """Show the question, with the answer that the link named already chosen."""
    key = request.args.get("key", "")
    with database().reading() as session:
        ticket = find(session, reference, key)
        question = _question(satisfaction.of_ticket(session, ticket.id))
    chosen = request.args.get("answer", "") or question.score
    return _page(ticket, question, key, chosen=chosen, comment=question.comment, may=question.may_answer(datetime.now(UTC)))


def answer(reference: str) -> Response:
    """Take the answer, or the one change of it."""
    key, now = request.form.get("key", ""), datetime.now(UTC)
    chosen, comment = request.form.get("score", ""), clean_text(request.form.get("comment"))
    with database().writing() as session:
        ticket = find(session, reference, key)
        question = _question(satisfaction.of_ticket(session, ticket.id))
        wrong = ""
        if chosen not in set(Score):
            wrong = gettext("Choose one of the three answers")
        elif len(comment) > LONGEST_COMMENT:
            wrong = gettext("Shorten the comment; %(limit)s characters fit", limit=LONGEST_COMMENT)
        taken = not wrong and satisfaction.answer(session, question, Score(chosen), comment, now)
    may = question.may_answer(now)
    status = 422 if wrong else 200 if taken else 409
    return _page(ticket, question, key, chosen=chosen, comment=comment, wrong=wrong, taken=taken, may=may or bool(wrong), status=status)


def quiet(reference: str) -> Response:
    """Ask whether somebody is not to be asked any more; posting says so."""
    key = request.values.get("key", "") if request.method == "GET" else request.form.get("key", "")
    if request.method == "GET":
        with database().reading() as session:
            ticket = find(session, reference, key)
        return make_response(render_template("quiet.html", ticket=ticket, key=key, done=False))
    with database().writing() as session:
        ticket = find(session, reference, key)
        satisfaction.ask_no_more(session, address_key(ticket, terms(current_app.config, tokens())), datetime.now(UTC))
    return make_response(render_template("quiet.html", ticket=ticket, key=key, done=True))


def _question(found: Satisfaction | None) -> Satisfaction:
    if found is None:
        raise NotOpened(
            404, gettext("There is nothing to answer here"), gettext("We did not ask about this request. If you have something to say about it, write to us.")
        )
    return found


def _page(
    ticket: Ticket,
    question: Satisfaction,
    key: str,
    *,
    chosen: str,
    comment: str,
    may: bool,
    wrong: str = "",
    taken: bool = False,
    status: int = 200,
) -> Response:
    said = {"ticket": ticket, "question": question, "key": key, "chosen": chosen, "comment": comment, "may": may, "wrong": wrong, "taken": taken}
    return make_response(render_template("satisfaction.html", **said, scores=score_words(), longest=LONGEST_COMMENT), status)
