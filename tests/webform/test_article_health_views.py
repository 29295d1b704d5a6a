"""The page about the health of an article: its figures, their doubt, and who may see it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from deflection.census import count
from deflection.events import Kind
from kb.articles import Translation
from kb.database import Database
from kb.helpfulness import vote
from kb.looking import Search, note, note_found, words_of
from kb.reasons import Reason
from tests.deflection.health_world import many, publish, visit
from tests.webform.conftest import SignIn

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def article(database: Database, now: datetime) -> int:
    """An article in two languages, revised once for the better, which decays in Russian."""
    with database.writing() as session:
        number = publish(session, now - 200 * DAY, note="First words").article_id
        publish(session, now - 200 * DAY, language="ru", body="Очистите фильтр.")
        publish(session, now - 31 * DAY, body="Clean the filter, then the valve.", note="The valve <b>too</b>")
        for weeks in range(1, 20):
            many(session, now - weeks * WEEK, number, solved=12 if weeks < 5 else 4, of=20, shown=5)
            many(session, now - weeks * WEEK, number, solved=1 if weeks < 5 else 12, of=20, language="ru", topic="app")
        visit(session, now - 8 * DAY, [(Kind.SHOWN, number), (Kind.DECLINED, number)], reason="steps-failed")
    count(database, now)
    return number


def text(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def test_the_page_tells_every_step_every_ending_and_every_revision(signed_in: SignIn, article: int) -> None:
    page = text(signed_in("writer"), f"/staff/articles/{article}/health?weeks=52")
    assert "The pump hums" in page
    assert "Opened 761" in page
    assert "Solved 292 38.4%" in page
    assert "the steps failed 1 100%" in page
    assert "81 48 59% 48%–69% better: +39 points +27 to +50 points" in page
    assert "The valve &lt;b&gt;too&lt;/b&gt;" in page
    assert "the first one counted" in page
    assert "Russian 380 380" in page
    assert page.count("How is this counted") == 9


def test_an_alarm_names_the_language_and_both_sides(signed_in: SignIn, article: int) -> None:
    client = signed_in("writer")
    page = text(client, f"/staff/articles/{article}/health")
    assert "It solves less than it did, in Russian." in page
    assert "In the last 4 weeks: 4 of 80 (5%). In the year before: 180 of 300 (60%)." in page
    assert re.search(r"Chance alone would do this at most once in 1,000,000 times", page)
    assert "It solves less" not in text(client, f"/staff/articles/{article}/health?language=en")


def test_a_language_and_a_period_can_be_chosen_and_nonsense_chooses_nothing(signed_in: SignIn, article: int) -> None:
    client = signed_in("writer")
    russian = client.get(f"/staff/articles/{article}/health?language=ru&weeks=4").text
    assert '<option value="ru" selected>' in russian
    assert russian.count('class="drawn-point"') in {3, 4}
    assert client.get(f"/staff/articles/{article}/health?language=%00&weeks=-1").text.count("selected") == 1


def test_an_article_that_nobody_opened_says_that_there_is_not_enough_data(signed_in: SignIn, database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = publish(session, now).article_id
    page = text(signed_in("writer"), f"/staff/articles/{number}/health")
    assert "Not enough data yet" in page
    assert "Nothing has been counted yet." in page


@pytest.mark.parametrize("number", [4711, 2**40])
def test_an_article_that_does_not_exist_has_no_page(signed_in: SignIn, number: int) -> None:
    assert signed_in("writer").get(f"/staff/articles/{number}/health").status_code == 404


def test_what_readers_said_and_looked_for_stands_beside_it(signed_in: SignIn, database: Database, article: int, now: datetime) -> None:
    with database.writing() as session:
        found = {each.language: each for each in session.scalars(select(Translation).where(Translation.article_id == article))}
        for number in range(4):
            vote(session, found["en"], helpful=number > 0, reason=None if number else Reason.STEPS_FAILED, mark=f"{number}", now=now)
        vote(session, found["ru"], helpful=False, mark="ru", now=now)
        vote(session, found["en"], helpful=False, mark="long ago", now=now - 190 * DAY)
        words, kept = words_of("clean filter", "en")
        for network in range(4):
            search = Search("k", kept, "en", f"network {network}")
            note(session, search, in_vain=False, now=now)
            note_found(session, "k", article)
    assert words
    page = text(signed_in("writer"), f"/staff/articles/{article}/health")
    assert "English 3 1 75.0%" in page
    assert "Russian 0 1 0.0%" in page
    assert "the steps failed 1 50%" in page
    assert re.search(r"Found nothing clean filter 4 4 0", page)
    russian = text(signed_in("writer"), f"/staff/articles/{article}/health?language=ru")
    assert "No words that several people looked for" in russian
    assert "English 3 1" not in russian


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_the_page_is_told_in_every_language(signed_in: SignIn, article: int, language: str) -> None:
    page = signed_in("writer").get(f"/staff/articles/{article}/health", headers={"Accept-Language": language}).text
    assert f'<html lang="{language}"' in page
