"""The work list on the desk: what is said of each task, putting aside, and the hours."""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from kb import trace
from kb.database import Database
from kb.trace import Asked
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.test_work_list import furnish


@pytest.fixture
def failing(database: Database) -> int:
    return furnish(database, datetime.now(UTC))


def text(client: FlaskClient, path: str = "/staff/work") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def post(client: FlaskClient, path: str = "/staff/work", **fields: str) -> str:
    token = csrf_token(client.get("/staff/work"))
    response = client.post(path, data={"csrf_token": token, **fields}, follow_redirects=True)
    return f"{response.status_code} " + " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def test_every_task_has_its_reason_its_figures_and_the_place_where_it_is_done(signed_in: SignIn, failing: int) -> None:
    client = signed_in("writer")
    page = text(client)
    assert "Check what has changed · English" in page
    assert re.search(r"In the last (4|13) weeks: \d+ of \d+ \(\d", page)
    assert "helps few" in page
    assert "The English text it was made from changed on" in page
    assert re.search(r"About \d[\d.,]* customers a month more \([\d.,]+ to [\d.,]+\), 1 h", page)
    places = client.get("/staff/work").text
    assert f'href="/staff/articles/{failing}/en"' in places
    assert f'href="/staff/articles/{failing}/translations?from=en&amp;to=ru"' in places
    assert f'href="/staff/articles/{failing}/health?language=ru"' in places


def test_what_is_done_stays_away_is_traced_and_can_be_listed_again(signed_in: SignIn, failing: int, database: Database) -> None:
    client = signed_in("writer")
    page = post(client, key=f"outdated:{failing}:ru", verdict="done")
    assert "It stays away until" in page
    assert "translation out of date · done · writer@example.com · back on" in page
    assert "It is in the list again." in post(client, key=f"outdated:{failing}:ru", verdict="back")
    with database.reading() as session:
        assert [(deed.action, deed.actor) for deed in trace.page(session, Asked(kind="work")).deeds] == [
            ("restored", "writer@example.com"),
            ("dismissed", "writer@example.com"),
        ]


@pytest.mark.parametrize("key", ["", "pump", "failing:1:en\n", "failing:12345678901:en", "failing:1:" + "e" * 40, "gap:-1"])
def test_what_is_no_task_is_refused(signed_in: SignIn, key: str) -> None:
    assert post(signed_in("writer"), key=key, verdict="done").startswith("422")


def test_a_lead_says_what_work_takes_and_a_writer_reads_it(signed_in: SignIn, failing: int) -> None:
    lead = signed_in("lead")
    hours = {"failing": "1,5", "decayed": "0.7", "passed-over": "0.5", "outdated": "1", "review": "0.5", "gap": "3"}
    assert "The hours are changed" in post(lead, "/staff/work/hours", **hours)
    assert ", 0.7 h" in text(lead)
    assert "Nothing was changed: hours are numbers from 0.1 to 100." in post(lead, "/staff/work/hours", **(hours | {"gap": "many"}))
    writer = signed_in("writer")
    assert "Check what has changed 0.7" in text(writer)
    assert post(writer, "/staff/work/hours", **hours).startswith("403")


@pytest.mark.parametrize("query", ["?kind=failing&language=en", "?kind=%00&language=%00&page=x", "?page=999"])
def test_any_question_is_answered(signed_in: SignIn, failing: int, query: str) -> None:
    assert signed_in("writer").get(f"/staff/work{query}").status_code == 200


def test_a_new_installation_has_nothing_to_do(signed_in: SignIn) -> None:
    assert "Nothing here deserves an hour." in text(signed_in("writer"))
