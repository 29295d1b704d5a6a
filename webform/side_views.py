"""Two languages of an article side by side: the source, and its translation to be written beside it."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import writing
from kb.articles import Article, Translation
from kb.drafts import ArticleError, is_language
from kb.lags import call_minor, confirm
from kb.origins import Reason
from kb.parts import join_parts
from kb.revisions import Revision, Wording
from kb.web import database
from webform import desk, side_page
from webform.lines import storable
from webform.side_page import Typed, build, choose
from webform.sign_in import require
from webform.staff import RoleName

blueprint = Blueprint("sides", __name__)


@blueprint.get("/staff/articles/<int:article>/translations")
@require(RoleName.WRITER)
def page(article: int) -> ResponseReturnValue:
    """Show a text and its translation side by side."""
    wanted = [request.args.get(name, "") for name in ("from", "to")]
    with database().reading() as session:
        source, language = choose(session, _find(session, article), *wanted)
        if source is None or not is_language(language) or source.language == language:
            abort(404)
        return _show(session, source, language)


@blueprint.post("/staff/articles/<int:article>/translations")
@require(RoleName.WRITER)
def save(article: int) -> ResponseReturnValue:
    """Keep what a writer has translated, and what it was made from; customers go on reading what they did."""
    typed, now = _typed(), datetime.now(UTC)
    with database().reading() as session:
        begun = _translation(session, article) is not None
    try:
        with database().writing() as session:
            source = _source(session, article)
            translation = _translation(session, article, lock=True)
            if translation is None:
                translation = writing.begin(session, source.article, _language(), typed.wording, author=current_user.email, now=now)
            else:
                _keep(session, translation, typed, now)
            if "done" in request.form or not begun:
                confirm(session, translation, source, _revision(session, source), reason=Reason.MADE, author=current_user.email, now=now)
    except (writing.Collision, ArticleError) as error:
        return _again(article, typed, error)
    flash(gettext("Saved. Customers read it once it is published."))
    return redirect(_here(article), 303)


@blueprint.post("/staff/articles/<int:article>/translations/standing")
@require(RoleName.WRITER)
def settle(article: int) -> ResponseReturnValue:
    """Say that a translation is still right, that a change of the source was minor, or that customers shall read it now."""
    act, now, author = request.form.get("act"), datetime.now(UTC), current_user.email
    with database().writing() as session:
        source, translation = _source(session, article), _translation(session, article, lock=True)
        if translation is None or act not in ("right", "minor", "publish"):
            abort(422)
        if act == "publish":
            writing.publish(session, translation, author=author, now=now)
            flash(gettext("Published. Customers read it from now on."))
        elif act == "right":
            confirm(session, translation, source, _revision(session, source), reason=Reason.STILL_RIGHT, author=author, now=now)
            flash(gettext("The translation counts as up to date again."))
        else:
            call_minor(session, source, _revision(session, source), author=author, now=now)
            flash(gettext("The change counts as minor: no translation is out of date because of it."))
    return redirect(_here(article), 303)


def _keep(session: Session, translation: Translation, typed: Typed, now: datetime) -> None:
    there = writing.current(session, translation)
    # Category and address are not on this page: they stay as whoever changed them last has them.
    mine, base = (Wording(each.title, each.body, each.summary, there.category, there.slug) for each in (typed.wording, typed.base))
    if mine.body == there.body.replace("\r\n", "\n"):
        mine = Wording(mine.title, there.body, mine.summary, there.category, there.slug)
    writing.save(session, translation, mine, version=typed.version, base=base, author=current_user.email, now=now)


def _again(article: int, typed: Typed, error: writing.Collision | ArticleError) -> ResponseReturnValue:
    """Show what could not be saved once more, and why."""
    with database().reading() as session:
        source = _source(session, article)
        if isinstance(error, writing.Collision):
            return _show(session, source, _language(), side_page.taken_over(typed, error.theirs, error.author, error.version), 409)
        return _show(session, source, _language(), Typed(typed.wording, typed.base, typed.version, fault=_reason(typed, error)), 422)


def _reason(typed: Typed, error: ArticleError) -> str:
    if not typed.wording.title.strip():
        return str(gettext("The translation has no title yet. Write one."))
    return str(gettext("This cannot be kept: %(reason)s.", reason=error))


def _show(session: Session, source: Translation, language: str, typed: Typed | None = None, status: int = 200) -> ResponseReturnValue:
    found = build(session, source, language, typed)
    return make_response(render_template("desk-sides.html", page=found, whole=bool(desk.asked("whole"))), status)


def _typed() -> Typed:
    """Read the fields; the text comes whole or passage by passage."""
    form = request.form
    was, parts = form.getlist("was"), form.getlist("part")
    version = form.get("version", "")
    if len(was) != len(parts) or not (version.isascii() and version.isdigit() and len(version) < 9):
        abort(422)
    body = _text("body") if "body" in form else storable(join_parts(was, parts))
    wording = Wording(" ".join(_text("title").split()), body, _text("summary").strip())
    return Typed(wording, Wording(_text("base_title"), _text("base_body"), _text("base_summary")), int(version))


def _text(name: str) -> str:
    return storable(request.form.get(name, "").replace("\r\n", "\n").replace("\r", "\n"))


def _find(session: Session, number: int) -> Article:
    article = session.get(Article, number)
    if article is None or not article.translations:
        abort(404)
    return article


def _source(session: Session, article: int) -> Translation:
    language = request.form.get("from", "")
    found = next((each for each in _find(session, article).translations if each.language == language), None)
    if found is None or language == _language():
        abort(422)
    return found


def _translation(session: Session, article: int, *, lock: bool = False) -> Translation | None:
    return writing.find(session, article, _language(), lock=lock)


def _language() -> str:
    language = request.form.get("to", "")
    if not is_language(language):
        abort(422)
    return language


def _revision(session: Session, source: Translation) -> int:
    """Read which text of the source was on the page: a newer one has not been looked at."""
    digits = request.form.get("source_revision", "")
    found = session.get(Revision, int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 18 else None
    if found is None or found.translation_id != source.id:
        abort(422)
    return found.id


def _here(article: int) -> str:
    parts: dict[str, Any] = {"from": request.form.get("from"), "to": request.form.get("to"), "whole": "1" if "body" in request.form else None}
    return url_for("sides.page", article=article, **parts)
