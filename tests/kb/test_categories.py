from datetime import datetime

import pytest

from kb.articles import store
from kb.categories import LIST_LENGTH, SHELF_LENGTH, languages, native_name, reader_language, shelf, shelves
from kb.database import Database
from kb.drafts import Draft, Status


def fill(database: Database, now: datetime, *drafts: Draft) -> None:
    with database.writing() as session:
        for draft in drafts:
            store(session, draft, now=now)


def test_shelves_stand_in_order_of_their_size_with_their_first_articles(database: Database, now: datetime) -> None:
    fill(
        database,
        now,
        *(Draft(f"p{number}", "en", f"Pump {number}", "", category="Pump") for number in range(7)),
        *(Draft(f"a{number}", "en", f"App {number}", "", category="App", summary="S") for number in range(2)),
        *(Draft(f"n{number}", "en", f"None {number}", "") for number in range(9)),
        Draft("d", "en", "Hidden", "", category="App", status=Status.DRAFT),
        Draft("x", "en", "Gone", "", category="Old", status=Status.ARCHIVED),
        Draft("p0", "ru", "Насос", "", category="Насос"),
    )
    with database.reading() as session:
        found = shelves(session, "en")
        assert [(each.category, each.total, len(each.entries)) for each in found] == [("Pump", 7, SHELF_LENGTH), ("App", 2, 2), ("", 9, SHELF_LENGTH)]
        assert [(entry.title, entry.slug, entry.summary) for entry in found[1].entries] == [("App 0", "app-0", "S"), ("App 1", "app-1", "S")]
        assert [each.category for each in shelves(session, "ru")] == ["Насос"]
        assert shelves(session, "zh") == []
        assert languages(session) == {"en": 18, "ru": 1}


def test_a_long_shelf_is_read_in_pages(database: Database, now: datetime) -> None:
    fill(database, now, *(Draft(f"p{number:03}", "en", f"Pump {number:03}", "", category="Pump") for number in range(LIST_LENGTH + 1)))
    with database.reading() as session:
        first, second, third = (shelf(session, "en", "Pump", page=page) for page in (1, 2, 3))
    assert (first.total, len(first.entries), len(second.entries), third.entries) == (LIST_LENGTH + 1, LIST_LENGTH, 1, ())
    assert second.entries[0].title == f"Pump {LIST_LENGTH:03}"


@pytest.mark.parametrize(
    ("wanted", "available", "chosen"),
    [
        (["ru"], ["en", "ru"], "ru"),
        (["", "zh"], ["en", "zh-CN"], "zh-CN"),
        (["zh-TW"], ["en", "zh"], "zh"),
        (["de", "ru"], ["en", "ru"], "ru"),
        (["de"], ["ru", "en"], "ru"),
        (["de"], [], "de"),
        ([], [], "en"),
    ],
)
def test_the_reader_gets_the_nearest_language_there_is(wanted: list[str], available: list[str], chosen: str) -> None:
    assert reader_language(wanted, available) == chosen


@pytest.mark.parametrize(("code", "name"), [("ru", "Русский"), ("zh", "中文"), ("de", "Deutsch"), ("zh-CN", "中文 (简体, 中国)"), ("qqq", "qqq"), ("x", "x")])
def test_a_language_is_named_in_itself(code: str, name: str) -> None:
    assert native_name(code) == name
