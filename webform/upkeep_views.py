"""The upkeep of one article: who answers for it, when it is to be looked at again, when it appears and goes by itself."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import upkeep, writing
from kb.articles import Translation
from kb.upkeep import Impossible
from kb.web import database
from webform import article_list_views, article_lists
from webform.links import Links
from webform.sign_in import require
from webform.staff import RoleName

blueprint = Blueprint("upkeep", __name__)

LARGEST = 2**31


@blueprint.get("/staff/articles/<int:article>/<lang>/properties")
@require(RoleName.WRITER)
def page(article: int, lang: str) -> ResponseReturnValue:
    """Show what is kept about an article beside its text."""
    with database().reading() as session:
        found = find(session, article, lang)
        typed = {
            "owner": found.article.owner,
            "review": f"{found.article.review_at:%Y-%m-%d}" if found.article.review_at else "",
            "publish": _written(found.publish_at),
            "withdraw": _written(found.withdraw_at),
        }
        return _page(session, found, typed)


@blueprint.post("/staff/articles/<int:article>/<lang>/properties")
@require(RoleName.WRITER)
def change(article: int, lang: str) -> ResponseReturnValue:
    """Keep what was typed, all of it or nothing."""
    now, who = datetime.now(UTC), current_user.email
    typed = {name: request.form.get(name, "").strip()[:40] for name in ("review", "publish", "withdraw")} | {"owner": request.form.get("owner", "")[:255]}
    review, times = article_lists.day(typed["review"]), [_read(typed[name]) for name in ("publish", "withdraw")]
    with database().writing() as session:
        found = find(session, article, lang)
        wrong = _wrong(session, found, typed, review, times, now)
        try:
            if not wrong:
                changed = upkeep.plan(session, found, publish_at=times[0], withdraw_at=times[1], actor=who, now=now)
                changed |= upkeep.keep(session, found.article, owner=typed["owner"], review_at=review, actor=who, now=now)
        except Impossible:
            wrong = {"withdraw": gettext("The text would go before it appears. Choose a later moment")}
    if wrong:
        with database().reading() as session:
            return _page(session, find(session, article, lang), typed, wrong), 422
    flash(gettext("Saved.") if changed else gettext("Nothing was changed."))
    return redirect(url_for("upkeep.page", article=article, lang=lang), 303)


def find(session: Session, article: int, lang: str) -> Translation:
    """Find the translation that an address names, or say that there is none."""
    return (writing.find(session, article, lang[:16]) if article < LARGEST else None) or abort(404)


def _wrong(session: Session, found: Translation, typed: dict[str, str], review: datetime | None, times: list[datetime | None], now: datetime) -> dict[str, str]:
    """Say by field what cannot be kept."""
    wrong = {}
    if typed["owner"] and typed["owner"] != found.article.owner and typed["owner"] not in article_list_views.owners(session):
        wrong["owner"] = gettext("This person cannot sign in. Choose somebody else")
    if typed["review"] and review is None:
        wrong["review"] = gettext("This is no date. Write it as 2026-12-31")
    for name, moment, kept in zip(("publish", "withdraw"), times, (found.publish_at, found.withdraw_at), strict=True):
        if typed[name] and moment is None:
            wrong[name] = gettext("This is no moment. Write it as 2026-12-31T09:00")
        elif moment is not None and moment <= now and moment != kept:
            wrong[name] = gettext("This moment has passed. Choose one that is still to come")
    return wrong


def _page(session: Session, found: Translation, typed: dict[str, str], wrong: dict[str, str] | None = None) -> str:
    people = article_list_views.owners(session)
    gone = [found.article.owner] if found.article.owner and found.article.owner not in people else []
    others = [each.language for each in found.article.translations if each.language != found.language]
    now = datetime.now(UTC)
    told = {"translation": found, "typed": typed, "wrong": wrong or {}, "people": [*gone, *people], "others": others, "now": now, "links": Links("")}
    return render_template("desk-upkeep.html", **told)


def _written(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M}" if moment else ""


def _read(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return moment.astimezone(UTC) if 1970 < moment.year < 9000 else None
