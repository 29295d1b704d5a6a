"""The history of a text: every revision to be read, two to be compared word by word, any to be brought back."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import trace, writing
from kb.article_links import resolve
from kb.articles import Translation
from kb.drafts import ArticleError
from kb.history import Entry, changed_parts, entries, entry
from kb.markdown import render
from kb.unpublished import wording_of
from kb.web import database
from webform import desk
from webform.links import Links
from webform.sign_in import require
from webform.staff import RoleName
from webform.upkeep_views import LARGEST, find

blueprint = Blueprint("history", __name__, url_prefix="/staff/articles/<int:article>/<lang>/revisions")


@blueprint.get("")
@require(RoleName.WRITER)
def revisions(article: int, lang: str) -> ResponseReturnValue:
    """List the revisions of a text, the newest first, with when customers could read which."""
    with database().reading() as session:
        found = find(session, article, lang)
        return render_template("desk-revisions.html", translation=found, entries=entries(session, found), links=Links(""))


@blueprint.get("/<int:number>")
@require(RoleName.WRITER)
def revision(article: int, lang: str, number: int) -> ResponseReturnValue:
    """Show one revision as it reads, and as it was written."""
    with database().reading() as session:
        found = find(session, article, lang)
        told = _entry(session, found, number)
        wording = wording_of(told.revision, found.wording)
        return render_template(
            "desk-revision.html", translation=found, entry=told, wording=wording, html=resolve(session, render(wording.body), found.language), links=Links("")
        )


@blueprint.get("/compare")
@require(RoleName.WRITER)
def compare(article: int, lang: str) -> ResponseReturnValue:
    """Compare two revisions, the older one first whichever was asked for first."""
    asked = [request.args.get(name, "") for name in ("old", "new")]
    if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in asked):
        flash(gettext("Choose two revisions to compare."))
        return redirect(url_for("history.revisions", article=article, lang=lang), 303)
    with database().reading() as session:
        found = find(session, article, lang)
        older, newer = (_entry(session, found, number) for number in sorted(map(int, asked)))
        parts = changed_parts(wording_of(older.revision, found.wording), wording_of(newer.revision, found.wording))
        return render_template("desk-compare.html", translation=found, older=older, newer=newer, parts=parts, names=part_words(), links=Links(""))


@blueprint.post("/<int:number>/restore")
@require(RoleName.WRITER)
def restore(article: int, lang: str, number: int) -> ResponseReturnValue:
    """Make an old revision the newest again, without showing it to customers of a published text."""
    who, now = current_user.email, datetime.now(UTC)
    try:
        with database().writing() as session:
            found = writing.find(session, find(session, article, lang).article_id, lang, lock=True) or abort(404)
            told = _entry(session, found, number)
            when = f"{told.revision.created_at:%Y-%m-%d %H:%M}"
            note = gettext("Restored from the revision of %(when)s UTC", when=when)
            current = writing.current(session, found)
            wanted = wording_of(told.revision, current)
            saved = writing.save(session, found, wanted, version=found.version, base=current, author=who, note=note, amend=False, now=now)
            if saved.changed:
                subject = f"article:{found.article.external_id}/{found.language}"
                trace.record(session, actor=who, action="restored", subject=subject, after={"revision": number}, now=now)
            public = found.status == "published"
    except ArticleError as error:
        flash(gettext("Nothing was restored: %(why)s.", why=str(error)), desk.REFUSED)
        return redirect(url_for("history.revisions", article=article, lang=lang), 303)
    if not saved.changed:
        flash(gettext("Nothing was restored: the newest revision says the same."), desk.REFUSED)
    elif public:
        flash(gettext("Restored as the newest revision. Customers read it when it is published."))
    else:
        flash(gettext("Restored as the newest revision."))
    return redirect(url_for("history.revisions", article=article, lang=lang), 303)


def part_words() -> dict[str, str]:
    """Name the parts of a text."""
    return {"title": gettext("Title"), "summary": gettext("Summary"), "category": gettext("Category"), "slug": gettext("Address"), "body": gettext("Text")}


def _entry(session: Session, found: Translation, number: int) -> Entry:
    return (entry(session, found, number) if number < LARGEST else None) or abort(404)
