"""Pairs of an old question and the article proposed for it, as leads look through them: confirmed, corrected or dropped, many at a time."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_security import current_user

from kb import casebook
from kb.web import database
from webform import baseline_reviews, baselines, desk
from webform.example_views import article_number
from webform.i18n import choose_language
from webform.links import Links
from webform.sign_in import require
from webform.staff import RoleName
from webform.tried import translations

PER_PAGE = 25
blueprint = Blueprint("baseline_pairs", __name__)


@blueprint.get("/staff/baseline/<int:number>/pairs")
@require(RoleName.LEAD)
def page(number: int) -> ResponseReturnValue:
    """List the pairs that nobody has looked at yet: those that pass the gate, or those that do not."""
    below = desk.asked("below", ("1",))
    with database().reading() as session:
        found = baselines.find(session, number) or abort(404)
        pairs = baseline_reviews.waiting(session, number, number=desk.page_number(), per_page=PER_PAGE, answered=not below)
        named = [question.article_id for question in pairs.questions if question.article_id is not None]
        return render_template(
            "desk-baseline-pairs.html",
            baseline=found,
            page=pairs,
            below=below,
            titles=translations(session, named, [choose_language()]),
            articles=casebook.articles(session, [choose_language()]),
            links=Links(""),
            percent=desk.percent,
        )


@blueprint.post("/staff/baseline/<int:number>/pairs")
@require(RoleName.LEAD)
def judge(number: int) -> ResponseReturnValue:
    """Say of some pairs what is right, and go on with the next."""
    numbers = [int(word) for word in request.form.getlist("question") if word.isascii() and word.isdigit() and len(word) < 10]
    who, now, below = current_user.email, datetime.now(UTC), request.form.get("below") or None
    external_id = request.form.get("to", "").strip()[:200]
    with database().writing() as session:
        if baselines.find(session, number) is None:
            abort(404)
        questions = baseline_reviews.chosen(session, number, numbers)
        match request.form.get("act"):
            case _ if not questions:
                flash(gettext("Nothing was changed: no question was chosen."), desk.REFUSED)
            case "confirm":
                count = baseline_reviews.confirm(session, questions, who, now)
                flash(ngettext("%(num)d pair was confirmed and is now an example.", "%(num)d pairs were confirmed and are now examples.", count))
            case "correct" if (article := article_number(session, external_id)) is not None:
                count = baseline_reviews.correct(session, questions, article, who, now)
                flash(ngettext("%(num)d question now leads to %(id)s.", "%(num)d questions now lead to %(id)s.", count, id=external_id))
            case "correct":
                flash(gettext("Nothing was changed: there is no article with the id “%(id)s”.", id=external_id), desk.REFUSED)
            case "none":
                count = baseline_reviews.correct(session, questions, None, who, now)
                flash(ngettext("%(num)d question has no article that answers.", "%(num)d questions have no article that answers.", count))
            case "drop":
                count = baseline_reviews.drop(session, questions)
                flash(ngettext("%(num)d question was dropped.", "%(num)d questions were dropped.", count))
            case _:
                abort(400)
    return redirect(url_for("baseline_pairs.page", number=number, below=below), 303)
