"""Which article answers a request, as staff say it: an example of the best kind."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.articles import Article
from kb.web import database
from webform import answers, desk, gaps, tickets
from webform.sign_in import require
from webform.staff import RoleName
from webform.tickets import Ticket
from webform.web import tokens


@dataclass(frozen=True, slots=True)
class Answer:
    """What our people said of a request: the id of the article that answers it, or nothing if none does."""

    external_id: str
    said_by: str


@require(RoleName.LEAD)
def set_answer(reference: str) -> ResponseReturnValue:
    """Note which article answers a request, or that none does; said again, the last word counts."""
    external_id = "" if request.form.get("none") else request.form.get("article", "").strip().replace("\0", "")
    with database().writing() as session:
        ticket = tickets.find(session, reference) or abort(404)
        article = session.scalar(select(Article.id).where(Article.external_id == external_id)) if external_id else None
        if article is None and not request.form.get("none"):
            flash(gettext("Nothing was noted: there is no article with the id “%(id)s”.", id=external_id[:200]), desk.REFUSED)
        else:
            answers.note(session, tokens(), ticket, article, current_user.email, datetime.now(UTC))
            gaps.reconsider(session, ticket)
            flash(gettext("Noted. Suggestions learn from it with the next lesson."))
    return redirect(url_for("staff.request", reference=ticket.reference), 303)


def answer_of(session: Session, ticket: Ticket) -> Answer | None:
    """Find what was said of a request."""
    found = answers.example_of(session, tokens(), ticket)
    if found is None:
        return None
    external_id = session.scalar(select(Article.external_id).where(Article.id == found.article_id)) or ""
    return Answer(external_id, found.tended_by)
