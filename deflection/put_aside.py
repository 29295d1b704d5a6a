"""What is put aside: work that was done or is not wanted now stays away for a while, and comes back if it still deserves an hour."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.inserts import insert_into
from kb.schema import Base


class Verdict(StrEnum):
    """Why work is put aside."""

    DONE = "done"
    NOT_NOW = "not-now"


AWAY: Mapping[Verdict, timedelta] = {Verdict.DONE: timedelta(days=28), Verdict.NOT_NOW: timedelta(days=14)}
"""How long it stays away. After what is done four whole weeks tell whether it helped."""


class PutAside(Base):
    """A piece of work by its key, who put it aside, why and until when."""

    __tablename__ = "work_put_aside"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(16))
    put_by: Mapped[str] = mapped_column(String(255))
    put_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)


def put_aside(session: Session, key: str, verdict: Verdict, *, who: str, now: datetime) -> datetime:
    """Put work aside, and tell until when."""
    until = now + AWAY[verdict]
    values = {"verdict": verdict, "put_by": who, "put_at": now, "until": until}
    session.execute(insert_into(session, PutAside).values(key=key, **values).on_conflict_do_update(index_elements=["key"], set_=values))
    return until


def take_up(session: Session, key: str) -> bool:
    """Have work listed again; tell whether it was away."""
    return session.execute(delete(PutAside).where(PutAside.key == key).returning(PutAside.key)).first() is not None


def away(session: Session, now: datetime) -> dict[str, PutAside]:
    """Tell what is away at a moment, by key."""
    return {row.key: row for row in session.scalars(select(PutAside).where(PutAside.until > now).order_by(PutAside.until))}
