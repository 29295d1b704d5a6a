"""When there is enough to learn from."""

from datetime import datetime

from kb.database import Database
from kb.examples import add_example
from kb.growth import FEWEST, LONGEST_SECONDS, LOOK_SECONDS, Growth
from kb.tending import delete


class Clock:
    """A clock that is set by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def add(database: Database, now: datetime, names: range) -> list[int]:
    with database.writing() as session:
        return [add_example(session, f"text {number}", "en", None, "staff", now).id for number in names]


def test_a_lesson_is_due_after_twenty_examples_or_an_hour_after_one(database: Database, now: datetime) -> None:
    clock = Clock()
    growth = Growth(database, clock)
    assert not growth.is_due()
    growth.learn()
    for count, seconds, due in ((0, LONGEST_SECONDS, False), (FEWEST - 1, LONGEST_SECONDS + LOOK_SECONDS, True)):
        add(database, now, range(count))
        clock.seconds = seconds
        assert growth.is_due() is due
    growth.learn()
    add(database, now, range(100, 100 + FEWEST - 1))
    clock.seconds += LOOK_SECONDS
    assert not growth.is_due()
    add(database, now, range(200, 201))
    assert not growth.is_due(), "it looks only now and then"
    clock.seconds += LOOK_SECONDS
    assert growth.is_due()


def test_where_there_are_many_a_tenth_must_be_new(database: Database, now: datetime) -> None:
    clock = Clock()
    growth = Growth(database, clock)
    add(database, now, range(400))
    growth.learn()
    add(database, now, range(1000, 1039))
    clock.seconds += LOOK_SECONDS
    assert not growth.is_due()
    add(database, now, range(2000, 2001))
    clock.seconds += LOOK_SECONDS
    assert growth.is_due()


def test_what_was_changed_or_deleted_counts_as_new(database: Database, now: datetime) -> None:
    clock = Clock()
    growth = Growth(database, clock)
    numbers = add(database, now, range(FEWEST))
    growth.learn()
    with database.writing() as session:
        assert delete(session, numbers, "anna@example.com", now) == FEWEST
    clock.seconds += LOOK_SECONDS
    assert growth.is_due()
