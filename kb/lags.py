"""Lags: public translations that say what their source said before it was changed in substance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb import trace
from kb.descent import Made, origin_of, record, settled_revision
from kb.drafts import Status
from kb.origins import Reason
from kb.revisions import latest_revision
from kb.schema import Base
from kb.substance import Change, change_of
from kb.unpublished import wording_of

if TYPE_CHECKING:
    from kb.articles import Translation


class Lag(Base):
    """What customers read of a translation is out of date since the source that it was made from went on."""

    __tablename__ = "lag"

    translation_id: Mapped[int] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    source_id: Mapped[int] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class SourceLag:
    """What a revision of a translation was made from, and what became of that since."""

    made: Made
    change: Change

    @property
    def is_out_of_date(self) -> bool:
        """Whether the source says something else by now."""
        return self.change is Change.SUBSTANCE


def standing(session: Session, translation: "Translation", revision_id: int) -> SourceLag | None:
    """Compare what a revision of a translation was made from with what its source says now; nothing if it has no source."""
    made = origin_of(session, translation, revision_id)
    if made is None:
        return None
    return SourceLag(made, change_of(wording_of(made.revision, made.source.wording), made.source.wording, made.source.language))


def keep_up(session: Session, translations: "Sequence[Translation]", *, now: datetime) -> None:
    """Find out anew which languages of an article are out of date for customers."""
    if len(translations) < 2:
        return
    session.flush()
    before = {lag.translation_id: lag for lag in session.scalars(select(Lag).where(Lag.translation_id.in_([each.id for each in translations])))}
    for each in translations:
        public = settled_revision(session, each) if each.status == Status.PUBLISHED else None
        found = standing(session, each, public) if public is not None else None
        late = found is not None and found.is_out_of_date and found.made.source.status == Status.PUBLISHED
        lag = before.get(each.id)
        if late and found is not None and lag is None:
            session.add(Lag(translation_id=each.id, source_id=found.made.source.id, since=now))
        elif late and found is not None and lag is not None:
            lag.source_id = found.made.source.id
        elif lag is not None:
            session.delete(lag)
    session.flush()


def confirm(
    session: Session, translation: "Translation", source: "Translation", source_revision_id: int, *, reason: Reason, author: str, now: datetime
) -> None:
    """Take somebody's word that the newest text of a translation says what a revision of its source says."""
    newest = latest_revision(session, translation.id)
    if newest is None:
        return
    record(session, translation, newest.id, source, source_revision_id, reason=reason, author=author, now=now)
    subject, told = f"article:{translation.article.external_id}/{translation.language}", {"source": source.language, "revision": source_revision_id}
    trace.record(session, actor=author, action="translated" if reason is Reason.MADE else "confirmed", subject=subject, after=told, now=now)
    keep_up(session, translation.article.translations, now=now)


def call_minor(session: Session, source: "Translation", source_revision_id: int, *, author: str, now: datetime) -> list[str]:
    """Take somebody's word that what became of a source up to a revision changes nothing in any language made from it.

    :return: the languages that this held for.
    """
    held = []
    for each in source.article.translations:
        newest = latest_revision(session, each.id)
        for revision_id in sorted({number for number in (settled_revision(session, each), newest.id if newest else None) if number is not None}):
            made = origin_of(session, each, revision_id)
            if made is not None and made.source.id == source.id and made.revision.id < source_revision_id:
                record(session, each, revision_id, source, source_revision_id, reason=Reason.MINOR, author=author, now=now)
                held.append(each.language)
    told: dict[str, object] = {"minor in": sorted(set(held)), "revision": source_revision_id}
    trace.record(session, actor=author, action="marked", subject=f"article:{source.article.external_id}/{source.language}", after=told, now=now)
    keep_up(session, source.article.translations, now=now)
    return sorted(set(held))


def source_behind(session: Session, translation_id: int) -> int | None:
    """Tell which translation says more by now than a public one that was made from it."""
    return session.scalars(select(Lag.source_id).where(Lag.translation_id == translation_id)).first()
