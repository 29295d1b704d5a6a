from datetime import datetime, timedelta

import pytest

from deflection.article_health import Change, compare, health
from deflection.article_weeks import Figures
from deflection.census import count
from deflection.events import Kind, Reason
from kb.articles import Status, save_translation
from kb.database import Database
from tests.deflection.health_world import many, publish, visit

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def figures(solved: int, opened: int) -> Figures:
    return Figures(shown=opened, opened=opened, read=solved, solved=solved)


def test_every_revision_is_held_against_the_one_before(database: Database, now: datetime) -> None:
    with database.writing() as session:
        article = publish(session, now - 60 * DAY, note="First words").article_id
        many(session, now - 50 * DAY, article, solved=10, of=60)
        publish(session, now - 30 * DAY, body="Clean the filter, then the valve.", note="The valve, too")
        many(session, now - 20 * DAY, article, solved=35, of=60, topic="app")
        publish(session, now - 3 * DAY, body="Clean the filter, then the valve, then wait.")
        many(session, now - 2 * DAY, article, solved=1, of=3)
    count(database, now)
    with database.reading() as session:
        found = health(session, article, weeks=13, now=now)
    third, second, first = found.editions
    assert [edition.figures.opened for edition in found.editions] == [3, 60, 60]
    assert (first.against.change, second.against.change, third.against.change) == (Change.FIRST, Change.BETTER, Change.UNCLEAR)
    assert (second.note, second.author, second.public_until) == ("The valve, too", "anna@example.com", third.public_from)
    assert third.public_until is None
    assert second.against.difference == pytest.approx(25 / 60)
    assert second.against.interval
    assert 0 < second.against.interval.low < 25 / 60 < second.against.interval.high
    assert third.against.needed is None  # Three openings do not even tell how many more would.
    assert found.figures.solve_rate.count == 46
    assert found.topics == [("pump", found.topics[0][1]), ("app", found.topics[1][1])]
    assert [len(found.weeks), sum(week.opened for _, week in found.weeks)] == [13, 123]
    assert found.has_enough


def test_a_text_that_is_public_again_is_one_revision(database: Database, now: datetime) -> None:
    with database.writing() as session:
        article = publish(session, now - 60 * DAY).article_id
        save_translation(
            session, external_id="pump", language="en", title="The pump hums", body="Clean the filter.", status=Status.ARCHIVED, now=now - 40 * DAY
        )
    with database.reading() as session:
        (only,) = health(session, article, weeks=4, now=now).editions
        assert only.public_until == now - 40 * DAY
    with database.writing() as session:
        publish(session, now - 20 * DAY)
    with database.reading() as session:
        assert health(session, article, weeks=4, now=now).editions[0].public_until is None


def test_a_language_can_be_looked_at_by_itself(database: Database, now: datetime) -> None:
    with database.writing() as session:
        article = publish(session, now - 60 * DAY).article_id
        publish(session, now - 60 * DAY, language="ru", body="Очистите фильтр.")
        many(session, now - 2 * DAY, article, solved=1, of=4)
        many(session, now - 2 * DAY, article, solved=3, of=5, language="ru")
        visit(session, now - 2 * DAY, [(Kind.SHOWN, article), (Kind.DECLINED, article)], reason="out-of-date", language="ru")
    count(database, now)
    with database.reading() as session:
        every, russian = health(session, article, weeks=4, now=now), health(session, article, weeks=4, language="ru", now=now)
    assert [(name, found.opened) for name, found in every.languages] == [("ru", 6), ("en", 4)]
    assert russian.languages == every.languages
    assert (every.figures.opened, russian.figures.opened, russian.figures.solved) == (10, 6, 3)
    assert next(iter(russian.figures.reasons.items())) == (Reason.OUT_OF_DATE, 1)
    assert (russian.figures.silent, russian.figures.sent_silently) == (2, 0)
    assert {edition.language for edition in russian.editions} == {"ru"}
    assert len(every.editions) == 2


def test_a_translation_that_decays_alarms_until_it_is_revised(database: Database, now: datetime) -> None:
    with database.writing() as session:
        article = publish(session, now - 300 * DAY).article_id
        publish(session, now - 300 * DAY, language="ru", body="Очистите фильтр.")
        for weeks in range(1, 20):
            many(session, now - weeks * WEEK, article, solved=2 if weeks <= 4 else 12, of=20)
            many(session, now - weeks * WEEK, article, solved=12, of=20, language="ru")
    count(database, now)
    with database.reading() as session:
        (decay,) = (alarms := health(session, article, weeks=4, now=now).alarms).values()
        assert list(alarms) == ["en"]
        assert (decay.weeks, decay.lately.count, decay.lately.of, decay.before.of) == (4, 8, 80, 300)
        assert decay.allowed == pytest.approx(0.05 / 208)
    with database.writing() as session:
        publish(session, now - DAY, body="Press the button instead.")
    with database.reading() as session:
        assert health(session, article, weeks=4, now=now).alarms == {}


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [((9, 10), (1, 10), Change.BETTER), ((1, 10), (9, 10), Change.WORSE), ((6, 20), (5, 20), Change.UNCLEAR), ((5, 10), (5, 10), Change.UNCLEAR)],
)
def test_a_difference_that_chance_could_make_is_said_to_be_unclear(now: tuple[int, int], before: tuple[int, int], change: Change) -> None:
    assert compare(figures(*now), figures(*before)).change is change


def test_how_many_openings_are_still_needed_is_told_where_it_can_be() -> None:
    assert compare(figures(30, 100), figures(25, 100)).needed == pytest.approx(1150, abs=10)
    assert compare(figures(25, 100), figures(25, 100)).needed is None
    assert compare(figures(0, 0), figures(5, 10)).interval is None


def test_an_article_that_nobody_met_has_a_health_of_zeros(database: Database, now: datetime) -> None:
    with database.reading() as session:
        found = health(session, 4711, weeks=4, now=now)
    assert (found.figures, found.editions, found.alarms, found.counted_at, found.has_enough) == (Figures(), [], {}, None, False)
