from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import select

from deflection.article_weeks import ArticleWeek, Figures, by_article, first_week, total, weeks_of
from deflection.census import count, counted_at
from deflection.events import Kind, record
from deflection.retention import forget
from deflection.visits import find_visit
from kb.database import Database
from kb.publications import publications_of
from tests.deflection.health_world import many, publish, visit

DAY = timedelta(days=1)


def rows(database: Database) -> list[tuple[str, str, int, str, int, int, int]]:
    with database.reading() as session:
        found = session.scalars(select(ArticleWeek).order_by(ArticleWeek.week, ArticleWeek.article_id, ArticleWeek.language, ArticleWeek.revision_id))
        return [(f"{row.week}", row.language, row.revision_id, row.topic, row.shown, row.opened, row.solved) for row in found]


def test_visits_are_counted_by_the_revision_that_was_public_when_they_met_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        article = publish(session, now - 20 * DAY).article_id
        many(session, now - 19 * DAY, article, solved=1, of=4, shown=2)
        translation = publish(session, now - 10 * DAY, body="Clean the filter and the valve.")
        many(session, now - 10 * DAY + timedelta(hours=1), article, solved=3, of=4)
        first, second = (public.revision_id for public in publications_of(session, [translation.id]))
        many(session, now - 30 * DAY, article, solved=0, of=1)
    assert count(database, now)
    assert rows(database) == [
        ("2026-10-19", "en", 0, "pump", 1, 1, 0),
        ("2026-11-02", "en", first, "pump", 6, 4, 1),
        ("2026-11-09", "en", second, "pump", 4, 4, 3),
    ]


def test_the_language_is_that_of_the_text_shown_or_else_of_the_visit_or_else_the_only_one(database: Database, now: datetime) -> None:
    with database.writing() as session:
        both = publish(session, now - 20 * DAY).article_id
        publish(session, now - 20 * DAY, language="ru", body="Очистите фильтр.")
        only = publish(session, now - 20 * DAY, name="valve").article_id
        seen = find_visit(session, "none")
        visit(session, now - DAY, [(Kind.OPENED, both)], language="ru")
        visit(session, now - DAY, [(Kind.OPENED, only)], language="ru")
        visit(session, now - DAY, [(Kind.OPENED, both)], language="zh", token="told", last_seen_at=now)
        seen = find_visit(session, "told")
        assert seen
        record(session, seen, Kind.SHOWN, articles=[both], languages=["en"], now=now)
    count(database, now)
    with database.reading() as session:
        assert sorted((row.language, row.opened) for row in weeks_of(session, both)) == [("en", 1), ("ru", 1)]
        assert [row.language for row in weeks_of(session, only)] == ["en"]


def test_counting_again_replaces_what_could_change_and_leaves_what_is_old(database: Database, now: datetime) -> None:
    with database.writing() as session:
        article = publish(session, now - 90 * DAY).article_id
        many(session, now - 60 * DAY, article, solved=5, of=9)
        visit(session, now - DAY, [(Kind.SHOWN, article), (Kind.SOLVED, article)], person="a" * 64)
    assert count(database, now)
    assert not count(database, now + timedelta(hours=1))
    assert forget(database, days=31, now=now) == 9
    with database.writing() as session:
        visit(session, now + timedelta(hours=2), [(Kind.SUBMITTED, 0)], person="a" * 64)
    assert count(database, now + timedelta(hours=3))
    with database.reading() as session:
        old, new = weeks_of(session, article)[0], total(weeks_of(session, article)[1:])
        assert (old.opened, old.solved) == (9, 5)
        assert new == Figures(shown=1, opened=1, read=1, sent=1, returned=1)
        assert counted_at(session) == now + timedelta(hours=3)


def test_an_installation_without_visits_has_counted_nothing(database: Database, now: datetime) -> None:
    assert not count(database, now)
    with database.reading() as session:
        assert counted_at(session) is None


def test_several_processes_that_count_at_once_count_everything_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        article = publish(session, now - 30 * DAY).article_id
        for weeks in range(4):
            many(session, now - weeks * 7 * DAY, article, solved=2, of=5)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: count(database, now), range(8)))
    with database.reading() as session:
        assert total(weeks_of(session, article)).opened == 20


def test_lists_add_up_the_last_weeks_of_each_article_over_its_languages(database: Database, now: datetime) -> None:
    with database.writing() as session:
        pump, valve = publish(session, now - 200 * DAY).article_id, publish(session, now - 200 * DAY, name="valve").article_id
        publish(session, now - 200 * DAY, language="ru", body="Очистите фильтр.")
        many(session, now - 7 * DAY, pump, solved=1, of=4, shown=2)
        many(session, now - 14 * DAY, pump, solved=2, of=3, language="ru")
        many(session, now - 14 * 7 * DAY, pump, solved=9, of=9)
        many(session, now - DAY, valve, solved=0, of=1)
    count(database, now)
    with database.reading() as session:
        table = by_article(since=first_week(now))
        found = {row.article_id: (row.shown, row.opened, row.solved) for row in session.execute(select(table))}
        assert found == {pump: (9, 7, 3), valve: (1, 1, 0)}
        assert [row.article_id for row in session.execute(select(by_article([valve], since=first_week(now))))] == [valve]
