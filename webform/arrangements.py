"""Arrangements: what leads settle once for the whole desk, such as its hours, each as one document that nobody overwrites unseen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.inserts import insert_into
from kb.schema import Base


class Arrangement(Base):
    """One document by its name; ``version`` grows with each change."""

    __tablename__ = "arrangement"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(320), default="")


class Overtaken(Exception):
    """Somebody else has changed the arrangement meanwhile."""


def find(session: Session, name: str) -> Arrangement | None:
    """Find an arrangement; nothing as long as nobody has made it."""
    return session.scalar(select(Arrangement).where(Arrangement.name == name))


def keep(session: Session, name: str, content: Mapping[str, Any], *, version: int, author: str, now: datetime) -> None:
    """Keep an arrangement that nobody else has changed since it was read.

    :param version: that of the arrangement when it was read; 0 if there was none.
    :raises Overtaken: if it has another version now.
    """
    fresh = {"content": dict(content), "version": version + 1, "changed_at": now, "changed_by": author}
    made = insert_into(session, Arrangement).values(name=name, **fresh).on_conflict_do_nothing(index_elements=["name"]).returning(Arrangement.name)
    mine = update(Arrangement).where(Arrangement.name == name, Arrangement.version == version).values(fresh).returning(Arrangement.name)
    done = session.execute(mine.execution_options(synchronize_session=False) if version else made)
    if done.one_or_none() is None:
        raise Overtaken
    session.expire_all()
