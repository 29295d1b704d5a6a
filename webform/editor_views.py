"""The editor: writers write, see what customers will see, and publish it."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import presence, writing
from kb.articles import Article, Translation
from kb.drafts import Status, is_language
from kb.set_aside import find_aside, set_aside, take_back
from kb.web import database
from kb.writing import Collision, Saved
from webform import editor_forms, editor_page, title_views
from webform.editor_forms import EditorForm
from webform.i18n import choose_language
from webform.sign_in import require
from webform.staff import RoleName

LARGEST = 2**31
PATIENCE = 1.0
MOVES: dict[str, Callable[..., None]] = {"review": writing.send_to_review, "draft": writing.back_to_draft, "archive": writing.archive}

blueprint = Blueprint("editor", __name__)
blueprint.add_url_rule("/staff/articles/titles", "titles", title_views.titles)


@blueprint.route("/staff/articles/new", methods=["GET", "POST"])
@require(RoleName.WRITER)
def new() -> ResponseReturnValue:
    """Begin an article."""
    language = editor_page.wanted_language(request.values.get("language", ""), choose_language())
    if request.method == "GET":
        return _page(editor_forms.opened(writing.NOTHING, 0), None, language)
    return _write(None, language)


@blueprint.route("/staff/articles/<int:article>/<lang>", methods=["GET", "POST"])
@require(RoleName.WRITER)
def edit(article: int, lang: str) -> ResponseReturnValue:
    """Show an article in one language to its writer, and keep what the writer makes of it."""
    if not is_language(lang) or article >= LARGEST:
        abort(404)
    if request.method == "POST":
        return _write(article, lang)
    with database().reading() as session:
        found = _article(session, article)
        translation = writing.find(session, article, lang)
        form = editor_forms.opened(writing.current(session, translation), translation.version) if translation else editor_forms.opened(writing.NOTHING, 0)
    return _page(form, found, lang)


@blueprint.post("/staff/preview")
@require(RoleName.WRITER)
def preview() -> ResponseReturnValue:
    """Render a text as customers would see it; nothing of it is kept."""
    language = editor_page.wanted_language(request.form.get("language", ""), choose_language())
    with database().reading() as session:
        shown = editor_page.preview(session, editor_forms.posted(request.form).wording, language)
    return render_template("_editor-preview.html", preview=shown)


def _write(number: int | None, language: str) -> ResponseReturnValue:
    form, act, now = editor_forms.posted(request.form), request.form.get("act", "save"), datetime.now(UTC)
    if act == "stay":
        return _stay(number, language, now)
    if act == "preview":
        with database().reading() as session:
            article = _article(session, number) if number else None
        return _page(form, article, language)
    try:
        with database().writing() as session:
            article = _article(session, number) if number else None
            translation = writing.find(session, number, language, lock=True) if number else None
            if not form.check(session, translation, language):
                return _refused(form, article, language)
            translation, saved = _keep(session, article, translation, language, form, now)
            words = _act(session, translation, saved, act, form.note, now)
            writing.remark(session, translation, form.note, author=current_user.email, now=now)
            number, version = translation.article_id, translation.version
    except Collision as collision:
        return _collided(number or 0, language, form, collision, now)
    if _is_script():
        return _told(number, language, saved, version, now)
    flash(words)
    return redirect(url_for("editor.edit", article=number, lang=language), 303)


def _keep(
    session: Session, article: Article | None, translation: Translation | None, language: str, form: EditorForm, now: datetime
) -> tuple[Translation, Saved]:
    """Keep the text, as a new translation if there is none yet."""
    writer = current_user.email
    if translation is None:
        translation = writing.begin(session, article, language, form.wording, author=writer, note=form.note, now=now)
        saved = Saved(writing.current(session, translation), changed=True)
    else:
        saved = writing.save(session, translation, form.wording, version=form.version, base=form.base, author=writer, note=form.note, now=now)
        aside = find_aside(session, translation.id, writer)
        if aside is not None and aside.began_with == form.base:
            take_back(session, translation.id, writer)  # What was set aside has grown into what is saved now.
    presence.stay(session, translation.id, writer, now=now)
    return translation, saved


def _act(session: Session, translation: Translation, saved: Saved, act: str, note: str, now: datetime) -> str:
    """Do what was asked beside saving, and say what was done."""
    writer = current_user.email
    if saved.merged_with and act == "publish":
        words = gettext("%(who)s had saved meanwhile; both texts are put together below. Look at it, then publish.", who=saved.merged_with)
    elif act == "publish":
        writing.publish(session, translation, author=writer, note=note, now=now)
        words = gettext("Published. Search and suggestions have it within two seconds.")
    elif act == "discard":
        writing.discard(session, translation, author=writer, now=now)
        words = gettext("The changes are given up. They can still be read in the history.")
    elif act in MOVES:
        MOVES[act](session, translation, author=writer, now=now)
        done = {
            "review": gettext("Sent to review. Customers do not see it before it is published."),
            "draft": gettext("It is a draft again."),
            "archive": gettext("Taken out of customers’ sight, and kept."),
        }
        words = done[act]
    elif saved.merged_with:
        words = gettext("Saved, and put together with what %(who)s had saved meanwhile.", who=saved.merged_with)
    elif translation.status != Status.PUBLISHED or translation.pending:
        words = gettext("Saved. Customers do not see it before it is published.")
    else:
        words = gettext("Saved.")
    return str(words)


def _stay(number: int | None, language: str, now: datetime) -> ResponseReturnValue:
    """Note that somebody still has the text open, and tell how it stands."""
    with database().counting(patience=PATIENCE) as session:
        translation = writing.find(session, number or 0, language)
        if translation is None:
            return "", 204
        presence.stay(session, translation.id, current_user.email, now=now)
        shown = editor_page.standing(session, translation, current_user.email, now)
        return jsonify(state=render_template("_editor-state.html", standing=shown, lang=language, article=translation.article_id))


def _told(number: int, language: str, saved: Saved, version: int, now: datetime) -> ResponseReturnValue:
    """Tell the page's script what is kept now."""
    with database().reading() as session:
        shown = editor_page.standing(session, writing.find(session, number, language) or abort(404), current_user.email, now)
    said = saved.wording
    return jsonify(
        version=version,
        wording={name: getattr(said, name) for name in editor_forms.NAMES},
        merged_with=saved.merged_with,
        address=url_for("editor.edit", article=number, lang=language),
        state=render_template("_editor-state.html", standing=shown, lang=language, article=number),
    )


def _refused(form: EditorForm, article: Article | None, language: str) -> ResponseReturnValue:
    return (jsonify(errors=form.errors), 422) if _is_script() else _page(form, article, language, status=422)


def _collided(number: int, language: str, form: EditorForm, collision: Collision, now: datetime) -> ResponseReturnValue:
    """Keep what collided, so that it survives the page, and lead to where both can be put together."""
    with database().writing() as session:
        translation = writing.find(session, number, language) or abort(404)
        set_aside(session, translation.id, current_user.email, form.wording, form.base, now=now)
    place = url_for("merging.page", article=number, lang=language)
    if not _is_script():
        return redirect(place, 303)
    words = gettext("%(who)s has changed the same lines meanwhile. Your text is kept, and not mixed with theirs yet.", who=collision.author)
    return jsonify(collision=words, address=place), 409


def _page(form: EditorForm, article: Article | None, language: str, *, status: int = 200) -> ResponseReturnValue:
    now = datetime.now(UTC)
    with database().reading() as session:
        translation = writing.find(session, article.id, language) if article is not None else None
        shown = {
            "form": form,
            "around": editor_page.surroundings(session, article, language),
            "preview": editor_page.preview(session, form.wording, language),
            "standing": editor_page.standing(session, translation, current_user.email, now) if translation is not None else None,
        }
    return make_response(render_template("desk-editor.html", lang=language, article=article.id if article else 0, **shown), status)


def _article(session: Session, number: int) -> Article:
    return session.get(Article, number) or abort(404)


def _is_script() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
