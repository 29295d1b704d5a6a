"""The list of articles: found and sorted by what staff ask for, and many changed at once after a look at the change."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from deflection import events, visits
from deflection.census import count
from deflection.events import Kind
from kb import upkeep
from kb.articles import Status, Translation
from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.desk_world import write_article
from webform.staff import RoleName

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
PAGE = "/staff/articles"


@pytest.fixture
def numbers(database: Database) -> dict[str, int]:
    """Five translations of four articles, each with something that a filter can ask for; ``seal`` is opened often and solves little."""
    with database.writing() as session:
        air = write_article(session, NOW - 5 * DAY, title="Air", external_id="air", category="Pumps")
        write_article(session, NOW - 4 * DAY, title="Seal", external_id="seal", category="Parts")
        write_article(session, NOW - 3 * DAY, title="Zима", external_id="winter", language="ru", status=Status.DRAFT, category="")
        write_article(session, NOW - 2 * DAY, title="Bill", external_id="bill", status=Status.IN_REVIEW, category="Money")
        air.translations.append(
            Translation(language="ru", title="Воздух", slug="vozduh", body="x", category="Насосы", status="published", created_at=NOW, updated_at=NOW)
        )
        session.flush()
        upkeep.keep(session, air, owner="writer@example.com", review_at=NOW - DAY, actor="", now=NOW)
        found = {each.title: each for each in session.query(Translation)}
        found["Seal"].pending = "review"
        for number in range(20):
            visit = visits.see(session, token=f"v{number}", language="en", scripted=True, engaged=True, holdout_share=0, secret="s", now=NOW)
            shown = [found["Seal"].article_id, air.id] if number < 12 else [air.id]
            events.record(session, visit, Kind.SHOWN, articles=shown, now=NOW)
            events.record(session, visit, Kind.OPENED, articles=shown, now=NOW)
            events.record(session, visit, Kind.SOLVED, articles=[air.id] if number else shown, now=NOW)
        numbers = {title: each.id for title, each in found.items()}
    count(database, NOW)
    return numbers


def listed(client: FlaskClient, query: str) -> list[str]:
    return re.findall(r'id="title-\d+"[^>]*><bdi><a [^>]*>([^<]*)</a>', client.get(f"{PAGE}?{query}").text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Воздух", "Bill", "Zима", "Seal", "Air"]),
        ("sort=title", ["Air", "Bill", "Seal", "Zима", "Воздух"]),
        ("sort=review", ["Воздух", "Air", "Bill", "Zима", "Seal"]),
        ("sort=shown", ["Воздух", "Air", "Seal", "Bill", "Zима"]),
        ("sort=solved", ["Seal", "Воздух", "Air", "Bill", "Zима"]),
        ("q=AIR", ["Воздух", "Air"]),
        ("status=review", ["Bill", "Seal"]),
        ("status=draft&language=ru", ["Zима"]),
        ("category=Pumps", ["Air"]),
        ("owner=writer@example.com", ["Воздух", "Air"]),
        ("owner=-&language=en", ["Bill", "Seal"]),
        ("review=due", ["Воздух", "Air"]),
        ("untranslated=ru", ["Bill", "Seal"]),
        ("untranslated=en", ["Zима"]),
        ("low=1", ["Seal"]),
        ("low=1&status=draft", []),
        ("status=nonsense&sort=nonsense&low=nonsense&page=99", ["Воздух", "Bill", "Zима", "Seal", "Air"]),
    ],
)
def test_articles_are_found_and_sorted(signed_in: SignIn, numbers: dict[str, int], query: str, found: list[str]) -> None:
    client = signed_in(RoleName.WRITER)
    titles = listed(client, query)
    assert (sorted(titles) if query == "sort=title" else titles) == (sorted(found) if query == "sort=title" else found)
    if query == "sort=title":  # How other alphabets follow each other is for the database to say.
        assert [title for title in titles if title.isascii()] == ["Air", "Bill", "Seal"]


def test_an_entry_says_who_answers_for_it_and_what_it_has_solved(signed_in: SignIn, numbers: dict[str, int]) -> None:
    page = signed_in(RoleName.WRITER).get(f"{PAGE}?q=seal&lang=en").text
    assert "shown 12 times" in page
    assert "solved 8% of those who opened it" in page
    assert "changes in review" in page
    assert "writer@example.com" in signed_in(RoleName.WRITER).get(f"{PAGE}?q=air").text


def post(client: FlaskClient, **fields: object) -> str:
    token = csrf_token(client.get(PAGE))
    return client.post(f"{PAGE}/bulk", data={"csrf_token": token, **fields}, follow_redirects=True).text


def statuses(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {each.title: each.status for each in session.query(Translation)}


def test_nothing_changes_before_it_is_confirmed_and_then_what_was_shown_changes(signed_in: SignIn, numbers: dict[str, int], database: Database) -> None:
    client = signed_in(RoleName.WRITER)
    before = statuses(database)
    page = post(client, act="publish", scope="chosen", number=[numbers["Bill"], numbers["Air"]], lang="en")
    assert "Publish 1 translation?" in page
    assert "1 more is so already" in page
    assert "Bill" in page
    assert statuses(database) == before
    assert "1 translation was changed." in post(client, act="publish", confirmed="1", number=[numbers["Bill"]])
    assert statuses(database) == before | {"Bill": "published"}


def test_all_that_was_found_can_be_changed(signed_in: SignIn, numbers: dict[str, int], database: Database) -> None:
    client = signed_in(RoleName.WRITER)
    page = post(client, act="archive", scope="found", language="ru")
    chosen = re.findall(r'name="number" value="(\d+)"', page)
    assert sorted(map(int, chosen)) == sorted([numbers["Воздух"], numbers["Zима"]])
    post(client, act="archive", confirmed="1", number=chosen, language="ru")
    assert {title for title, status in statuses(database).items() if status == "archived"} == {"Воздух", "Zима"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"act": "publish"}, "no article was chosen"),
        ({"act": "nonsense", "number": "1"}, "choose what to do"),
        ({"act": "owner", "set_owner": "stranger@x.example", "number": "1"}, "cannot sign in"),
        ({"act": "review", "set_review": "soon", "number": "1"}, "this is no date"),
        ({"act": "publish", "number": ["x", "99999999999999", "-1", ""]}, "no article was chosen"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    signed_in: SignIn, numbers: dict[str, int], database: Database, fields: dict[str, object], words: str
) -> None:
    before = statuses(database)
    assert words in post(signed_in(RoleName.WRITER), confirmed="1", **fields)
    assert statuses(database) == before
