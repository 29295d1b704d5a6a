"""Errands: one process at a time does each, and one that dies is followed by another."""

from datetime import datetime, timedelta

from kb.database import Database
from webform import errands

MINUTE = timedelta(minutes=1)


def take(database: Database, who: str, now: datetime) -> bool:
    with database.writing() as session:
        return errands.take(session, "gaps", who, every=MINUTE, lease=5 * MINUTE, now=now)


def test_what_one_holds_no_other_takes_until_the_lease_ends(database: Database, now: datetime) -> None:
    assert take(database, "one", now)
    assert not take(database, "other", now + MINUTE)
    assert take(database, "other", now + 5 * MINUTE)


def test_what_was_done_is_due_again_after_a_while(database: Database, now: datetime) -> None:
    assert take(database, "one", now)
    with database.writing() as session:
        errands.finish(session, "gaps", "one", now)
        assert errands.last_done(session, "gaps") == now
        assert errands.last_done(session, "others") is None
    assert not take(database, "other", now + MINUTE / 2)
    assert take(database, "other", now + MINUTE)


def test_who_does_not_hold_it_cannot_let_it_go(database: Database, now: datetime) -> None:
    assert take(database, "one", now)
    with database.writing() as session:
        errands.finish(session, "gaps", "other", now)
    assert not take(database, "other", now + 2 * MINUTE)


def test_a_clock_that_was_ahead_holds_nothing_up(database: Database, now: datetime) -> None:
    assert take(database, "one", now + timedelta(days=1))
    assert take(database, "other", now)
    with database.writing() as session:
        errands.finish(session, "gaps", "other", now + timedelta(days=1))
    assert take(database, "one", now)
