from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import func, select

from kb.database import Database
from webform.lockout import REST, TRIES, count_try, forget_tries
from webform.rates import RateWindow


def count(database: Database, now: datetime, key: str = "key") -> datetime | None:
    with database.writing() as session:
        return count_try(session, key, now)


def test_five_tries_go_on_and_the_sixth_rests(database: Database, now: datetime) -> None:
    assert [count(database, now) for _ in range(TRIES)] == [None] * TRIES
    assert count(database, now) == now + REST


def test_tries_while_resting_do_not_prolong_it(database: Database, now: datetime) -> None:
    for _ in range(TRIES):
        count(database, now)
    for minutes in range(14):
        assert count(database, now + timedelta(minutes=minutes)) == now + REST
    assert count(database, now + REST) is None


def test_tries_far_apart_are_not_in_a_row(database: Database, now: datetime) -> None:
    for number in range(3 * TRIES):
        assert count(database, now + number * (REST + timedelta(seconds=1))) is None


def test_tries_within_the_rest_of_each_other_are(database: Database, now: datetime) -> None:
    moments = [now + number * timedelta(minutes=14) for number in range(TRIES + 1)]
    assert [count(database, moment) for moment in moments] == [None] * TRIES + [moments[TRIES - 1] + REST]


def test_another_address_is_not_concerned(database: Database, now: datetime) -> None:
    for _ in range(TRIES + 1):
        count(database, now)
    assert count(database, now, "other") is None


def test_the_right_password_starts_anew_and_takes_what_nobody_counts_any_more(database: Database, now: datetime) -> None:
    count(database, now - 2 * REST, "long ago")
    for _ in range(TRIES):
        count(database, now)
    with database.writing() as session:
        forget_tries(session, "key", now)
        assert session.scalar(select(func.count()).select_from(RateWindow)) == 0
    assert count(database, now) is None


def test_tries_at_the_same_moment_are_counted_one_by_one(database: Database, now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: count(database, now), range(24)))
    assert answers.count(None) == TRIES
