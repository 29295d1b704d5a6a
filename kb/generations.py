"""The generation: a number in the database that tells every process when its index is old."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base

_GATHERED = "generation gathered"


class Generation(Base):
    """The single row that counts publications."""

    __tablename__ = "generation"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


def current_generation(session: Session) -> int:
    """Tell how many publications there have been; 0 for a new installation."""
    return session.scalar(select(Generation.number).where(Generation.id == 1)) or 0


def raise_generation(session: Session) -> int:
    """Make every process rebuild or reload; part of the transaction that publishes.

    :return: the new number.
    """
    if _GATHERED in session.info:
        session.info[_GATHERED] = True
        return current_generation(session) + 1
    raised = session.execute(update(Generation).where(Generation.id == 1).values(number=Generation.number + 1).returning(Generation.number)).scalar()
    if raised is None:
        session.add(Generation(id=1, number=1))
        session.flush()
        return 1
    return raised


@contextmanager
def one_generation(session: Session) -> Iterator[None]:
    """Gather many publications of one transaction, so that they raise the generation once."""
    session.info[_GATHERED] = False
    try:
        yield
    finally:
        wanted = session.info.pop(_GATHERED)
    if wanted:
        raise_generation(session)
