"""Presence: who is writing in a translation at this moment, so that the second person is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.inserts import insert_into
from kb.schema import Base

STAYS = timedelta(seconds=90)
"""How long somebody counts as writing after the last sign: an open editor gives one every thirty seconds."""


class Presence(Base):
    """When somebody last gave a sign of having a translation open."""

    __tablename__ = "presence"

    translation_id: Mapped[int] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"), primary_key=True)
    writer: Mapped[str] = mapped_column(String(200), primary_key=True)
    came_at: Mapped[datetime]
    seen_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is writing, and since when."""

    writer: str
    came_at: datetime


def stay(session: Session, translation_id: int, writer: str, *, now: datetime) -> None:
    """Note that somebody has a translation open; whoever was away for a while has come anew."""
    known = session.get(Presence, (translation_id, writer))
    came_at = known.came_at if known is not None and now - known.seen_at < STAYS else now
    row = insert_into(session, Presence).values(translation_id=translation_id, writer=writer, came_at=came_at, seen_at=now)
    session.execute(row.on_conflict_do_update(index_elements=["translation_id", "writer"], set_={"came_at": came_at, "seen_at": now}))


def others(session: Session, translation_id: int, writer: str, *, now: datetime) -> list[Present]:
    """List who else is writing in a translation, the longest first."""
    query = select(Presence).where(Presence.translation_id == translation_id, Presence.writer != writer, Presence.seen_at > now - STAYS)
    return [Present(each.writer, each.came_at) for each in session.scalars(query.order_by(Presence.came_at, Presence.writer))]
