"""Rebuilding: counting every kept day anew by the definitions of today, and telling what is different."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deflection import ledger
from deflection.counted import RULES
from deflection.day_counts import CountedDay, day_count, kept_from
from deflection.outcomes import DEFINITIONS
from kb.database import Database


@dataclass(frozen=True, slots=True)
class Change:
    """A day whose figures are others now: the counts of both arms together that differ, and by which definitions they were made before."""

    day: date
    definitions: int
    before: dict[str, int]
    after: dict[str, int]


@dataclass(frozen=True, slots=True)
class Rebuild:
    """What a rebuild did. ``kept`` days are those whose visits are forgotten: they stay as they were counted."""

    definitions: int
    counted: int
    kept: int
    changes: list[Change]


def rebuild(database: Database, now: datetime) -> Rebuild:
    """Count every day anew of which the visits are kept."""
    with database.reading() as session:
        days, frozen = _days(session)
    changes = []
    for day in days:
        with database.reading() as session:
            before, definitions = _totals(session, day), session.scalar(select(CountedDay.definitions).where(CountedDay.day == day))
        ledger.count_day(database, day, now, anew=True)
        with database.reading() as session:
            after = _totals(session, day)
        if definitions is not None and before != after:
            different = [name for name in RULES if before[name] != after[name]]
            changes.append(Change(day, definitions, {name: before[name] for name in different}, {name: after[name] for name in different}))
    if days:
        with database.counting(patience=5.0) as session:
            ledger.lock(session).counted_at = now
    return Rebuild(DEFINITIONS, len(days), frozen, changes)


def _days(session: Session) -> tuple[list[date], int]:
    """Give the days to count, and how many must stay as they are."""
    counted, kept = set(session.scalars(select(CountedDay.day))), kept_from(session)
    counted |= set(ledger.days_with_visits(session))
    days = sorted(day for day in counted if kept is None or day >= kept)
    return days, len(counted) - len(days)


def _totals(session: Session, day: date) -> dict[str, int]:
    row = session.execute(select(*(func.coalesce(func.sum(day_count.c[name]), 0).label(name) for name in RULES)).where(day_count.c.day == day)).one()
    return {name: int(number) for name, number in row._mapping.items()}
