"""Bulk: many articles changed at once, in one transaction and one generation."""

from datetime import datetime

import pytest

from kb import bulk, trace, writing
from kb.articles import ArticleError, Status, Translation, save_translation
from kb.bulk import Act, Change
from kb.database import Database
from kb.generations import current_generation
from kb.trace import Asked


@pytest.fixture
def numbers(database: Database, now: datetime) -> list[int]:
    with database.writing() as session:
        return [
            save_translation(session, external_id=f"a{number}", language="en", title=f"Title {number}", body="Text.", status=status, category="Old", now=now).id
            for number, status in enumerate((Status.DRAFT, Status.PUBLISHED, Status.ARCHIVED))
        ]


def state(database: Database, numbers: list[int]) -> list[tuple[str, str, str, datetime | None]]:
    with database.reading() as session:
        return [(each.status, each.category, each.article.owner, each.article.review_at) for each in bulk.chosen(session, numbers)]


@pytest.mark.parametrize(
    ("change", "column", "value", "count", "raised"),
    [
        (Change(Act.PUBLISH), 0, "published", 2, 1),
        (Change(Act.ARCHIVE), 0, "archived", 2, 1),
        (Change(Act.CATEGORY, "New"), 1, "New", 3, 1),
        (Change(Act.CATEGORY, "Old"), 1, "Old", 0, 0),
        (Change(Act.OWNER, "anna@x.example"), 2, "anna@x.example", 3, 0),
    ],
)
def test_each_change_reaches_all_that_differ_and_raises_the_generation_once(
    database: Database, numbers: list[int], now: datetime, change: Change, column: int, value: str, count: int, raised: int
) -> None:
    with database.writing() as session:
        before = current_generation(session)
        assert len(bulk.would_change(bulk.chosen(session, numbers), change)) == count
        assert bulk.carry_out(session, [*numbers, *numbers, 999_999], change, actor="vera@x.example", now=now) == count
        assert current_generation(session) - before == raised
    assert [each[column] for each in state(database, numbers)] == [value] * 3
    with database.reading() as session:
        assert trace.page(session, Asked(actor="vera@x.example")).total == count


def test_a_review_date_is_set_and_taken_away(database: Database, numbers: list[int], now: datetime) -> None:
    for when in (now, None):
        with database.writing() as session:
            bulk.carry_out(session, numbers, Change(Act.REVIEW, review_at=when), actor="vera@x.example", now=now)
        assert {each[3] for each in state(database, numbers)} == {when}


def test_a_category_is_public_at_once_and_writers_changes_stay_ahead_of_it(database: Database, numbers: list[int], now: datetime) -> None:
    with database.writing() as session:
        public = session.get_one(Translation, numbers[1])
        base = writing.current(session, public)
        new = writing.Wording("A better title", base.body, base.summary, base.category, base.slug)
        writing.save(session, public, new, version=public.version, base=base, author="anna@x.example", now=now)
        bulk.carry_out(session, numbers, Change(Act.CATEGORY, "New"), actor="vera@x.example", now=now)
        assert (public.title, public.category, public.pending) == ("Title 1", "New", "draft")
        ahead = writing.current(session, public)
        assert (ahead.title, ahead.category) == ("A better title", "New")


def test_one_article_that_cannot_be_changed_keeps_all_as_they_are(database: Database, numbers: list[int], now: datetime) -> None:
    with pytest.raises(ArticleError), database.writing() as session:
        bulk.carry_out(session, numbers, Change(Act.CATEGORY, "two\nlines"), actor="vera@x.example", now=now)
    assert {each[1] for each in state(database, numbers)} == {"Old"}
