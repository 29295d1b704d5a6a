"""Upkeep: who answers for an article, when it is to be looked at again, and when a text appears or goes by itself."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from kb import trace, writing
from kb.articles import Article, ArticleError, Status, Translation

WORKER = "worker"


class Impossible(ValueError):
    """These times cannot be kept: the text would go before it appears."""


def keep(session: Session, article: Article, *, owner: str, review_at: datetime | None, actor: str, now: datetime) -> bool:
    """Say who answers for an article and when it is to be looked at again.

    :param owner: e-mail address of a member of staff, or nothing.
    :return: whether anything is different now.
    """
    before = {"owner": article.owner, "review_at": article.review_at}
    article.owner, article.review_at = owner, review_at
    after = {"owner": article.owner, "review_at": article.review_at}
    return _note(session, f"article:{article.external_id}", "changed", actor, before, after, now)


def plan(session: Session, translation: Translation, *, publish_at: datetime | None, withdraw_at: datetime | None, actor: str, now: datetime) -> bool:
    """Say when the newest text is to be shown to customers, and when it is to be taken out of their sight.

    :return: whether anything is different now.
    :raises Impossible: if it would go before it appears.
    """
    if publish_at is not None and withdraw_at is not None and withdraw_at <= publish_at:
        raise Impossible
    before = {"publish_at": translation.publish_at, "withdraw_at": translation.withdraw_at}
    translation.publish_at, translation.withdraw_at = publish_at, withdraw_at
    after = {"publish_at": publish_at, "withdraw_at": withdraw_at}
    return _note(session, _subject(translation), "scheduled", actor, before, after, now)


def any_due(session: Session, now: datetime) -> bool:
    """Tell whether a text is to appear or to go by now; by two indexes, so that it can be asked all the time."""
    return bool(session.scalar(select(or_(exists().where(Translation.publish_at <= now), exists().where(Translation.withdraw_at <= now)))))


def carry_out(session: Session, now: datetime) -> int:
    """Show and take away what is due; what another worker has done meanwhile is not done again.

    A text that should have appeared and gone while nothing ran is not shown for a moment: it goes.

    :return: how many texts.
    """
    due = select(Translation.id).where(or_(Translation.publish_at <= now, Translation.withdraw_at <= now)).order_by(Translation.id)
    done = 0
    for number in session.scalars(due).all():
        locked = select(Translation).where(Translation.id == number).with_for_update().execution_options(populate_existing=True)
        translation = session.scalars(locked).one_or_none()
        if translation is not None:
            done += _do(session, translation, now)
    return done


def _do(session: Session, translation: Translation, now: datetime) -> bool:
    appears = translation.publish_at is not None and translation.publish_at <= now
    goes = translation.withdraw_at is not None and translation.withdraw_at <= now
    if not appears and not goes:
        return False
    if appears:
        translation.publish_at = None
    if goes:
        translation.withdraw_at = None
        if translation.status == Status.PUBLISHED or appears:
            writing.archive(session, translation, author=WORKER, now=now)
    elif appears:
        try:
            with session.begin_nested():
                writing.publish(session, translation, author=WORKER, now=now)
        except ArticleError as error:  # One text that cannot be shown must not keep the others waiting.
            trace.record(session, actor=WORKER, action="not published", subject=_subject(translation), after={"reason": str(error)}, now=now)
    session.flush()
    return True


def _subject(translation: Translation) -> str:
    return f"article:{translation.article.external_id}/{translation.language}"


def _note(session: Session, subject: str, action: str, actor: str, before: Mapping[str, object], after: Mapping[str, object], now: datetime) -> bool:
    session.flush()
    return trace.record(session, actor=actor, action=action, subject=subject, before=before, after=after, now=now) is not None
