"""Raw events: all of a period, each once, in their order, however they are cut into batches."""

from datetime import datetime, timedelta

from deflection import visits
from deflection.events import Kind, record
from deflection.raw_events import COLUMNS, stream
from kb.database import Database

SECOND = timedelta(seconds=1)


def test_every_event_of_a_period_comes_once_in_its_order(database: Database, now: datetime) -> None:
    with database.writing() as session:
        for number in range(3):
            visit = visits.see(session, token=f"v{number}", language="en", topic="pump", scripted=True, engaged=True, holdout_share=0, secret="s", now=now)
            record(session, visit, Kind.SHOWN, articles=[1, 2], languages=["en", "ru"], now=now)
            record(session, visit, Kind.READ, articles=[1], seconds=7.5, now=now + SECOND)
        record(session, visit, Kind.SUBMITTED, now=now + 2 * SECOND)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in stream(database, since=now, until=now + 2 * SECOND, batch=2)]
    assert [(row["visit"], row["kind"], row["article"]) for row in rows] == [
        *((visit, "shown", article) for visit in (1, 2, 3) for article in (1, 2)),
        *((visit, "read", 1) for visit in (1, 2, 3)),
    ]
    assert rows[1] | {"event": 0} == {
        "at": "2026-11-22T09:30:00Z", "event": 0, "visit": 1, "kind": "shown", "article": 2, "rank": 2, "seconds": None, "reason": "", "article_language": "ru",
        "arm": "treatment", "engaged": True, "straight": False, "language": "en", "topic": "pump", "device": "", "site": "", "release": "", "channel": "form",
        "scripted": True, "visit_started_at": "2026-11-22T09:30:00Z",
    }  # fmt: skip
    assert len(list(stream(database, since=now + 2 * SECOND, until=now + 3 * SECOND))) == 1
    assert list(stream(database, since=now - SECOND, until=now)) == []
