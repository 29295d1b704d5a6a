"""Pictures of articles: kept in the database, where every node finds them, under a name that is told by their bytes."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Column, LargeBinary, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from kb.database import Database
from kb.picture_bytes import Drawn
from kb.picture_names import PLACE, names_in
from kb.schema import Base

GRACE = timedelta(days=7)
"""How long a picture is kept that no text refers to: a writer may still be at it, or take a deletion back."""

LOOKED_EVERY = timedelta(days=1)
_AT_ONCE = 500


class Picture(Base):
    """A picture; whether any text refers to it is looked up once a day."""

    __tablename__ = "picture"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    created_at: Mapped[datetime]
    looked_at: Mapped[datetime] = mapped_column(index=True)
    unused_since: Mapped[datetime | None]


def keep(session: Session, drawn: Drawn, now: datetime) -> str:
    """Keep a picture; the same one again is the one that is there already, and is not taken away for another while.

    :return: its name.
    """
    known = session.get(Picture, drawn.name)
    if known is None:
        session.add(Picture(name=drawn.name, content=drawn.content, created_at=now, looked_at=now))
        session.flush()
    else:
        known.looked_at, known.unused_since = now, None
    return drawn.name


def content_of(session: Session, name: str) -> bytes | None:
    """Give the bytes of a picture."""
    return session.scalar(select(Picture.content).where(Picture.name == name))


def prune(database: Database, now: datetime) -> int:
    """Take away the pictures that no text has referred to for a while, neither one that is shown nor an earlier one.

    :return: how many went.
    """
    due = select(Picture.name).where(Picture.looked_at <= now - LOOKED_EVERY).order_by(Picture.looked_at).limit(_AT_ONCE)
    with database.reading() as session:
        names = set(session.scalars(due))
        used = _used(session) if names else set()
    if not names:
        return 0
    with database.writing() as session:
        session.execute(update(Picture).where(Picture.name.in_(names)).values(looked_at=now))
        session.execute(update(Picture).where(Picture.name.in_(names & used)).values(unused_since=None))
        session.execute(update(Picture).where(Picture.name.in_(names - used), Picture.unused_since.is_(None)).values(unused_since=now))
        old = set(session.scalars(select(Picture.name).where(Picture.name.in_(names - used), Picture.unused_since <= now - GRACE)))
        # Somebody may have used one since it was looked for: now that others wait, that is certain.
        gone = old - _used(session) if old else set()
        session.execute(delete(Picture).where(Picture.name.in_(gone)))
    return len(gone)


def _used(session: Session) -> set[str]:
    referring = [select(column).where(column.contains(PLACE, autoescape=True)).execution_options(yield_per=200) for column in _texts()]
    return {name for query in referring for body in session.scalars(query) for name in names_in(body)}


def _texts() -> Iterator[Column[str]]:
    """Give every column that keeps the body of a text, of whatever table, so that a new one is not forgotten."""
    for table in Base.metadata.sorted_tables:
        if "body" in table.columns and isinstance(table.columns["body"].type, Text):
            yield table.columns["body"]
