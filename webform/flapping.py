"""Flapping: a fault that comes and goes is told once a day, and not at each change.

A fault that is back within a day of its end comes and goes: that is one mail. From then on there is one a day at most, with how
often it was back, until it was right for a day, which is told as its end, or wrong for a day without a break, which is told as any
trouble. The staff's page, the metrics and webhooks have every change all the same.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base
from webform.self_check import Fault
from webform.troubles import Trouble, Turn

CALM = timedelta(days=1)
"""What stays as it is for so long does not come and go any more; and so long after one mail about a fault that does comes the next."""


class Flap(Base):
    """A fault that comes and goes: since when it has, and when leads were last told."""

    __tablename__ = "flapping"

    fault: Mapped[str] = mapped_column(String(16), primary_key=True)
    since: Mapped[datetime]
    told_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Unsteady:
    """What is told of it: how often it began since when, and its last time, which lasts or is over."""

    fault: str
    since: datetime
    times: int
    last: Trouble


@dataclass(frozen=True, slots=True)
class News:
    """What leads are told: troubles that began, that are over, and that come and go."""

    begun: tuple[Trouble, ...] = ()
    over: tuple[Trouble, ...] = ()
    unsteady: tuple[Unsteady, ...] = ()


def news(session: Session, turn: Turn, looked: Set[Fault], now: datetime) -> News:
    """Tell what of a look's changes leads are to be told, and keep what they were.

    :param looked: faults that were looked for: of others nothing is known now.
    """
    flaps = {flap.fault: flap for flap in session.scalars(select(Flap).order_by(Flap.since, Flap.fault))}
    back = [trouble for trouble in turn.begun if trouble.fault not in flaps and _was_over_lately(session, trouble, now)]
    begun = [trouble for trouble in turn.begun if trouble.fault not in flaps and trouble not in back]
    over = [trouble for trouble in turn.over if trouble.fault not in flaps]
    unsteady = [_told(session, _begin(session, trouble, now), trouble) for trouble in back]
    for flap in flaps.values():
        if flap.fault not in looked or now < flap.told_at + CALM:
            continue
        last = _last(session, flap.fault)
        if last.ended_at is None and last.began_at <= now - CALM:
            begun.append(last)
            session.delete(flap)
        elif last.ended_at is not None and last.ended_at <= now - CALM:
            over.append(last)
            session.delete(flap)
        else:
            unsteady.append(_told(session, flap, last))
            flap.told_at = now
    session.flush()
    return News(tuple(begun), tuple(over), tuple(unsteady))


def now_flapping(session: Session) -> list[Flap]:
    """List what comes and goes, the first one first."""
    return list(session.scalars(select(Flap).order_by(Flap.since, Flap.fault)))


def _was_over_lately(session: Session, trouble: Trouble, now: datetime) -> bool:
    return session.scalar(select(Trouble.id).where(Trouble.fault == trouble.fault, Trouble.ended_at > now - CALM).limit(1)) is not None


def _begin(session: Session, trouble: Trouble, now: datetime) -> Flap:
    """Keep that a trouble is back; it comes and goes since the first time that was not a day ago when it ended."""
    since = session.scalar(select(func.min(Trouble.began_at)).where(Trouble.fault == trouble.fault, Trouble.ended_at > now - CALM))
    flap = Flap(fault=trouble.fault, since=since or trouble.began_at, told_at=now)
    session.add(flap)
    return flap


def _told(session: Session, flap: Flap, last: Trouble) -> Unsteady:
    times = session.scalar(select(func.count()).select_from(Trouble).where(Trouble.fault == flap.fault, Trouble.began_at >= flap.since))
    return Unsteady(flap.fault, flap.since, times or 0, last)


def _last(session: Session, fault: str) -> Trouble:
    return session.scalars(select(Trouble).where(Trouble.fault == fault).order_by(Trouble.began_at.desc(), Trouble.id.desc()).limit(1)).one()
