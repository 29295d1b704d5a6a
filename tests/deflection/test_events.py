from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import select

from deflection.events import Event, Kind, Reason, record
from deflection.visits import find_visit
from kb.database import Database
from tests.deflection.conftest import Begin


def facts(database: Database) -> list[tuple[str, int, int | None, float | None, str]]:
    with database.reading() as session:
        events = session.scalars(select(Event).order_by(Event.kind, Event.article_id))
        return [(event.kind, event.article_id, event.rank, event.seconds, event.reason) for event in events]


def test_articles_shown_get_ranks_in_their_order(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        record(session, begin(session), Kind.SHOWN, articles=[30, 10, 20], now=now)
    assert facts(database) == [("shown", 10, 2, None, ""), ("shown", 20, 3, None, ""), ("shown", 30, 1, None, "")]


def test_telling_a_fact_again_keeps_one_row_with_the_best_rank_and_the_first_time(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        visit = begin(session)
        record(session, visit, Kind.SHOWN, articles=[1, 2], now=now)
        record(session, visit, Kind.SHOWN, articles=[2, 1], now=now + timedelta(seconds=9))
    assert facts(database) == [("shown", 1, 1, None, ""), ("shown", 2, 1, None, "")]
    with database.reading() as session:
        assert set(session.scalars(select(Event.recorded_at))) == {now}


def test_reading_keeps_the_longest_time(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        visit = begin(session)
        for seconds in (3.0, 12.5, 7.0, None):
            record(session, visit, Kind.READ, articles=[4], seconds=seconds, now=now)
    assert facts(database) == [("read", 4, None, 12.5, "")]


def test_an_article_named_twice_is_one_fact(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        record(session, begin(session), Kind.SHOWN, articles=[5, 5, 6], now=now)
    assert facts(database) == [("shown", 5, 1, None, ""), ("shown", 6, 2, None, "")]


def test_declining_after_solving_takes_the_solution_back_and_says_so(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        visit = begin(session)
        record(session, visit, Kind.SOLVED, articles=[1], now=now)
        record(session, visit, Kind.SOLVED, articles=[2], now=now)
        record(session, visit, Kind.DECLINED, articles=[1], now=now)
    assert facts(database) == [("declined", 1, None, None, Reason.TAKEN_BACK), ("solved", 2, None, None, "")]


def test_the_customers_own_reason_stands_when_a_solution_is_taken_back(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        visit = begin(session)
        record(session, visit, Kind.SOLVED, articles=[1], now=now)
        record(session, visit, Kind.DECLINED, articles=[1], reason="out-of-date", now=now)
    assert facts(database) == [("declined", 1, None, None, "out-of-date")]


def test_solving_after_declining_takes_the_refusal_back(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        visit = begin(session)
        record(session, visit, Kind.DECLINED, articles=[1], reason="out-of-date", now=now)
        record(session, visit, Kind.SOLVED, articles=[1], now=now)
    assert facts(database) == [("solved", 1, None, None, "")]


def test_declining_the_visit_as_a_whole_takes_every_solution_back(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        visit = begin(session)
        record(session, visit, Kind.SOLVED, articles=[1], now=now)
        record(session, visit, Kind.SOLVED, now=now)
        record(session, visit, Kind.DECLINED, now=now)
    assert facts(database) == [("declined", 0, None, None, Reason.TAKEN_BACK)]


def test_the_same_facts_told_at_once_by_many_never_fail_and_stay_one_row_each(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        begin(session)

    def tell(turn: int) -> None:
        with database.writing() as session:
            visit = find_visit(session, "one")
            assert visit is not None
            record(session, visit, Kind.SHOWN, articles=[1, 2, 3] if turn % 2 else [3, 2, 1], now=now + timedelta(seconds=turn))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tell, range(40)))
    assert [(article, rank) for _, article, rank, _, _ in facts(database)] == [(1, 1), (2, 2), (3, 1)]


def test_a_fact_moves_the_end_of_the_visit(database: Database, begin: Begin, now: datetime) -> None:
    later = now + timedelta(minutes=5)
    with database.writing() as session:
        visit = begin(session)
        record(session, visit, Kind.OPENED, articles=[1], now=later)
        assert visit.last_seen_at == later
