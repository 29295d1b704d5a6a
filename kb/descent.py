"""Descent: which text of which other language a translation was made from, as it was said or as the dates tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.drafts import Status
from kb.languages import ENGLISH
from kb.origins import Origin, Reason
from kb.publications import Publication, public_revision
from kb.revisions import Revision, latest_revision

if TYPE_CHECKING:
    from kb.articles import Translation

PROGRAMS = ("import", "sample")
"""Authors whose texts come from elsewhere, all languages of an article together."""


@dataclass(frozen=True, slots=True)
class Made:
    """Which text a translation was made from; ``reason`` is nothing where nobody said so and it follows from the dates."""

    source: "Translation"
    revision: Revision
    reason: Reason | None = None
    author: str = ""


def settled_revision(session: Session, translation: "Translation") -> int | None:
    """Tell which revision the columns of a translation say: of a public one the one that customers read."""
    if translation.status == Status.PUBLISHED:
        return public_revision(session, translation.id)
    newest = latest_revision(session, translation.id)
    return None if newest is None else newest.id


def origin_of(session: Session, translation: "Translation", revision_id: int) -> Made | None:
    """Tell what a revision of a translation was made from.

    What was said of an earlier revision holds until something else is said: correcting a text does not translate it anew. Where
    nobody said anything, a text was made from what could be read at its time in the language that the article began in.

    :return: nothing for the language that all others are made from, and while there is no text to be made from.
    """
    revision_id = _same_text_before(session, translation.id, revision_id)
    said = session.scalars(
        select(Origin).where(Origin.translation_id == translation.id, Origin.revision_id <= revision_id).order_by(Origin.revision_id.desc(), Origin.id.desc())
    ).first()
    brought = _brought_in(session, translation.id, revision_id)
    if said is not None and (brought is None or brought.id <= said.revision_id):
        return _made(session, said, type(translation))
    source = root(translation.article.translations) if said is None else session.get(type(translation), said.source_id or 0)
    if source is None or source.id == translation.id or brought is None:
        return None
    revision = _readable_at(session, source.id, brought.created_at)
    return None if revision is None else Made(source, revision)


def record(
    session: Session,
    translation: "Translation",
    revision_id: int,
    source: "Translation",
    source_revision_id: int,
    *,
    reason: Reason,
    author: str,
    now: datetime,
) -> None:
    """Write down that a translation says from a revision on what a revision of another language says.

    If that other language was made from this one, it no longer is: a text cannot be the source of its own source.
    """
    held = settled_revision(session, source)
    if held is not None and translation.id in _sources(session, source, held):
        session.add(Origin(translation_id=source.id, revision_id=held, reason=reason, author=author, created_at=now))
    session.add(
        Origin(
            translation_id=translation.id,
            revision_id=revision_id,
            source_id=source.id,
            source_revision_id=source_revision_id,
            reason=reason,
            author=author,
            created_at=now,
        )
    )
    session.flush()


def root(translations: "Sequence[Translation]") -> "Translation | None":
    """Choose the language that an article began in: the oldest one; of several brought in together English, then the first."""
    return min(translations, key=lambda each: (each.created_at, each.language != ENGLISH, each.id), default=None)


def _made(session: Session, said: Origin, kind: "type[Translation]") -> Made | None:
    source, revision = session.get(kind, said.source_id or 0), session.get(Revision, said.source_revision_id or 0)
    return None if source is None or revision is None else Made(source, revision, Reason(said.reason), said.author)


def _same_text_before(session: Session, translation_id: int, revision_id: int) -> int:
    """Find the revision that an old text was restored from: what was said of it then holds again, unless it was said anew."""
    revision = session.get(Revision, revision_id)
    if revision is None or revision.author in PROGRAMS or session.scalars(select(Origin.id).where(Origin.revision_id == revision_id).limit(1)).first():
        return revision_id
    same = (Revision.title == revision.title, Revision.summary == revision.summary, Revision.body == revision.body)
    earlier = select(Revision.id).where(Revision.translation_id == translation_id, Revision.id < revision_id, *same)
    return session.scalars(earlier.order_by(Revision.id.desc()).limit(1)).first() or revision_id


def _brought_in(session: Session, translation_id: int, revision_id: int) -> Revision | None:
    """Find the newest text up to a revision that was made elsewhere, or the first text of all."""
    upto = select(Revision).where(Revision.translation_id == translation_id, Revision.id <= revision_id)
    elsewhere = session.scalars(upto.where(Revision.author.in_(PROGRAMS)).order_by(Revision.id.desc()).limit(1)).first()
    return elsewhere or session.scalars(upto.order_by(Revision.id).limit(1)).first()


def _readable_at(session: Session, source_id: int, when: datetime) -> Revision | None:
    """Find what could be read of a source at a moment, else its first text that could be, else its text of that time."""
    public = select(Revision).join(Publication, Publication.revision_id == Revision.id).where(Publication.translation_id == source_id)
    found = session.scalars(public.where(Publication.public_from <= when).order_by(Publication.id.desc()).limit(1)).first()
    found = found or session.scalars(public.order_by(Publication.id).limit(1)).first()
    own = select(Revision).where(Revision.translation_id == source_id)
    found = found or session.scalars(own.where(Revision.created_at <= when).order_by(Revision.id.desc()).limit(1)).first()
    return found or session.scalars(own.order_by(Revision.id).limit(1)).first()


def _sources(session: Session, translation: "Translation", revision_id: int | None) -> list[int]:
    """List what a translation was made from, what that was made from, and so on."""
    found: list[int] = []
    while revision_id is not None and (made := origin_of(session, translation, revision_id)) is not None and made.source.id not in found:
        found.append(made.source.id)
        translation = made.source
        revision_id = settled_revision(session, translation)
    return found
