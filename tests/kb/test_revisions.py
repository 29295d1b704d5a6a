from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kb.articles import save_translation
from kb.database import Database
from kb.revisions import revisions_of


def save(session: Session, body: str, now: datetime, author: str = "ann", note: str = "") -> int:
    return save_translation(session, external_id="x", language="en", title="T", body=body, author=author, note=note, now=now).id


def bodies(session: Session, number: int) -> list[str]:
    return [revision.body for revision in revisions_of(session, number)]


def test_a_save_within_ten_minutes_amends_the_last_revision(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save(session, "one", now, note="first")
        number = save(session, "two", now + timedelta(minutes=9, seconds=59))
        assert bodies(session, number) == ["two"]
        assert revisions_of(session, number)[0].note == "first"


def test_ten_minutes_count_from_the_first_save_of_a_revision(database: Database, now: datetime) -> None:
    with database.writing() as session:
        for minute in range(0, 25, 5):
            number = save(session, f"at {minute}", now + timedelta(minutes=minute))
        assert bodies(session, number) == ["at 20", "at 15", "at 5"]


def test_another_author_never_amends(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save(session, "one", now)
        save(session, "two", now + timedelta(minutes=1), author="ben")
        number = save(session, "three", now + timedelta(minutes=2))
        assert bodies(session, number) == ["three", "two", "one"]


def test_a_clock_that_went_back_amends_nothing(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save(session, "one", now)
        number = save(session, "two", now - timedelta(minutes=1))
        assert sorted(bodies(session, number)) == ["one", "two"]


def test_a_save_that_changes_no_text_leaves_no_revision(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save(session, "one", now)
        number = save(session, "one", now + timedelta(days=1), note="again")
        assert bodies(session, number) == ["one"]
