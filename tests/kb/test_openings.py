from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from kb.articles import Article, Status, Visibility, save_translation
from kb.database import Database
from kb.openings import Openings, openings_by_day, popular
from kb.visibility import set_visibility


@pytest.fixture
def ids(database: Database, now: datetime) -> dict[str, int]:
    with database.writing() as session:
        return {
            name: save_translation(session, external_id=name, language="en", title=name, body="", status=Status.PUBLISHED, now=now).article_id
            for name in ("one", "two", "three")
        }


def test_what_is_opened_most_in_four_weeks_is_popular(database: Database, ids: dict[str, int], now: datetime) -> None:
    counter = Openings(database)
    for name, times, day in (("one", 1, 0), ("two", 3, 1), ("three", 9, 28)):
        for _ in range(times):
            counter.note(ids[name], "en", now - timedelta(days=day))
    counter.note(ids["one"], "ru", now)
    counter.write_down()
    counter.note(ids["two"], "en", now)
    counter.write_down()
    with database.reading() as session:
        assert [entry.slug for entry in popular(session, "en", 5, now)] == ["two", "one"]
        assert popular(session, "ru", 5, now) == ()
        assert openings_by_day(session, ids["two"], since=now.date() - timedelta(days=9)) == {now.date() - timedelta(days=1): 3, now.date(): 1}


def test_an_article_that_was_closed_is_popular_no_more_though_the_list_is_kept(database: Database, ids: dict[str, int], now: datetime) -> None:
    counter = Openings(database)
    counter.note(ids["one"], "en", now)
    counter.write_down()
    with database.reading() as session:
        assert [entry.slug for entry in counter.popular(session, "en", 5, now)] == ["one"]
    with database.writing() as session:
        set_visibility(session, session.get_one(Article, ids["one"]), Visibility.STAFF)
    with database.reading() as session:
        assert counter.popular(session, "en", 5, now) == ()


def test_what_cannot_be_written_is_counted_on(database: Database, ids: dict[str, int], now: datetime) -> None:
    counter = Openings(database)
    counter.note(ids["one"], "en", now)
    with database.writing() as session:
        session.execute(text("ALTER TABLE opening RENAME TO hidden"))
    counter.write_down()
    with database.writing() as session:
        session.execute(text("ALTER TABLE hidden RENAME TO opening"))
    counter.note(ids["one"], "en", now)
    counter.write_down()
    with database.reading() as session:
        assert openings_by_day(session, ids["one"], since=now.date()) == {now.date(): 2}
