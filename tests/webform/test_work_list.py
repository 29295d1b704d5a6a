from datetime import datetime, timedelta

from flask import Flask

from deflection import put_aside
from deflection.census import count
from deflection.efforts import set_hours
from deflection.put_aside import Verdict
from deflection.work import WorkKind
from kb.articles import Article
from kb.database import Database
from tests.deflection.health_world import many, publish
from tests.webform.gap_world import ask_everything, group
from webform import work_list

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def furnish(database: Database, now: datetime) -> int:
    """Put ten articles on the desk of which one helps few and has decayed, and whose Russian text is out of date."""
    with database.writing() as session:
        failing = publish(session, now - 300 * DAY, name="failing", body="Clean the filter.\n\nWait for one minute.").article_id
        publish(session, now - 250 * DAY, name="failing", language="ru", body="Очистите фильтр.\n\nПодождите минуту.")
        publish(session, now - 200 * DAY, name="failing", body="Replace the filter by a new one.\n\nDo not wait. Call us when the red lamp is on.")
        ordinary = [publish(session, now - 300 * DAY, name=f"ordinary {number}").article_id for number in range(8)]
        for weeks in range(1, 21):
            many(session, now - weeks * WEEK, failing, solved=1 if weeks < 12 else 12, of=20, shown=20)
            many(session, now - weeks * WEEK, failing, solved=8, of=10, shown=10, language="ru")
            for article in ordinary:
                many(session, now - weeks * WEEK, article, solved=10, of=20, shown=20)
    count(database, now)
    return failing


def test_all_kinds_of_work_are_ordered_by_customers_helped_per_hour(app: Flask, database: Database, now: datetime) -> None:
    failing = furnish(database, now)
    ask_everything(app, database, now)
    group(app, database, now)
    with database.reading() as session:
        page = work_list.page(session, now=now)
        titles = work_list.titles(session, page.tasks)
    assert [task.per_hour for task in page.tasks] == sorted((task.per_hour for task in page.tasks), reverse=True)
    assert {WorkKind.DECAYED, WorkKind.OUTDATED, WorkKind.GAP} <= {task.item.kind for task in page.tasks}
    first = page.tasks[0]
    assert (first.item.kind, first.also, first.item.article_id) == (WorkKind.DECAYED, (WorkKind.FAILING,), failing)
    assert len({(task.item.article_id, task.item.gap_id, task.item.language) for task in page.tasks}) == len(page.tasks) == page.total
    assert all(titles[task.item.key] for task in page.tasks)


def test_other_hours_make_another_order_but_not_another_text_twice(database: Database, now: datetime) -> None:
    furnish(database, now)
    with database.writing() as session:
        set_hours(session, WorkKind.DECAYED, 50.0)
    with database.reading() as session:
        first = work_list.page(session, now=now).tasks[0]
        assert (first.item.kind, first.also) == (WorkKind.FAILING, (WorkKind.DECAYED,))


def test_what_is_put_aside_is_listed_apart_until_it_comes_back(database: Database, now: datetime) -> None:
    failing = furnish(database, now)
    with database.writing() as session:
        for kind in (WorkKind.DECAYED, WorkKind.FAILING):
            put_aside.put_aside(session, f"{kind}:{failing}:en", Verdict.DONE, who="anna@example.com", now=now)
    with database.reading() as session:
        page = work_list.page(session, now=now)
        assert {task.item.kind for task in page.tasks} == {WorkKind.OUTDATED}
        assert [task.away.put_by for task in page.away if task.away] == ["anna@example.com"] * 2
        later = now + put_aside.AWAY[Verdict.DONE]
        assert (failing, "en") in {(task.item.article_id, task.item.language) for task in work_list.page(session, now=later).tasks}


def test_a_review_is_listed_from_the_day_it_is_due(database: Database, now: datetime) -> None:
    article = furnish(database, now) + 1
    with database.writing() as session:
        session.get_one(Article, article).review_at = now + DAY
    with database.reading() as session:
        assert WorkKind.REVIEW not in {task.item.kind for task in work_list.page(session, now=now).tasks}
        (task,) = [task for task in work_list.page(session, now=now + DAY).tasks if task.item.kind is WorkKind.REVIEW]
        assert (task.item.article_id, task.item.since, task.item.figures.opened) == (article, now + DAY, 220)
        assert work_list.titles(session, [task])[task.item.key] == "The ordinary 0 hums"


def test_a_kind_and_a_language_can_be_asked_for(database: Database, now: datetime) -> None:
    furnish(database, now)
    with database.reading() as session:
        russian = work_list.page(session, language="ru", now=now)
        assert {task.item.language for task in russian.tasks} == {"ru"}
        assert russian.languages == ["en", "ru"]
        assert [task.item.kind for task in work_list.page(session, kind="failing", now=now).tasks] == [WorkKind.DECAYED]  # Which names the other.
        assert work_list.page(session, kind="gap", now=now).tasks == []
        beyond = work_list.page(session, now=now, number=99, per_page=1)
        assert (beyond.number, beyond.pages, len(beyond.tasks)) == (2, 2, 1)
