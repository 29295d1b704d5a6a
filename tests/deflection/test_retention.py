from datetime import datetime, timedelta

from sqlalchemy import func, select

from deflection import ledger, retention
from deflection.day_counts import kept_from
from deflection.events import Event, Kind
from deflection.evidence import evidence
from deflection.figures import figures_of
from deflection.rebuilding import rebuild
from deflection.retention import forget
from deflection.slices import Slice
from deflection.visits import Arm, Visit
from kb.database import Database
from tests.deflection.health_world import many, visit

DAY = timedelta(days=1)


def test_what_was_counted_outlives_the_visits_and_no_count_touches_it_again(database: Database, now: datetime, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(retention, "BATCH", 2)
    with database.writing() as session:
        many(session, now - 400 * DAY, 1, solved=2, of=5)
        many(session, now - 100 * DAY, 1, solved=1, of=3)
    assert forget(database, days=365, now=now) == 5
    assert forget(database, days=365, now=now) == 0
    with database.writing() as session:
        visit(session, now - 400 * DAY, [(Kind.SOLVED, 1)], last_seen_at=now)
    ledger.count(database, now)
    done = rebuild(database, now)
    whole = Slice(now.date() - 500 * DAY, now.date() + DAY)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 3 * 2 + 1 + 1
        assert session.scalar(select(func.count()).select_from(Visit)) == 4
        assert kept_from(session) == (now - 365 * DAY).date()
        counts = figures_of(session, whole).treatment
        assert (counts.engaged, counts.confirmed) == (8, 3)
        page = evidence(session, whole, "engaged", Arm.TREATMENT)
        assert (page.counted, page.forgotten) == (8, 5)
    assert (done.kept, done.changes) == (1, [])
    assert forget(database, days=365, now=now) == 1
