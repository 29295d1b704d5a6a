from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from deflection import work
from deflection.article_weeks import Figures
from deflection.census import count
from deflection.events import Kind
from deflection.work import Item
from kb.articles import Status, save_translation
from kb.database import Database
from tests.deflection.health_world import many, publish, visit

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def ordinary(database: Database, now: datetime) -> list[int]:
    """Eight articles that solve about half, met as often as not."""
    with database.writing() as session:
        articles = [publish(session, now - 300 * DAY, name=f"ordinary {number}").article_id for number in range(8)]
        for number, article in enumerate(articles):
            for weeks in range(1, 11):
                many(session, now - weeks * WEEK, article, solved=9 + number % 3, of=20, shown=20)
    return articles


def listed(session: Session, now: datetime) -> dict[str, Item]:
    ground = work.ground(session, now=now)
    return {item.key: item for item in work.items(session, ground, now=now)}


def test_articles_that_do_as_well_as_others_are_no_work(database: Database, ordinary: list[int], now: datetime) -> None:
    count(database, now)
    with database.reading() as session:
        assert listed(session, now) == {}


def test_an_article_that_surely_helps_fewer_is_worth_what_a_good_one_would_solve_more(database: Database, ordinary: list[int], now: datetime) -> None:
    with database.writing() as session:
        failing = publish(session, now - 300 * DAY, name="failing").article_id
        unlucky = publish(session, now - 300 * DAY, name="unlucky").article_id
        for weeks in range(1, 11):
            many(session, now - weeks * WEEK, failing, solved=2, of=20, shown=20)
        many(session, now - WEEK, unlucky, solved=4, of=12)
    count(database, now)
    with database.reading() as session:
        ground, found = work.ground(session, now=now), listed(session, now)
    assert list(found) == [f"failing:{failing}:en"]  # Four of twelve may be chance.
    item = found[f"failing:{failing}:en"]
    assert (item.figures.opened, item.figures.solved) == (200, 20)
    days = 6 + 13 * 7 - 21  # From the Monday of the first of ten weeks on.
    month = 200 * 30.44 / ground.days
    assert ground.days == pytest.approx(days, abs=1)
    assert item.helped.mean == pytest.approx(month * (ground.good - ground.belief(item.figures).mean), rel=0.02)
    assert 0 < item.helped.low < item.helped.mean < item.helped.high
    assert ground.solve.mean < ground.good < 0.7


def test_an_article_that_is_shown_and_not_opened_wants_a_better_title(database: Database, ordinary: list[int], now: datetime) -> None:
    with database.writing() as session:
        dull = publish(session, now - 300 * DAY, name="dull").article_id
        for weeks in range(1, 11):
            many(session, now - weeks * WEEK, dull, solved=1, of=2, shown=38)
    count(database, now)
    with database.reading() as session:
        found = listed(session, now)
    assert list(found) == [f"passed-over:{dull}:en"]
    assert 5 < found[f"passed-over:{dull}:en"].helped.mean < 100


def test_a_loss_is_worth_what_was_lost(database: Database, ordinary: list[int], now: datetime) -> None:
    with database.writing() as session:
        article = publish(session, now - 300 * DAY, name="old").article_id
        for weeks in range(1, 21):
            many(session, now - weeks * WEEK, article, solved=3 if weeks <= 4 else 11, of=20, shown=20)
    count(database, now)
    with database.reading() as session:
        found = listed(session, now)[f"decayed:{article}:en"]
    assert found.decay
    assert found.decay.lately.count == 12
    assert 0 < found.helped.mean < found.figures.opened


def test_a_translation_out_of_date_could_do_as_well_as_its_source(database: Database, ordinary: list[int], now: datetime) -> None:
    with database.writing() as session:
        article = publish(session, now - 300 * DAY, name="both", body="Clean the filter.\n\nWait for one minute.").article_id
        publish(session, now - 200 * DAY, name="both", language="ru", body="Очистите фильтр.\n\nПодождите минуту.")
        publish(session, now - 80 * DAY, name="both", body="Replace the filter by a new one.\n\nDo not wait. Call us when the red lamp is on.")
        for weeks in range(1, 11):
            many(session, now - weeks * WEEK, article, solved=10, of=20, shown=20)
            many(session, now - weeks * WEEK, article, solved=7, of=20, shown=20, language="ru")
        visit(session, now - WEEK, [(Kind.SHOWN, article), (Kind.DECLINED, article)], reason="out-of-date", language="ru")
    count(database, now)
    with database.reading() as session:
        found = listed(session, now)[f"outdated:{article}:ru"]
    assert (found.before_language, found.figures.out_of_date, found.since) == ("en", 1, now - 80 * DAY)
    assert found.before
    assert (found.before.solved, found.before.opened) == (100, 200)
    assert 2 < found.helped.mean < 0.5 * found.figures.opened


def test_what_customers_cannot_read_is_no_work(database: Database, ordinary: list[int], now: datetime) -> None:
    with database.writing() as session:
        article = publish(session, now - 300 * DAY, name="gone").article_id
        many(session, now - WEEK, article, solved=0, of=100)
        save_translation(session, external_id="gone", language="en", title="The gone hums", body="Clean the filter.", status=Status.ARCHIVED, now=now - DAY)
    count(database, now)
    with database.reading() as session:
        assert listed(session, now) == {}


def test_reviews_and_gaps_are_measured_by_the_same_rule(database: Database, ordinary: list[int], now: datetime) -> None:
    count(database, now)
    with database.reading() as session:
        ground = work.ground(session, now=now)
    review, unread = work.review(ground, ordinary[0], now - DAY), work.review(ground, 4711, now - DAY)
    assert review.helped.mean > unread.helped.mean == 0
    assert review.key == f"review:{ordinary[0]}:"
    small, large = work.gap(ground, 7, "en", 4, 91), work.gap(ground, 8, "en", 40, 91)
    assert large.helped.mean == pytest.approx(10 * small.helped.mean)
    assert large.helped.mean == pytest.approx(40 * 30.44 / 91 * ground.answer.mean)
    assert (large.key, large.figures) == ("gap:8", Figures())


def test_without_any_visit_nothing_is_claimed(database: Database, now: datetime) -> None:
    with database.reading() as session:
        ground = work.ground(session, now=now)
        assert work.items(session, ground, now=now) == []
    found = work.gap(ground, 1, "en", 3, 91).helped
    assert 0 < found.low < found.mean < found.high
