"""Solving: counts by article that are the same however much of them is settled."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from deflection import events, visits
from deflection.events import Kind
from deflection.solving import ArticleCount, counts, settle
from kb.database import Database

DAY = timedelta(days=1)


def visit(session: Session, number: int, when: datetime, *kinds: Kind, article: int = 7) -> None:
    seen = visits.see(session, token=f"v{number}", language="en", scripted=True, engaged=True, holdout_share=0, secret="s", now=when)
    for kind in kinds:
        events.record(session, seen, kind, articles=[article], now=when)


def told(session: Session) -> dict[int, tuple[int, ...]]:
    table = counts(session)
    return {row.article_id: (row.shown, row.opened, row.solved, row.declined) for row in session.execute(select(table))}


def test_old_and_fresh_events_are_counted_once_whenever_the_old_ones_are_settled(database: Database, now: datetime) -> None:
    with database.writing() as session:
        visit(session, 1, now - 30 * DAY, Kind.SHOWN, Kind.OPENED, Kind.SOLVED)
        visit(session, 2, now - 2 * DAY, Kind.SHOWN, Kind.OPENED, Kind.DECLINED)
        visit(session, 3, now, Kind.SHOWN, Kind.OPENED, Kind.SOLVED, Kind.SUBMITTED)
        visit(session, 4, now, Kind.SHOWN, article=8)
        whole = {7: (3, 3, 2, 1), 8: (1, 0, 0, 0)}
        assert told(session) == whole
        assert settle(session, now) == 1
        assert told(session) == whole
        assert settle(session, now) == 0
        settle(session, now + DAY / 2)
        assert told(session) == whole
        settle(session, now + 3 * DAY)
        assert told(session) == whole
        assert session.get_one(ArticleCount, 7).shown == 3


def test_counts_outlive_the_events_that_were_pruned(database: Database, now: datetime) -> None:
    with database.writing() as session:
        visit(session, 1, now - 30 * DAY, Kind.SHOWN, Kind.OPENED, Kind.SOLVED)
        settle(session, now)
        visits.prune(session, before=now - 10 * DAY)
        assert told(session) == {7: (1, 1, 1, 0)}


def test_a_solution_that_is_taken_back_within_a_day_is_not_counted(database: Database, now: datetime) -> None:
    with database.writing() as session:
        visit(session, 1, now - DAY / 2, Kind.SHOWN, Kind.OPENED, Kind.SOLVED)
        settle(session, now)
        visit(session, 1, now, Kind.DECLINED)
        assert told(session) == {7: (1, 1, 0, 1)}
