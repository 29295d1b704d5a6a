import logging
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context

import pytest
from limits.errors import StorageError
from sqlalchemy import func, select

from kb.database import Database
from webform.networks import network
from webform.rates import DatabaseCounter, Rates, RateWindow, open_rates
from webform.settings import SettingError


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def rates(database: Database, clock: Clock) -> Rates:
    return open_rates(database, "a key for tests", clock=clock)


def spend_many(url: str) -> int:
    """What one process is allowed of a limit that four share."""
    database = Database(url)
    allowed = sum(open_rates(database, "a key for tests").spend("requests", "192.0.2.1/32", 50, 600) for _ in range(40))
    database.close()
    return allowed


def test_a_limit_holds_exactly_over_four_processes(database: Database, database_url: str) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        assert sum(pool.map(spend_many, [database_url] * 4)) == 50


def test_what_is_over_the_limit_is_refused_until_the_window_closes(rates: Rates, clock: Clock) -> None:
    assert [rates.spend("a", "who", 2, 60) for _ in range(4)] == [True, True, False, False]
    clock.now += timedelta(seconds=59)
    assert not rates.spend("a", "who", 2, 60)
    clock.now += timedelta(seconds=1)
    assert [rates.spend("a", "who", 2, 60) for _ in range(3)] == [True, True, False]


def test_names_and_people_are_counted_apart(rates: Rates) -> None:
    assert all(rates.spend(name, who, 1, 60) for name in ("a", "b") for who in ("x", "y"))
    assert not any(rates.spend(name, who, 1, 60) for name in ("a", "b") for who in ("x", "y"))


def test_a_limit_of_nothing_allows_nothing(rates: Rates) -> None:
    assert not rates.spend("a", "who", 0, 60)


def test_nothing_that_is_stored_names_anybody(rates: Rates, database: Database) -> None:
    rates.spend("address", "anna@example.com", 1, 60)
    with database.reading() as session:
        (row,) = session.scalars(select(RateWindow))
        assert len(row.key) == 64
        assert "anna" not in row.key


def test_a_flood_costs_the_database_nothing_once_it_is_refused(rates: Rates, database: Database) -> None:
    for _ in range(100):
        rates.spend("a", "who", 3, 60)
    with database.reading() as session:
        assert session.scalar(select(RateWindow.hits)) == 4


def test_closed_windows_are_removed_now_and_then(rates: Rates, clock: Clock, database: Database) -> None:
    for who in range(5):
        rates.spend("a", str(who), 1, 60)
    clock.now += timedelta(minutes=6)
    rates.spend("a", "another", 1, 60)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RateWindow)) == 1


def test_what_a_process_remembers_is_bounded(database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webform.rates.MOST_REMEMBERED", 3)
    counter = DatabaseCounter(database, clock)
    for key in "abcdef":
        assert not counter.hit(key, 0, 60)
    assert len(counter._full) == 3
    clock.now += timedelta(seconds=61)
    counter.hit("g", 0, 60)
    assert set(counter._full) == {"g"}


class Failing:
    """A store that is down while it is told to be."""

    down = True

    def hit(self, key: str, limit: int, seconds: int) -> bool:
        if self.down:
            raise StorageError(ConnectionError("no such host"))
        return False


def test_a_store_that_is_down_lets_everybody_through_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    counter = Failing()
    rates = Rates(counter, "a key for tests")
    with caplog.at_level(logging.ERROR):
        assert all(rates.spend("a", "anna@example.com", 1, 60) for _ in range(5))
    assert [record.message for record in caplog.records] == ["rates cannot be counted, nobody is limited"]
    assert "anna" not in caplog.text
    counter.down = False
    assert not rates.spend("a", "anna@example.com", 1, 60)
    counter.down = True
    with caplog.at_level(logging.ERROR):
        rates.spend("a", "anna@example.com", 1, 60)
    assert len(caplog.records) == 2


@pytest.fixture
def broken(database: Database) -> Iterator[Rates]:
    RateWindow.__table__.drop(database.engine)
    yield open_rates(database, "a key for tests")
    RateWindow.__table__.create(database.engine)


def test_a_missing_table_lets_everybody_through(broken: Rates) -> None:
    assert broken.spend("a", "who", 0, 60)


def test_a_shared_store_counts_by_a_moving_window(database: Database) -> None:
    rates = open_rates(database, "a key for tests", "memory://")
    assert [rates.spend("a", "who", 2, 60) for _ in range(3)] == [True, True, False]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RateWindow)) == 0


def test_a_store_of_an_unknown_kind_is_refused_at_the_start(database: Database) -> None:
    with pytest.raises(SettingError, match="WEBFORM_RATE_STORAGE"):
        open_rates(database, "a key for tests", "carrier-pigeon://")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not an address", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_network_is_one_address_or_a_64th_of_the_new_ones(address: str | None, name: str) -> None:
    assert network(address) == name


@pytest.mark.parametrize("storage", ["", "memory://"])
def test_what_is_left_is_told_with_each_use(database: Database, storage: str) -> None:
    rates = open_rates(database, "a key for tests", storage)
    spent = [rates.weigh("a", "who", 2, 60) for _ in range(4)]
    assert [(each.allowed, each.left) for each in spent] == [(True, 1), (True, 0), (False, 0), (False, 0)]
    assert all(each.limit == 2 and 1 <= each.seconds <= 60 for each in spent)
