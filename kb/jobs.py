"""Jobs: work of minutes that one worker has for a while; when that worker dies, another one goes on where it was."""

from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base

LEASE = timedelta(minutes=5)


class Job(Base):
    """Columns of a table of jobs: how far each is, and who has it until when. The table adds what it is about, and its stages."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(String(16), index=True)
    position: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    author: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    worker: Mapped[str] = mapped_column(String(80), default="")
    leased_until: Mapped[datetime | None]

    @property
    def share(self) -> int:
        """How much of the step in hand is done, in percent; never all while something is to do."""
        return min(99, 100 * self.position // self.total) if self.total else 0


Kind = TypeVar("Kind", bound=Job)


def claim(session: Session, table: type[Kind], due: ColumnElement[bool], worker: str, now: datetime) -> Kind | None:
    """Take the oldest job that is due and nobody's, for a while.

    :param due: which ones can be worked on.
    """
    free = or_(table.leased_until.is_(None), table.leased_until <= now)
    found = session.scalars(select(table).where(due, free).order_by(table.id).limit(1).with_for_update(skip_locked=True)).first()
    if found is not None:
        found.worker, found.leased_until = worker, now + LEASE
    return found


def keep_going(session: Session, table: type[Kind], number: int, worker: str, now: datetime, **values: object) -> bool:
    """Note how far a job is, and keep it for another while.

    :param values: columns that change.
    :return: whether it is still this worker's.
    """
    mine = update(table).where(table.id == number, table.worker == worker).values(touched_at=now, leased_until=now + LEASE, **values)
    return session.execute(mine.returning(table.id)).first() is not None


def close(session: Session, table: type[Kind], number: int, worker: str, now: datetime, **values: object) -> None:
    """End a step of a job that is this worker's, and let it go.

    :param values: columns that change, its stage among them.
    """
    mine = update(table).where(table.id == number, table.worker == worker)
    session.execute(mine.values(touched_at=now, leased_until=None, worker="", **values))


def release(session: Session, table: type[Kind], worker: str) -> None:
    """Give back what a worker that ends has claimed."""
    session.execute(update(table).where(table.worker == worker).values(worker="", leased_until=None))
