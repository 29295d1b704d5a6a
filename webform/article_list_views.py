"""The list of articles: found, sorted, and changed many at a time after a look at what that would change."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_security import current_user
from sqlalchemy.orm import Session

from deflection.article_weeks import USUAL_WEEKS
from kb import bulk, catalogue
from kb.bulk import MOST_AT_ONCE, Act, Change
from kb.drafts import MAX_CATEGORY, ArticleError
from kb.web import database
from webform import article_lists, desk, staff
from webform.links import Links
from webform.sign_in import require
from webform.staff import RoleName


@require(RoleName.WRITER)
def articles() -> ResponseReturnValue:
    """List articles in every language and state."""
    asked, now = article_lists.asked(request.args), datetime.now(UTC)
    with database().reading() as session:
        return render_template(
            "desk-articles.html",
            page=asked.page(session, now, number=desk.page_number(), per_page=desk.PAGE),
            asked=asked,
            chosen=asked.values,
            spoken=catalogue.languages(session),
            categories=catalogue.categories(session),
            people=owners(session),
            sorts=sort_words(),
            now=now,
            low=round(100 * catalogue.LOW_SHARE),
            counted_weeks=USUAL_WEEKS,
            links=Links(""),
        )


@require(RoleName.WRITER)
def change_articles() -> ResponseReturnValue:
    """Show what a change of many articles would come to, and make it once that is confirmed."""
    asked, now = article_lists.asked(request.form), datetime.now(UTC)
    with database().reading() as session:
        change, wrong = _change(session)
        found = asked.numbers(session, now, most=MOST_AT_ONCE + 1) if request.form.get("scope") == "found" else _numbers()
        translations = bulk.chosen(session, found[:MOST_AT_ONCE])
    back = redirect(f"{url_for('staff.articles')}?{urlencode(asked.address)}", 303)
    if not translations:
        wrong = wrong or gettext("Nothing was changed: no article was chosen.")
    elif len(found) > MOST_AT_ONCE:
        wrong = wrong or gettext("Nothing was changed: that is more than %(most)s at once. Narrow the list first.", most=MOST_AT_ONCE)
    if wrong or change is None:
        flash(wrong, desk.REFUSED)
        return back
    differing = bulk.would_change(translations, change)
    if "confirmed" not in request.form or not differing:
        told = {"change": change, "form": request.form, "words": act_words(change, len(differing)), "unchanged": len(translations) - len(differing)}
        return render_template("desk-articles-change.html", translations=differing, asked=asked, **told)
    try:
        with database().writing() as session:
            count = bulk.carry_out(session, [each.id for each in translations], change, actor=current_user.email, now=now)
    except ArticleError as error:
        flash(gettext("Nothing was changed: %(why)s.", why=str(error)), desk.REFUSED)
        return back
    flash(ngettext("%(num)d translation was changed.", "%(num)d translations were changed.", count))
    return back


def owners(session: Session) -> list[str]:
    """List who can answer for an article: everybody who may sign in."""
    return [user.email for user in staff.members(session) if user.active and user.role]


def sort_words() -> dict[str, str]:
    """Name the orders of the list; the usual one has no name in the address."""
    return {
        "": gettext("Last changed first"),
        "title": gettext("By title"),
        "review": gettext("Review due first"),
        "shown": gettext("Shown most often first"),
        "solved": gettext("Least often solved first"),
    }


def act_words(change: Change, count: int) -> tuple[str, str]:
    """Ask whether a change is meant, and name the button that makes it."""
    match change.act:
        case Act.PUBLISH:
            return ngettext("Publish %(num)d translation?", "Publish %(num)d translations?", count), gettext("Publish")
        case Act.ARCHIVE:
            return ngettext("Archive %(num)d translation?", "Archive %(num)d translations?", count), gettext("Archive")
        case Act.CATEGORY:
            name = change.value or gettext("no category")
            asking = ngettext("Put %(num)d translation under “%(name)s”?", "Put %(num)d translations under “%(name)s”?", count, name=name)
            return asking, gettext("Set category")
        case Act.OWNER:
            who = change.value or gettext("nobody")
            return ngettext("Make %(who)s the owner of %(num)d text?", "Make %(who)s the owner of %(num)d texts?", count, who=who), gettext("Set owner")
        case Act.REVIEW:
            when = desk.short_day(change.review_at) if change.review_at else gettext("no date")
            return ngettext("Set the review of %(num)d text: %(when)s?", "Set the review of %(num)d texts: %(when)s?", count, when=when), gettext(
                "Set review date"
            )


def _change(session: Session) -> tuple[Change | None, str]:
    """Read what is to be done, or say what is wrong with it."""
    form = request.form
    if form.get("act") not in list(Act):
        return None, gettext("Nothing was changed: choose what to do.")
    act = Act(form["act"])
    if act is Act.CATEGORY:
        name = " ".join(form.get("set_category", "").split())
        return Change(act, name[:MAX_CATEGORY]), ""
    if act is Act.OWNER:
        owner = form.get("set_owner", "")
        known = not owner or owner in owners(session)
        return (Change(act, owner), "") if known else (None, gettext("Nothing was changed: this person cannot sign in."))
    if act is Act.REVIEW:
        text = form.get("set_review", "")
        when = article_lists.day(text)
        return (Change(act, review_at=when), "") if when or not text else (None, gettext("Nothing was changed: this is no date."))
    return Change(act), ""


def _numbers() -> list[int]:
    return [int(word) for word in request.form.getlist("number") if word.isascii() and word.isdigit() and len(word) < 10]
