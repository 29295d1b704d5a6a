"""Gaps, as staff find them, read what customers wrote, and decide."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import casebook
from kb.articles import ArticleError
from kb.web import database
from webform import desk, errands, gap_drafts, gap_growth, gap_keeping, gap_lists, gap_texts, gaps
from webform.contact_forms import clean_line
from webform.example_views import article_number
from webform.gap_lists import ListedGap, Sort, Wanted
from webform.gaps import Gap, GapState
from webform.i18n import choose_language
from webform.links import Links
from webform.sign_in import require
from webform.staff import RoleName
from webform.tried import translations
from webform.web import tokens

PERIODS = ("7", "30")
TEXTS = 20
NAMED_BY = 3
LONGEST = 200
blueprint = Blueprint("gaps", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A gap in the list: its figures, the customers' words that stand for it, and whether it grows suddenly."""

    gap: ListedGap
    title: str
    sudden: bool


@blueprint.get("/staff/gaps")
@require(RoleName.WRITER)
def page() -> ResponseReturnValue:
    """List gaps; those that wait unless others are asked for."""
    now = datetime.now(UTC)
    with database().reading() as session:
        spoken = gap_lists.languages(session)
        chosen = {"language": desk.asked("language", spoken), "sort": desk.asked("sort", list(Sort)), "days": desk.asked("days", PERIODS)}
        chosen["state"] = desk.asked("state", [*desk.gap_states(), "all"])
        state = "" if chosen["state"] == "all" else chosen["state"] or GapState.OPEN
        wanted = Wanted(state, chosen["language"], Sort(chosen["sort"] or Sort.COUNT), int(chosen["days"] or PERIODS[0]))
        found = gap_lists.page(session, wanted, now=now, number=desk.page_number(), per_page=desk.PAGE)
        return render_template(
            "desk-gaps.html",
            page=found,
            rows=_rows(session, found.gaps, now, wanted.days),
            chosen=chosen,
            wanted=wanted,
            spoken=spoken,
            states=desk.gap_states(),
            sorts={name: words for name, words in sort_words().items() if name != Sort.COUNT},
            periods=PERIODS,
            tally=gap_lists.states(session, chosen["language"]),
            extent=gap_lists.extent(session),
            last_round=errands.last_done(session, gap_keeping.ERRAND),
            now=now,
        )


@blueprint.get("/staff/gaps/<int:number>")
@require(RoleName.WRITER)
def gap(number: int) -> ResponseReturnValue:
    """Show one gap: its figures, what customers wrote, what was shown to them, and what can be done."""
    now, language = datetime.now(UTC), choose_language()
    with database().reading() as session:
        found = _found(session, number)
        if found.id != number:
            return redirect(url_for("gaps.gap", number=found.id), 303)
        standing = gap_lists.standing(session, found.id, now=now) or abort(404)
        shown = gap_texts.shown_articles_of(session, found.id)
        named = [article for article, _ in shown] + ([found.article_id] if found.article_id else [])
        pages = -(-standing.count // TEXTS)
        at = min(desk.page_number(), pages)
        return render_template(
            "desk-gap.html",
            gap=found,
            row=_rows(session, [standing], now, gap_lists.DAYS)[0],
            texts=gap_texts.latest(session, found.id, TEXTS, offset=(max(at, 1) - 1) * TEXTS),
            paged={"number": max(at, 1), "pages": pages},
            titles=gap_drafts.propose(session, found).titles,
            shown=shown,
            named=translations(session, named, [language]),
            articles=casebook.articles(session, [language, found.language]),
            reasons=reason_words(),
            states=desk.gap_states(),
            since=gap_lists.since(session, found.id, found.decided_at) if found.decided_at else 0,
            links=Links(""),
            now=now,
        )


@blueprint.post("/staff/gaps/<int:number>/state")
@require(RoleName.WRITER)
def decide(number: int) -> ResponseReturnValue:
    """Say that no article is needed, or have a gap wait again."""
    who, now = current_user.email, datetime.now(UTC)
    with database().writing() as session:
        found = _found(session, number)
        match request.form.get("state"):
            case GapState.DISMISSED:
                gaps.dismiss(session, found, who, now)
                flash(gettext("Noted: no article is needed. It stays away, also when more such requests come."))
            case GapState.OPEN:
                gaps.reopen(session, found, who, now)
                flash(gettext("The gap is open again."))
            case _:
                abort(422)
    return redirect(url_for("gaps.page") if request.form.get("back") == "list" else url_for("gaps.gap", number=found.id), 303)


@blueprint.route("/staff/gaps/<int:number>/answer", methods=["GET", "POST"])
@require(RoleName.WRITER)
def answer(number: int) -> ResponseReturnValue:
    """Say which article answers; before that, show which texts become examples of it."""
    external_id = request.values.get("article", "").strip()[:LONGEST]
    with database().reading() as session:
        found = _found(session, number)
        article = article_number(session, external_id)
        if article is None:
            flash(gettext("Nothing was changed: there is no article with the id “%(id)s”.", id=external_id), desk.REFUSED)
            return redirect(url_for("gaps.gap", number=found.id), 303)
        if request.method == "GET":
            title = translations(session, [article], [choose_language(), found.language])[article].title
            return render_template("desk-gap-answer.html", gap=found, article=external_id, title=title, proposal=gap_drafts.propose(session, found))
    who, now = current_user.email, datetime.now(UTC)
    with database().writing() as session:
        found = _found(session, number)
        gaps.answer(session, found, article, who, now)
        count = gap_drafts.attach(session, tokens(), found, _chosen(), article, who=who, now=now)
    flash(ngettext("The gap is closed; %(num)d text is now an example.", "The gap is closed; %(num)d texts are now examples.", count))
    return redirect(url_for("gaps.gap", number=found.id), 303)


@blueprint.route("/staff/gaps/<int:number>/draft", methods=["GET", "POST"])
@require(RoleName.WRITER)
def write(number: int) -> ResponseReturnValue:
    """Begin an article about a gap, in the customers' own words."""
    title = clean_line(request.form.get("own") or request.form.get("title"))
    wrong = ""
    if request.method == "POST":
        who, now = current_user.email, datetime.now(UTC)
        try:
            with database().writing() as session:
                found = _found(session, number)
                draft = gap_drafts.begin_draft(session, found, title, clean_line(request.form.get("category")), who=who, now=now)
                count = gap_drafts.attach(session, tokens(), found, _chosen(), draft.article_id, who=who, now=now)
        except ArticleError:
            wrong = gettext("Choose a title, or write one of at most 300 characters.")
        else:
            begun = ngettext(
                "The draft “%(title)s” is begun; %(num)d text is attached to it.",
                "The draft “%(title)s” is begun; %(num)d texts are attached to it.",
                count,
                title=title,
            )
            flash(begun)
            return redirect(url_for("editor.edit", article=draft.article_id, lang=draft.language), 303)
    with database().reading() as session:
        found = _found(session, number)
        proposal = gap_drafts.propose(session, found)
        return render_template("desk-gap-draft.html", gap=found, proposal=proposal, wrong=wrong, own=title), 422 if wrong else 200


def sort_words() -> dict[str, str]:
    """Name by what gaps can be ordered."""
    return {Sort.COUNT: gettext("most requests"), Sort.GROWTH: gettext("growing most"), Sort.WAITING: gettext("waiting longest"), Sort.NEW: gettext("newest")}


def reason_words() -> dict[str, str]:
    """Name why a request belongs to a gap."""
    return {
        gaps.Reason.NOTHING: gettext("nothing was shown"),
        gaps.Reason.UNOPENED: gettext("shown, not opened"),
        gaps.Reason.DECLINED: gettext("not what was needed"),
        gaps.Reason.SAID: gettext("our staff: no article answers"),
        gaps.Reason.MAIL: gettext("in old mail; no article passes the gate"),
    }


def _rows(session: Session, found: list[ListedGap], now: datetime, days: int) -> list[Row]:
    totals = gap_growth.totals(session, now=now, days=days)
    texts = gap_texts.typical(session, [gap.id for gap in found], NAMED_BY)
    return [Row(gap, gap_texts.name(texts.get(gap.id, [])), gap_growth.is_sudden(gap.lately, gap.before, totals)) for gap in found]


def _chosen() -> list[int]:
    return [int(word) for word in request.form.getlist("request") if re.fullmatch(r"-?[0-9]{1,9}", word)]


def _found(session: Session, number: int) -> Gap:
    return gaps.find(session, number) or abort(404)
