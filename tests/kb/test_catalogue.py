from datetime import datetime, timedelta

import pytest

from kb import catalogue
from kb.articles import Article, Status, Translation
from kb.database import Database


def add(database: Database, now: datetime, *titles: str, language: str = "en", status: Status = Status.PUBLISHED, category: str = "Pumps") -> None:
    with database.writing() as session:
        for number, title in enumerate(titles):
            article = Article(external_id=f"{language}-{title}"[:200], created_at=now)
            when = now + timedelta(seconds=number)
            row = Translation(
                language=language, slug=f"s-{hash(title)}", title=title, body="x", category=category, status=status, created_at=when, updated_at=when
            )
            article.translations.append(row)
            session.add(article)


def titles(database: Database, **wanted: str) -> list[str]:
    with database.reading() as session:
        return [entry.title for entry in catalogue.page(session, **wanted).entries]  # type: ignore[arg-type]


def test_the_latest_change_comes_first(database: Database, now: datetime) -> None:
    add(database, now, "One", "Two", "Three")
    assert titles(database) == ["Three", "Two", "One"]


@pytest.mark.parametrize("text", ["pump", "PUMP", "hums pump", "  Hums  ", "en-pump"])
def test_every_word_must_occur_whatever_its_case(text: str, database: Database, now: datetime) -> None:
    add(database, now, "Pump hums", "Pump leaks", category="")
    assert titles(database, text=text)[-1] == "Pump hums"
    assert titles(database, text=f"{text} nowhere") == []


@pytest.mark.parametrize("text", ["насос", "НАСОС", "Насос", "гудит"])
def test_russian_words_are_found_whatever_their_case(text: str, database: Database, now: datetime) -> None:
    add(database, now, "Насос гудит", language="ru")
    assert titles(database, text=text) == ["Насос гудит"]


@pytest.mark.parametrize("text", ["100%", "a_b", "c\\d"])
def test_signs_that_a_database_reads_as_any_letter_are_letters(text: str, database: Database, now: datetime) -> None:
    add(database, now, "Title 100% sure", "Title 1000 sure", "Title a_b", "Title axb", "Title c\\d", category="")
    assert len(titles(database, text=text)) == 1


def test_a_null_character_finds_nothing_and_breaks_nothing(database: Database, now: datetime) -> None:
    add(database, now, "Pump")
    assert titles(database, text="\0pump\0") == ["Pump"]


def test_state_and_language_narrow_the_list(database: Database, now: datetime) -> None:
    add(database, now, "Public")
    add(database, now, "Draft", status=Status.DRAFT)
    add(database, now, "Открыто", language="ru")
    assert titles(database, status="draft") == ["Draft"]
    assert titles(database, language="ru") == ["Открыто"]
    assert titles(database, status="draft", language="ru") == []
    with database.reading() as session:
        assert catalogue.languages(session) == {"en": 2, "ru": 1}


def test_pages_hold_fifty_and_a_page_too_far_is_the_last(database: Database, now: datetime) -> None:
    add(database, now, *(f"Article {number:03}" for number in range(120)))
    with database.reading() as session:
        first, last = catalogue.page(session), catalogue.page(session, number=99)
    assert (first.total, first.pages, len(first.entries), first.entries[0].title) == (120, 3, 50, "Article 119")
    assert (last.number, len(last.entries), last.entries[-1].title) == (3, 20, "Article 000")


def test_an_empty_catalogue_has_one_empty_page(database: Database) -> None:
    with database.reading() as session:
        assert catalogue.page(session) == catalogue.CataloguePage([], 0, 1, 1)
