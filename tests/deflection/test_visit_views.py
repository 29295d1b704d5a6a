import json
import time
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from deflection.events import Event
from deflection.trails import Tried, trail
from deflection.visits import Visit
from kb.articles import Article
from kb.database import Database
from webform import create_app
from webform.around import RELEASE
from webform.tokens import Tokens
from webform.web import TOKENS


@pytest.fixture
def article(database: Database, now: datetime) -> int:
    with database.writing() as session:
        row = Article(external_id="a", created_at=now)
        session.add(row)
        session.flush()
        return row.id


@pytest.fixture
def tokens(app: Flask) -> Tokens:
    return app.extensions[TOKENS]


@pytest.fixture
def token(tokens: Tokens) -> str:
    return tokens.new_visit()


def rows(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0


def test_what_the_page_tells_becomes_the_trail(client: FlaskClient, database: Database, article: int, token: str, tokens: Tokens) -> None:
    for told in ({"kind": "opened"}, {"kind": "read", "seconds": 8}, {"kind": "read", "seconds": 3}, {"kind": "declined", "reason": "too-long"}):
        answer = client.post(f"/visits/{token}/events", json=told | {"article": article})
        assert (answer.status_code, answer.data) == (204, b"")
    with database.reading() as session:
        assert trail(session, tokens.read_visit(token, hours=1)) == [Tried(article, 0, opened=True, seconds_read=8, declined=True, reason="too-long")]


@pytest.mark.parametrize("content_type", ["application/json", "text/plain;charset=UTF-8"])
def test_a_beacon_may_send_either_type(client: FlaskClient, article: int, token: str, content_type: str) -> None:
    body = json.dumps({"kind": "solved", "article": article})
    assert client.post(f"/visits/{token}/events", data=body, content_type=content_type).status_code == 204


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data", "text/html", ""])
def test_any_other_type_is_refused(client: FlaskClient, database: Database, token: str, content_type: str) -> None:
    answer = client.post(f"/visits/{token}/events", data=b'{"kind": "solved"}', content_type=content_type)
    assert (answer.status_code, rows(database)) == (400, 0)


@pytest.mark.parametrize(
    "told", [{"kind": "shown", "article": 1}, {"kind": "submitted"}, {"kind": "solved", "article": 987}, [], {"kind": "solved", "text": "x"}]
)
def test_what_a_page_may_not_tell_is_refused(client: FlaskClient, database: Database, token: str, told: object) -> None:
    assert client.post(f"/visits/{token}/events", json=told).status_code == 400
    assert rows(database) == 0


@pytest.mark.parametrize("token", ["x", "a.b.c", "%00", "é", "." * 300])
def test_a_token_that_was_not_signed_here_is_refused(client: FlaskClient, database: Database, token: str) -> None:
    assert client.post(f"/visits/{token}/events", json={"kind": "solved"}).status_code == 403
    assert rows(database) == 0


def test_a_token_of_another_purpose_or_installation_is_refused(client: FlaskClient, tokens: Tokens) -> None:
    for foreign in (tokens.request_key("T-7F3K9Q"), Tokens("another key").new_visit()):
        assert client.post(f"/visits/{foreign}/events", json={"kind": "solved"}).status_code == 403


def test_an_expired_token_is_refused(client: FlaskClient, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = time.time() + 25 * 3600
    monkeypatch.setattr("time.time", lambda: tomorrow)
    assert client.post(f"/visits/{token}/events", json={"kind": "solved"}).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://other.example"}, {"Origin": "null"}]
)
def test_a_page_of_another_site_may_tell_nothing(client: FlaskClient, database: Database, token: str, headers: dict[str, str]) -> None:
    assert client.post(f"/visits/{token}/events", json={"kind": "solved"}, headers=headers).status_code == 403
    assert rows(database) == 0


def test_a_page_of_this_site_may(client: FlaskClient, token: str) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert client.post(f"/visits/{token}/events", json={"kind": "solved"}, headers=headers).status_code == 204


def test_a_body_that_is_too_long_is_not_read(client: FlaskClient, token: str) -> None:
    assert client.post(f"/visits/{token}/events", data=b" " * 3000, content_type="application/json").status_code == 413


def test_too_many_events_from_one_network_are_refused_and_told_when_to_come_back(settings: dict[str, str]) -> None:
    app = create_app(settings | {"SUGGESTIONS_PER_MINUTE": "1"}, environ={})
    client, token = app.test_client(), app.extensions[TOKENS].new_visit()
    answers = [client.post(f"/visits/{token}/events", json={"kind": "solved"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [204, 204, 204, 204, 429]
    assert answers[-1].headers["Retry-After"] == "60"


def test_an_event_of_a_visit_that_was_never_seen_begins_it_without_calling_it_engaged(client: FlaskClient, database: Database, token: str) -> None:
    client.post(f"/visits/{token}/events", json={"kind": "solved"})
    with database.reading() as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.engaged, visit.scripted) == (False, True)


def test_a_form_that_was_opened_is_counted_and_becomes_a_visit_with_the_first_character(client: FlaskClient, database: Database, token: str) -> None:
    client.get("/")
    place = {"device": "phone", "language": "ru", "embed": "https://stranger.example"}
    for told in ({"kind": "arrived"}, {"kind": "arrived"}, {"kind": "began", "browser": "m" * 22}):
        with database.reading() as session:
            assert [visit.begun for visit in session.scalars(select(Visit))] in ([], [False])
        assert client.post(f"/visits/{token}/events", json=told | place).status_code == 204
    with database.reading() as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.begun, visit.engaged, visit.device, visit.language, visit.site) == (True, False, "phone", "ru", "")
        assert (visit.typed_at is not None, visit.release == RELEASE, len(visit.browser or "")) == (True, True, 64)


@pytest.mark.parametrize(
    "name", ["Googlebot/2.1 (+http://www.google.com/bot.html)", "Mozilla/5.0 (compatible; bingbot/2.0)", "Twitterbot/1.0", "Screaming Frog SEO Spider/19"]
)
def test_what_robots_tell_is_not_counted(client: FlaskClient, database: Database, token: str, name: str) -> None:
    assert client.post(f"/visits/{token}/events", json={"kind": "arrived"}, headers={"User-Agent": name}).status_code == 204
    with database.reading() as session:
        assert session.scalars(select(Visit)).all() == []


@pytest.mark.parametrize(("hint", "device"), [("?1", "phone"), ("?0", "desktop"), ("cubist", "")])
def test_without_a_script_a_coarse_hint_tells_the_device(client: FlaskClient, database: Database, token: str, hint: str, device: str) -> None:
    client.post(f"/visits/{token}/events", json={"kind": "arrived"}, headers={"Sec-CH-UA-Mobile": hint})
    with database.reading() as session:
        assert session.scalars(select(Visit.device)).all() == [device]
