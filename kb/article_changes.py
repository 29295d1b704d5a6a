"""Public articles in the order in which readers got to see them as they are, for programs that keep a copy."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session

from kb.articles import Translation
from kb.visibility import readable


@dataclass(frozen=True, slots=True)
class Changed:
    """What anybody may read now, and since when it reads so: when its text changed, or when it was published if that was later."""

    translation: Translation
    since: datetime


def changed(
    session: Session, *, language: str | None = None, since: datetime | None = None, after: tuple[datetime, int] | None = None, most: int
) -> list[Changed]:
    """List public translations, the one that has not changed for longest first.

    :param since: only those that changed from this moment on.
    :param after: moment and number of the last one that is known already.
    """
    moment = case((Translation.published_at > Translation.updated_at, Translation.published_at), else_=Translation.updated_at)
    wanted = select(Translation, moment).where(readable())
    if language is not None:
        wanted = wanted.where(Translation.language == language)
    if since is not None:
        wanted = wanted.where(moment >= since)
    if after is not None:
        wanted = wanted.where(or_(moment > after[0], and_(moment == after[0], Translation.id > after[1])))
    return [Changed(translation, at) for translation, at in session.execute(wanted.order_by(moment, Translation.id).limit(most))]
