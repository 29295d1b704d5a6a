"""Efforts: how many hours each kind of work takes, as this team has it."""

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from deflection.work import WorkKind
from kb.inserts import insert_into
from kb.schema import Base

USUAL = {
    WorkKind.FAILING: 1.5,
    WorkKind.DECAYED: 1.0,
    WorkKind.PASSED_OVER: 0.5,
    WorkKind.OUTDATED: 1.0,
    WorkKind.REVIEW: 0.5,
    WorkKind.GAP: 2.0,
}
"""Hours until a team says otherwise: rewriting, checking, a better title, translating what changed, reading again, writing anew."""
SHORTEST, LONGEST = 0.1, 100.0


class Effort(Base):
    """The hours of one kind of work, where they are not the usual ones."""

    __tablename__ = "work_effort"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    hours: Mapped[float]


def hours(session: Session) -> dict[WorkKind, float]:
    """Tell the hours of every kind of work."""
    said = {row.kind: row.hours for row in session.scalars(select(Effort))}
    return {kind: said.get(kind, usual) for kind, usual in USUAL.items()}


def set_hours(session: Session, kind: WorkKind, hours: float) -> None:
    """Say how many hours a kind of work takes.

    :raises ValueError: if that is no time anybody could mean.
    """
    if not SHORTEST <= hours <= LONGEST:
        raise ValueError(f"{hours} hours are not between {SHORTEST} and {LONGEST}")
    statement = insert_into(session, Effort).values(kind=kind, hours=hours)
    session.execute(statement.on_conflict_do_update(index_elements=["kind"], set_={"hours": hours}))
