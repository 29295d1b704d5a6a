"""The weekly report on its pages: leads say who gets it, readers end it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token
from webform import subscriptions
from webform.staff import RoleName
from webform.subscriptions import Subscription

PATH = "/staff/deflection/weekly"
FIELDS = {"email": "Boss@Example.com", "language": "ru", "weekday": "4", "hour": "17", "zone": "Europe/Berlin"}


@pytest.fixture
def lead(signed_in: SignIn) -> FlaskClient:
    return signed_in(RoleName.LEAD)


def post(client: FlaskClient, path: str = PATH, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client.get(PATH)), **fields}, follow_redirects=True)


def the_wish(database: Database) -> Subscription:
    with database.reading() as session:
        return session.scalars(select(Subscription)).one()


def test_a_lead_says_who_gets_it_when_and_takes_it_back(lead: FlaskClient, database: Database) -> None:
    assert "Nobody gets it yet." in lead.get(PATH).text
    page = post(lead, **FIELDS).text
    assert "boss@example.com gets the report from now on." in page
    assert "Friday, 17:00" in page
    post(lead, **FIELDS | {"weekday": "0"})
    wish = the_wish(database)
    assert (wish.email, wish.weekday, wish.hour, wish.zone, wish.language) == ("boss@example.com", 0, 17, "Europe/Berlin", "ru")
    preview = lead.get(f"{PATH}/preview?language=zh")
    assert "data:image/png;base64," in preview.text
    assert preview.headers["Content-Security-Policy"].startswith("sandbox;")
    assert "The report is sent there no more." in post(lead, f"{PATH}/{wish.id}/delete").text


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [("email", "no address", "email"), ("zone", "Mars/Base", "zone"), ("weekday", "7", "weekday"), ("hour", "24", "weekday"), ("language", "xx", "weekday")],
)
def test_what_cannot_be_is_said_beside_the_field(lead: FlaskClient, database: Database, field: str, value: str, wrong: str) -> None:
    answer = post(lead, **FIELDS | {field: value})
    assert answer.status_code == 422
    assert f'href="#{wrong}"' in answer.text
    with database.reading() as session:
        assert subscriptions.subscriptions(session) == []


def test_a_reader_ends_it_by_a_press_and_not_by_looking(lead: FlaskClient, client: FlaskClient, database: Database) -> None:
    post(lead, **FIELDS)
    path = f"/reports/{the_wish(database).stop_key}/stop"
    for language, words in (("en", "Get the weekly report no more?"), ("ru", "Больше не получать"), ("zh", "不再接收")):
        page = client.get(path, query_string={"lang": language})
        assert words in page.text
        assert "boss@" not in page.text
    assert the_wish(database).stopped_at is None
    assert "The report is sent no more" in client.post(path, data={"List-Unsubscribe": "One-Click"}).text
    first = the_wish(database).stopped_at
    assert first is not None
    client.post(path)
    assert the_wish(database).stopped_at == first
    assert "stopped by the reader" in lead.get(PATH).text
    assert [client.get("/reports/none/stop").status_code, client.post("/reports/none/stop").status_code] == [404, 404]
