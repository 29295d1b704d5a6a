"""Tending: what our own people change about examples, and who changed what."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.examples import Example, Standing
from kb.schema import Base
from kb.trace import record

MOST_AT_ONCE = 500


class Act(StrEnum):
    """What can be done to an example; ``ADDED`` is one that a member of the staff made."""

    ADDED = "added"
    MOVED = "moved"
    CONFIRMED = "confirmed"
    DELETED = "deleted"


class Change(Base):
    """One change of an example by a member of the staff. It names articles, never the text: a deleted text is gone."""

    __tablename__ = "example_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    example_id: Mapped[int] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(String(16))
    who: Mapped[str] = mapped_column(String(255))
    before_article_id: Mapped[int | None]
    after_article_id: Mapped[int | None]
    changed_at: Mapped[datetime]


def add(session: Session, example: Example, who: str, now: datetime) -> None:
    """Note that somebody made an example."""
    example.tended_by = who
    _note(session, example, Act.ADDED, None, example.article_id, who, now)
    _trace(session, Act.ADDED, [example], who, now)


def move(session: Session, numbers: Sequence[int], article_id: int | None, who: str, now: datetime) -> int:
    """Say which article answers the texts of some examples, or that none does; they are trusted from then on.

    :return: how many were changed.
    """
    found = [example for example in _found(session, numbers) if (example.article_id, example.fits, example.standing) != (article_id, True, Standing.TRUSTED)]
    for example in found:
        _note(session, example, Act.MOVED, example.article_id, article_id, who, now)
        example.article_id, example.fits = article_id, True
        _trust(example, who)
    session.flush()
    _trace(session, Act.MOVED, found, who, now, article=article_id)
    return len(found)


def confirm(session: Session, numbers: Sequence[int], who: str, now: datetime) -> int:
    """Say that some examples are right as they stand, so that they count without anybody else's word.

    :return: how many were not trusted before.
    """
    found = [example for example in _found(session, numbers) if example.standing != Standing.TRUSTED]
    for example in found:
        _note(session, example, Act.CONFIRMED, example.article_id, example.article_id, who, now)
        _trust(example, who)
    session.flush()
    _trace(session, Act.CONFIRMED, found, who, now)
    return len(found)


def delete(session: Session, numbers: Sequence[int], who: str, now: datetime) -> int:
    """Delete some examples with their texts.

    :return: how many there were.
    """
    found = _found(session, numbers)
    for example in found:
        _note(session, example, Act.DELETED, example.article_id, None, who, now)
        session.delete(example)
    session.flush()
    _trace(session, Act.DELETED, found, who, now)
    return len(found)


def changes(session: Session, most: int = 50) -> list[Change]:
    """List the last changes, newest first."""
    return list(session.scalars(select(Change).order_by(Change.id.desc()).limit(most)))


def _found(session: Session, numbers: Sequence[int]) -> list[Example]:
    return list(session.scalars(select(Example).where(Example.id.in_(list(dict.fromkeys(numbers))[:MOST_AT_ONCE])).order_by(Example.id)))


def _trust(example: Example, who: str) -> None:
    example.standing, example.tended_by, example.origin, example.network = Standing.TRUSTED, who, None, None


def _note(session: Session, example: Example, act: Act, before: int | None, after: int | None, who: str, now: datetime) -> None:
    session.add(Change(example_id=example.id, act=act, who=who, before_article_id=before, after_article_id=after, changed_at=now))


def _trace(session: Session, act: Act, examples: Sequence[Example], who: str, now: datetime, **more: object) -> None:
    """Note an act once, however many examples it is about: each of them stands in the list of changes."""
    if examples:
        told = {"count": len(examples), "first": examples[0].id, "last": examples[-1].id, **more}
        record(session, actor=who, action=act, subject="examples", after=told, now=now)
