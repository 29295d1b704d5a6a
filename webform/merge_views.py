"""Putting two people's texts together, where they have changed the same lines."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from kb import writing
from kb.drafts import is_language
from kb.merging import LINES, Merge, merge
from kb.revisions import Wording, latest_revision
from kb.set_aside import find_aside, take_back
from kb.web import database
from webform.sign_in import require
from webform.staff import RoleName

LARGEST = 2**31
blueprint = Blueprint("merging", __name__)


@blueprint.get("/staff/articles/<int:article>/<lang>/merge")
@require(RoleName.WRITER)
def page(article: int, lang: str) -> ResponseReturnValue:
    """Show what the reader wrote beside what somebody else saved meanwhile."""
    return _page(article, lang)


@blueprint.post("/staff/articles/<int:article>/<lang>/merge")
@require(RoleName.WRITER)
def choose(article: int, lang: str) -> ResponseReturnValue:
    """Keep the text that was put together, unless somebody has saved again since."""
    back = redirect(url_for("editor.edit", article=article, lang=lang), 303)
    if article >= LARGEST:
        abort(404)
    with database().writing() as session:
        translation = writing.find(session, article, lang, lock=True) or abort(404)
        aside = find_aside(session, translation.id, current_user.email)
        if aside is None:
            return back
        if "discard" in request.form:
            take_back(session, translation.id, current_user.email)
            flash(gettext("Your text was given up; what was saved meanwhile stands here."))
            return back
        theirs = writing.current(session, translation)
        if request.form.get("version") != str(translation.version):
            flash(gettext("Somebody has saved again since. Look once more."))
            return redirect(url_for("merging.page", article=article, lang=lang), 303)
        chosen = _chosen(merge(aside.began_with, theirs, aside.wording))
        writing.save(session, translation, chosen, version=translation.version, base=theirs, author=current_user.email, amend=False, now=datetime.now(UTC))
        take_back(session, translation.id, current_user.email)
    flash(gettext("Both texts are put together and saved. Look at the result before you publish."))
    return back


def _chosen(found: Merge) -> Wording:
    number = sum(block.is_open for block in found.blocks)
    choices = [request.form.get(f"block-{position}", "both") for position in range(1, number + 1)]
    return found.wording(choices, {name: request.form.get(name, "mine") for name in LINES})


def _page(article: int, lang: str) -> ResponseReturnValue:
    if not is_language(lang) or article >= LARGEST:
        abort(404)
    with database().reading() as session:
        translation = writing.find(session, article, lang) or abort(404)
        aside = find_aside(session, translation.id, current_user.email)
        if aside is None:
            return redirect(url_for("editor.edit", article=article, lang=lang), 303)
        last = latest_revision(session, translation.id)
        found = merge(aside.began_with, writing.current(session, translation), aside.wording)
        return render_template(
            "desk-merge.html", found=found, article=article, lang=lang, version=translation.version, title=translation.title, who=last.author if last else ""
        )
