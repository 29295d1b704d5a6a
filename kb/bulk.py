"""Bulk: one change of many articles at once: all of it or nothing, in one transaction and one generation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kb import trace, upkeep, writing
from kb.articles import Article, Status, Translation, store
from kb.drafts import Draft
from kb.generations import one_generation, raise_generation

MOST_AT_ONCE = 500


class Act(StrEnum):
    """What can be done to many articles."""

    PUBLISH = "publish"
    ARCHIVE = "archive"
    CATEGORY = "category"
    OWNER = "owner"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done; ``value`` is a category or the address of an owner, ``review_at`` a date."""

    act: Act
    value: str = ""
    review_at: datetime | None = None


def chosen(session: Session, numbers: Sequence[int], *, lock: bool = False) -> list[Translation]:
    """Find some translations by their numbers, with their articles; what is gone meanwhile is left out."""
    wanted = select(Translation).where(Translation.id.in_(list(dict.fromkeys(numbers))[:MOST_AT_ONCE])).order_by(Translation.id)
    if lock:
        wanted = wanted.with_for_update(of=Translation).execution_options(populate_existing=True)
    return list(session.scalars(wanted.options(joinedload(Translation.article))))


def would_change(translations: Sequence[Translation], change: Change) -> list[Translation]:
    """Tell which of some translations a change makes different; owner and review date belong to the whole article."""
    return [each for each in translations if _differs(each, change)]


def carry_out(session: Session, numbers: Sequence[int], change: Change, *, actor: str, now: datetime) -> int:
    """Make a change of many translations.

    :return: how many are different now.
    :raises kb.drafts.ArticleError: if one of them cannot be kept so; then nothing is changed.
    """
    found = would_change(chosen(session, numbers, lock=True), change)
    with one_generation(session):
        for translation in found:
            _do(session, translation, change, actor, now)
    session.flush()
    return len(found)


def _differs(each: Translation, change: Change) -> bool:
    match change.act:
        case Act.PUBLISH:
            return each.status != Status.PUBLISHED or bool(each.pending)
        case Act.ARCHIVE:
            return each.status != Status.ARCHIVED
        case Act.CATEGORY:
            return each.category != change.value
        case Act.OWNER:
            return each.article.owner != change.value
        case Act.REVIEW:
            return each.article.review_at != change.review_at


def _do(session: Session, translation: Translation, change: Change, actor: str, now: datetime) -> None:
    match change.act:
        case Act.PUBLISH:
            writing.publish(session, translation, author=actor, now=now)
        case Act.ARCHIVE:
            writing.archive(session, translation, author=actor, now=now)
        case Act.CATEGORY:
            _file(session, translation, change.value, actor, now)
        case Act.OWNER | Act.REVIEW:
            article: Article = translation.article
            owner, review_at = (change.value, article.review_at) if change.act is Act.OWNER else (article.owner, change.review_at)
            upkeep.keep(session, article, owner=owner, review_at=review_at, actor=actor, now=now)


def _file(session: Session, translation: Translation, category: str, actor: str, now: datetime) -> None:
    """Put a text under another category for customers too; unpublished changes of writers stay ahead of it."""
    told, before = translation.wording, translation.category
    draft = Draft(translation.article.external_id, translation.language, told.title, told.body, told.summary, category, told.slug, Status(translation.status))
    if store(session, draft, author=actor, now=now).public:
        raise_generation(session)
    subject = f"article:{translation.article.external_id}/{translation.language}"
    trace.record(session, actor=actor, action="changed", subject=subject, before={"category": before}, after={"category": category}, now=now)
