from datetime import datetime

from deflection.events import Kind, record
from deflection.trails import Tried, read_articles, trail
from kb.database import Database
from tests.deflection.conftest import Begin


def test_a_trail_tells_what_came_of_each_article_in_rank_order(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        visit = begin(session)
        record(session, visit, Kind.SHOWN, articles=[7, 5, 6], now=now)
        record(session, visit, Kind.OPENED, articles=[5], now=now)
        record(session, visit, Kind.READ, articles=[5], seconds=21.5, now=now)
        record(session, visit, Kind.DECLINED, articles=[5], reason="out-of-date", now=now)
        record(session, visit, Kind.SOLVED, articles=[6], now=now)
        record(session, visit, Kind.OPENED, articles=[99], now=now)
        record(session, visit, Kind.SUBMITTED, now=now)
        record(session, begin(session, "another"), Kind.SHOWN, articles=[1], now=now)
    with database.reading() as session:
        assert trail(session, "one") == [
            Tried(7, 1, shown=True),
            Tried(5, 2, shown=True, opened=True, seconds_read=21.5, declined=True, reason="out-of-date"),
            Tried(6, 3, shown=True, solved=True),
            Tried(99, 0, opened=True),
        ]


def test_an_article_was_read_once_it_was_in_view_or_has_a_verdict(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        visit = begin(session)
        record(session, visit, Kind.SHOWN, articles=[1, 2, 3, 4, 5], now=now)
        record(session, visit, Kind.OPENED, articles=[1, 2], now=now)
        record(session, visit, Kind.READ, articles=[2], seconds=9, now=now)
        record(session, visit, Kind.DECLINED, articles=[3], now=now)
        record(session, visit, Kind.SOLVED, articles=[4], now=now)
        record(session, visit, Kind.SUBMITTED, now=now)
        record(session, begin(session, "another"), Kind.READ, articles=[5], seconds=9, now=now)
    with database.reading() as session:
        assert read_articles(session.connection(), "one") == {2, 3, 4}
        assert read_articles(session.connection(), "nobody") == frozenset()


def test_what_was_withheld_was_not_tried(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        record(session, begin(session), Kind.WITHHELD, articles=[1, 2], now=now)
        assert trail(session, "one") == []


def test_a_visit_that_was_never_seen_has_no_trail(database: Database) -> None:
    with database.reading() as session:
        assert trail(session, "unknown") == []


def test_a_trail_read_in_the_session_that_recorded_it_is_up_to_date(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        visit = begin(session)
        record(session, visit, Kind.READ, articles=[1], seconds=2, now=now)
        trail(session, "one")
        record(session, visit, Kind.READ, articles=[1], seconds=8, now=now)
        assert trail(session, "one") == [Tried(1, 0, opened=True, seconds_read=8.0)]
