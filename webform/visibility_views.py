"""Who may read an article: staff choose it, give and take back its link, and read what customers cannot."""

from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import article_views
from kb.articles import Article, Translation, Visibility
from kb.trace import record
from kb.visibility import STAFF, published_translations, renew_link, set_visibility
from kb.web import database
from webform.links import Links
from webform.sign_in import require
from webform.staff import RoleName

blueprint = Blueprint("visibility", __name__)


@blueprint.get("/staff/articles/<int:article>/visibility")
@require(RoleName.WRITER)
def page(article: int) -> ResponseReturnValue:
    """Show who may read an article, and its links."""
    with database().reading() as session:
        found = _find(session, article)
        readable = published_translations(session, article, STAFF)
        told = {"named": readable or found.translations, "links": links(found, readable), "places": Links("")}
        return render_template("desk-visibility.html", article=found, kinds=kinds(), **told)


@blueprint.post("/staff/articles/<int:article>/visibility")
@require(RoleName.WRITER)
def change(article: int) -> ResponseReturnValue:
    """Choose who may read an article, or give its link a new key."""
    renew, chosen = "renew" in request.form, request.form.get("visibility", "")
    with database().writing() as session:
        found = _find(session, article)
        if renew and found.visibility == Visibility.LINK:
            renew_link(session, found)
            record(session, actor=current_user.email, action="link renewed", subject=f"article:{found.external_id}", now=datetime.now(UTC))
            flash(gettext("The article has a new link. The old one leads nowhere now."))
        elif not renew and chosen in list(Visibility):
            before = found.visibility
            if set_visibility(session, found, Visibility(chosen)):
                record(
                    session, actor=current_user.email, action="visibility changed", subject=f"article:{found.external_id}",
                    before={"visibility": before}, after={"visibility": chosen}, now=datetime.now(UTC),
                )  # fmt: skip
                flash(gettext("From now on: %(who)s.", who=kinds()[Visibility(chosen)][0]))
        else:
            abort(422)
    return redirect(url_for("visibility.page", article=article), 303)


@blueprint.get("/staff/help/<lang>/<slug>")
@require(RoleName.WRITER)
def read(lang: str, slug: str) -> ResponseReturnValue:
    """Show a published article to staff, whoever else may read it."""
    reading = article_views.read(lang, slug, STAFF)
    return article_views.page(reading, endpoint="visibility.read")


def kinds() -> dict[Visibility, tuple[str, str]]:
    """Name who may read an article, and say what follows from it."""
    return {
        Visibility.PUBLIC: (gettext("Everybody"), gettext("In the help centre, its search, suggestions, feeds and search engines.")),
        Visibility.LINK: (gettext("Who has the link"), gettext("Listed and suggested nowhere. The link carries a key that can be taken back.")),
        Visibility.STAFF: (gettext("Staff only"), gettext("Nobody but people who sign in here; never suggested to customers.")),
    }


def links(article: Article, readable: list[Translation]) -> dict[str, str]:
    """Give the address under which an article is read, for each language that is published."""
    found = {}
    for each in readable:
        endpoint = "visibility.read" if article.visibility == Visibility.STAFF else "help.article"
        path = url_for(endpoint, lang=each.language, slug=each.slug, key=article.link_key if article.visibility == Visibility.LINK else None)
        found[each.language] = current_app.config["BASE_URL"] + path
    return found


def _find(session: Session, number: int) -> Article:
    article = session.get(Article, number)
    if article is None:
        abort(404)
    _ = article.translations  # Read while the session is open.
    return article
