"""Errands: work that is done now and then by one process of all, whichever comes first; one that dies is followed by another."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import String, or_, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.database import Database
from kb.inserts import insert_into
from kb.schema import Base

Result = TypeVar("Result")


class Errand(Base):
    """One kind of work: who holds it and until when, and when it was last done."""

    __tablename__ = "errand"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    done_by: Mapped[str] = mapped_column(String(255), default="")
    held_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


def once(
    database: Database, name: str, who: str, work: Callable[[datetime], Result], *, every: timedelta, lease: timedelta, clock: Callable[[Session], datetime]
) -> Result | None:
    """Do an errand if it is due and nobody else is at it; nothing if not.

    :param who: a name that no other process has.
    :param work: told the time at which it begins.
    :param every: how long after it was done it is due again.
    :param lease: how long nobody else may take it; longer than the work can last, unless it holds it longer itself.
    """
    with database.reading() as session:
        done_at, now = last_done(session, name), clock(session)
    if done_at is not None and now - every < done_at <= now:
        return None
    with database.writing() as session:
        if not take(session, name, who, every=every, lease=lease, now=now):
            return None
    try:
        return work(now)
    finally:
        with database.writing() as session:
            finish(session, name, who, clock(session))


def take(session: Session, name: str, who: str, *, every: timedelta, lease: timedelta, now: datetime) -> bool:
    """Take an errand if it is due and nobody holds it.

    :param who: a name that no other process has.
    :param every: how long after it was done it is due again. A time in the future, left by a clock that was wrong, makes it due.
    :param lease: how long nobody else may take it; longer than the work can last.
    """
    session.execute(insert_into(session, Errand).values(name=name, done_by="").on_conflict_do_nothing(index_elements=["name"]))
    free = or_(Errand.held_until.is_(None), Errand.held_until <= now, Errand.held_until > now + 2 * lease)
    due = or_(Errand.done_at.is_(None), Errand.done_at <= now - every, Errand.done_at > now)
    taken = update(Errand).where(Errand.name == name, free, due).values(done_by=who, held_until=now + lease).returning(Errand.name)
    return session.execute(taken.execution_options(synchronize_session=False)).one_or_none() is not None


def hold(session: Session, name: str, who: str, *, lease: timedelta, now: datetime) -> bool:
    """Hold an errand that was taken for longer; until the transaction ends nobody else can take it.

    :return: whether it is still held: not when it took so long that another one took it.
    """
    held = update(Errand).where(Errand.name == name, Errand.done_by == who).values(held_until=now + lease).returning(Errand.name)
    return session.execute(held.execution_options(synchronize_session=False)).one_or_none() is not None


def finish(session: Session, name: str, who: str, now: datetime) -> None:
    """Say that an errand is done, and let it go."""
    done = update(Errand).where(Errand.name == name, Errand.done_by == who).values(held_until=None, done_at=now)
    session.execute(done.execution_options(synchronize_session=False))


def last_done(session: Session, name: str) -> datetime | None:
    """Tell when an errand was last done; nothing if never."""
    errand = session.get(Errand, name)
    return errand.done_at if errand else None
