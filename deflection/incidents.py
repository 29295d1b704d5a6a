"""Incidents: days on which something happened that a figure alone does not tell, noted by hand: an outage, a price rise, a mailing."""

from datetime import date, datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base
from kb.trace import record

LONGEST = 200


class Incident(Base):
    """One thing that happened on a day, in UTC, in the words of who noted it."""

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_on: Mapped[date] = mapped_column(index=True)
    words: Mapped[str] = mapped_column(String(LONGEST))
    noted_by: Mapped[str] = mapped_column(String(255))
    noted_at: Mapped[datetime]


def note(session: Session, *, on: date, words: str, by: str, now: datetime) -> Incident:
    """Note what happened on a day.

    :param words: one line, 200 characters at most, and not empty.
    :raises ValueError: if there are no words.
    """
    told = " ".join(words.replace("\0", "").encode("utf-8", "replace").decode().split())[:LONGEST].strip()
    if not told:
        raise ValueError("an incident needs words")
    incident = Incident(happened_on=on, words=told, noted_by=by[:255], noted_at=now)
    session.add(incident)
    session.flush()
    record(session, actor=by, action="added", subject=f"incident:{incident.id}", after={"day": on, "name": told}, now=now)
    return incident


def take_back(session: Session, number: int, *, by: str, now: datetime) -> bool:
    """Take an incident off the record; the trace keeps what it said, and who took it off.

    :return: whether there was one.
    """
    incident = session.get(Incident, number)
    if incident is None:
        return False
    record(session, actor=by, action="deleted", subject=f"incident:{number}", before={"day": incident.happened_on, "name": incident.words}, now=now)
    session.delete(incident)
    session.flush()
    return True


def between(session: Session, first: date, last: date) -> list[Incident]:
    """List what happened from the first day to the last, both included, in order of days."""
    return list(session.scalars(select(Incident).where(Incident.happened_on.between(first, last)).order_by(Incident.happened_on, Incident.id)))
