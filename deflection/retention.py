"""Retention: visits are forgotten after some time; what was counted of them stays."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from deflection.ledger import count, lock
from deflection.slices import midnight
from deflection.visits import Visit
from kb.database import Database

FEWEST_DAYS = 31
"""Visits can change for about a week, and a form can stay open for thirty days."""
BATCH = 500


def forget(database: Database, *, days: int, now: datetime) -> int:
    """Forget the visits that began more than some days ago, with their events, once they are counted. Their days are never counted anew.

    It goes in small steps, so that nobody who sends something waits.

    :return: how many visits went.
    """
    first_kept = (now - timedelta(days=days)).date()
    old = select(Visit.id).where(Visit.started_at < midnight(first_kept)).limit(BATCH)
    with database.reading() as session:
        if session.scalar(old) is None:
            return 0
    count(database, now)
    with database.counting(patience=5.0) as session:
        ledger = lock(session)
        ledger.kept_from = max(ledger.kept_from or first_kept, first_kept)
    forgotten = 0
    while True:
        with database.counting(patience=5.0) as session:
            numbers = session.scalars(old).all()
            session.execute(delete(Visit).where(Visit.id.in_(numbers)))
        if not numbers:
            return forgotten
        forgotten += len(numbers)
