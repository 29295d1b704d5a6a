"""Troubles: what the self-check found wrong, from when until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import JSON, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base
from webform.self_check import Fault, Found, Sight, rightly

KEPT = timedelta(days=90)


class CheckRun(Base):
    """One asking of all probes, in figures; ``seconds`` is what nine of ten answers took, ``down`` why the form could not be asked."""

    __tablename__ = "check_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    ran_at: Mapped[datetime]
    questions: Mapped[int]
    hits: Mapped[int]
    silent: Mapped[int]
    kept_silent: Mapped[int]
    seconds: Mapped[float | None]
    down: Mapped[str] = mapped_column(String(300), default="")


class Trouble(Base):
    """One thing that is or was wrong; ``open_fault`` is its fault while it lasts, so that there is never a second one of it."""

    __tablename__ = "trouble"

    id: Mapped[int] = mapped_column(primary_key=True)
    fault: Mapped[str] = mapped_column(String(16))
    open_fault: Mapped[str | None] = mapped_column(String(16), unique=True)
    facts: Mapped[dict[str, object]] = mapped_column(JSON)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Turn:
    """What a look changed: troubles that began with it, and troubles that are over."""

    begun: tuple[Trouble, ...]
    over: tuple[Trouble, ...]


def keep_run(session: Session, sight: Sight, now: datetime) -> CheckRun:
    """Keep what was seen, in figures."""
    run = CheckRun(
        ran_at=now,
        questions=len(sight.questions),
        hits=rightly(sight.questions),
        silent=len(sight.silent),
        kept_silent=rightly(sight.silent),
        seconds=sight.seconds,
        down=sight.down[:300],
    )
    session.add(run)
    session.execute(delete(CheckRun).where(CheckRun.ran_at < now - KEPT))
    session.flush()
    return run


def turn(session: Session, looked: Iterable[Fault], found: Found, now: datetime) -> Turn:
    """Begin a trouble for each fault that was found and has none, and end those that were looked for and not found.

    A trouble that goes on gets the newest figures.
    """
    lasting = {trouble.open_fault: trouble for trouble in open_troubles(session)}
    for fault, facts in found.items():
        if fault in lasting:
            lasting[fault].facts = facts
    begun = [Trouble(fault=fault.value, open_fault=fault.value, facts=facts, began_at=now) for fault, facts in found.items() if fault not in lasting]
    over = [trouble for fault, trouble in lasting.items() if fault in set(looked) and fault not in found]
    for trouble in over:
        trouble.open_fault, trouble.ended_at = None, now
    session.add_all(begun)
    session.flush()
    return Turn(tuple(begun), tuple(over))


def open_troubles(session: Session) -> list[Trouble]:
    """List what is wrong now, the oldest first."""
    return list(session.scalars(select(Trouble).where(Trouble.open_fault.is_not(None)).order_by(Trouble.began_at, Trouble.id)))


def past_troubles(session: Session, limit: int = 20) -> list[Trouble]:
    """List what was wrong, the latest first."""
    return list(session.scalars(select(Trouble).where(Trouble.open_fault.is_(None)).order_by(Trouble.ended_at.desc()).limit(limit)))


def last_runs(session: Session, limit: int = 24) -> list[CheckRun]:
    """List the last askings, the latest first."""
    return list(session.scalars(select(CheckRun).order_by(CheckRun.ran_at.desc(), CheckRun.id.desc()).limit(limit)))
