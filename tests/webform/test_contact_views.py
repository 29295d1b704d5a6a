import io
import re
import sqlite3
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from kb import web as kb_web
from kb.database import Database
from tests.webform.form_world import FIELDS, HUM, events, heading, open_form, said, send, tickets, visit_token, write_articles
from tests.webform.test_bare_pictures import opened, picture, png
from webform import contact_files, create_app, migration, submissions, topics, web
from webform.attachments import Attachment, AttachmentRefused, Refusal

SCRIPTED = {"confirmed": "1", "scripted": "1"}


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"GATE": "0.01"}


@pytest.fixture(autouse=True)
def topics_to_choose(database: Database) -> None:
    with database.writing() as session:
        topics.load_defaults(session)


@pytest.fixture
def knowledge(database: Database, now: datetime) -> None:
    write_articles(database, now)


def test_the_address_prefills_the_form_and_says_its_language(client: FlaskClient) -> None:
    page = client.get("/?" + urlencode({"topic": "billing", "subject": "An <invoice>", "message": "Please\nhelp", "lang": "ru", "email": "x@y.example"}))
    assert '<html lang="ru"' in page.text
    assert 'value="An &lt;invoice&gt;"' in page.text
    assert "Please\nhelp</textarea>" in page.text
    assert '<option value="billing" selected>Счета и оплата</option>' in page.text
    assert "x@y.example" not in page.text
    assert "Set-Cookie" not in page.headers


def test_with_a_script_sending_is_one_post(client: FlaskClient, database: Database) -> None:
    response = send(client, **SCRIPTED, topic="pump", name="Anna", subject="Dry")
    assert response.status_code == 303
    (ticket,) = tickets(database)
    assert f"/requests/{ticket.reference}?key=" in response.location
    assert (ticket.message, ticket.subject, ticket.name, ticket.email, ticket.topic) == (HUM, "Dry", "Anna", "anna@customer.example", "pump")
    assert HUM.split()[1] not in response.location
    assert client.get(response.location).status_code == 200


@pytest.mark.usefixtures("knowledge")
def test_without_a_script_the_answers_come_first_and_everything_is_carried_along(app: Flask, client: FlaskClient, database: Database) -> None:
    token = open_form(client)
    page = client.post("/", data={"visit": token, **FIELDS, "subject": 'He said "no"', "name": "<Anna>", "topic": "pump"})
    assert (page.status_code, heading(page)) == (200, "Before we send this")
    assert page.text.index("Send anyway") < page.text.index("The pump runs but no water comes out")
    assert "He said &#34;no&#34;" in page.text
    assert tickets(database) == []
    assert set(events(app, database, token)) == {"shown"}
    sent = client.post("/", data={"visit": token, **FIELDS, "confirmed": "1"})
    assert sent.status_code == 303
    assert len(tickets(database)) == 1


@pytest.mark.usefixtures("knowledge")
def test_without_a_script_and_without_an_answer_sending_is_one_post_too(app: Flask, client: FlaskClient) -> None:
    app.extensions[kb_web.SUGGESTER].gate = 1.01
    assert send(client).status_code == 303


@pytest.mark.usefixtures("knowledge")
def test_the_holdout_gets_no_page_in_between(app: Flask, client: FlaskClient, database: Database) -> None:
    app.config["HOLDOUT_SHARE"] = 1.0
    token = open_form(client)
    assert client.post("/", data={"visit": token, **FIELDS}).status_code == 303
    assert events(app, database, token).count("shown") == 0


def test_changing_it_gives_back_the_form_as_it_was(client: FlaskClient) -> None:
    page = send(client, change="1", name="Anna", topic="app", email="not yet")
    assert page.status_code == 200
    for words in (HUM, 'value="Anna"', 'value="not yet"', 'value="app" selected'):
        assert words in page.text
    assert said(page) == []


def test_the_same_post_twice_is_one_request_and_another_text_is_another(client: FlaskClient, database: Database) -> None:
    token = open_form(client)
    fields = {"visit": token, **FIELDS, **SCRIPTED}
    assert client.post("/", data=fields).location.split("?")[0] == client.post("/", data=fields).location.split("?")[0]
    assert len(tickets(database)) == 1
    client.post("/", data=fields | {"message": "And the light is red"})
    assert len(tickets(database)) == 2


def test_what_is_wrong_is_said_on_top_and_at_the_field_and_nothing_is_lost(client: FlaskClient, database: Database) -> None:
    page = send(client, message=" ", subject="Dry <b>", email="anna@", name="x" * 101, topic="weather")
    assert page.status_code == 422
    assert "Nothing was sent yet: 4 things to put right" in page.text
    assert len(said(page)) == 4
    for field in ("message", "topic", "name", "email"):
        assert f'href="#{field}"' in page.text
        assert f'aria-describedby="{field}-wrong-1' in page.text
    assert 'value="Dry &lt;b&gt;"' in page.text
    assert 'value="anna@"' in page.text
    assert "x" * 101 in page.text
    assert tickets(database) == []


def test_a_megabyte_of_text_is_refused_with_everything_still_there(client: FlaskClient) -> None:
    page = send(client, message="long " * 200_000)
    assert page.status_code == 422
    assert page.text.count("long ") >= 199_999


@pytest.mark.parametrize("token", ["", "forged", "forged.token.here", "\x00"])
def test_a_missing_or_forged_token_gets_a_fresh_one_with_everything_kept(client: FlaskClient, database: Database, token: str) -> None:
    page = client.post("/", data={"visit": token, **FIELDS, **SCRIPTED})
    assert page.status_code == 400
    assert HUM in page.text
    assert "could not be recognised" in page.text
    assert tickets(database) == []
    assert client.post("/", data={"visit": visit_token(page), **FIELDS, **SCRIPTED}).status_code == 303


def test_an_expired_token_says_so_and_the_next_try_works(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    token = open_form(client)
    future = time.time() + 25 * 3600
    monkeypatch.setattr(time, "time", lambda: future)
    page = client.post("/", data={"visit": token, **FIELDS, **SCRIPTED})
    assert page.status_code == 400
    assert "open for too long" in page.text
    assert client.post("/", data={"visit": visit_token(page), **FIELDS, **SCRIPTED}).status_code == 303


def test_a_post_from_another_site_is_refused(client: FlaskClient, database: Database) -> None:
    fields = {"visit": open_form(client), **FIELDS, **SCRIPTED}
    assert client.post("/", data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/", data=fields, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/verdict", data=fields | {"solved": "1"}, headers={"Origin": "https://evil.example"}).status_code == 403
    assert tickets(database) == []


def test_too_many_from_one_network_get_their_text_back_and_a_time(app: Flask, client: FlaskClient, database: Database) -> None:
    app.config["REQUESTS_PER_HOUR"] = 1
    assert send(client, **SCRIPTED).status_code == 303
    page = send(client, **SCRIPTED, message="Another <story>")
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "3600"
    assert "Another &lt;story&gt;" in page.text
    assert "too many messages" in page.text
    assert len(tickets(database)) == 1


def test_too_many_with_one_address_are_stopped_too(app: Flask, client: FlaskClient) -> None:
    app.config["REQUESTS_PER_ADDRESS"] = 1
    assert send(client, **SCRIPTED).status_code == 303
    assert send(client, **SCRIPTED, email="ANNA@customer.example", message="Again").status_code == 429
    assert send(client, **SCRIPTED, email="bo@customer.example").status_code == 303


def test_a_database_that_cannot_store_gives_the_text_back_and_a_time(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperationalError(f"INSERT {HUM}", {}, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr(submissions, "accept", full)
    page = send(client, **SCRIPTED)
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "60"
    assert HUM in page.text
    assert HUM not in caplog.text


def test_a_database_that_stays_locked_is_waited_for_once_and_the_text_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.database.BUSY_SECONDS", 1)
    app = create_app({"INSTANCE": str(tmp_path), "SECRET_KEY": "a key for tests", "HOLDOUT_SHARE": "0"}, environ={})
    database = app.extensions[kb_web.DATABASE]
    migration.upgrade(database)
    client = app.test_client()
    token = open_form(client)
    with closing(sqlite3.connect(tmp_path / "webform.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        page = client.post("/", data={"visit": token, **FIELDS, **SCRIPTED})
        assert time.monotonic() - started < 5
        assert page.status_code == 503
        assert page.headers["Retry-After"] == "60"
        assert HUM in page.text
        assert client.get("/").status_code == 200
    assert client.post("/", data={"visit": visit_token(page), **FIELDS, **SCRIPTED}).status_code == 303
    database.close()


@pytest.mark.usefixtures("knowledge")
def test_the_answer_that_solved_it_ends_the_visit_and_can_be_taken_back(app: Flask, client: FlaskClient, database: Database) -> None:
    token = open_form(client)
    page = client.post("/", data={"visit": token, **FIELDS})
    article = page.text.split('name="solved" value="')[1].split('"')[0]
    page = client.post("/verdict", data={"visit": token, **FIELDS, "solved": article})
    assert (page.status_code, heading(page)) == (200, "Glad that it helped")
    assert "solved" in events(app, database, token)
    page = client.post("/verdict", data={"visit": token, **FIELDS, "unsolved": article})
    assert HUM in page.text
    assert "solved" not in events(app, database, token)
    assert tickets(database) == []


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("solved", ["", "0", "-1", "x", "9" * 30, "999999", "²"])
def test_only_an_article_that_was_shown_can_have_solved_it(app: Flask, client: FlaskClient, database: Database, solved: str) -> None:
    token = open_form(client)
    client.post("/", data={"visit": token, **FIELDS})
    assert client.post("/verdict", data={"visit": token, "solved": solved}).status_code == 400
    assert "solved" not in events(app, database, token)


def test_a_verdict_without_a_token_of_ours_is_refused(client: FlaskClient) -> None:
    assert client.post("/verdict", data={"solved": "1"}).status_code == 400
    assert client.post("/verdict", data={"solved": "1", "visit": "forged"}).status_code == 403


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"hello", "text/plain", 415),
        (b"\xff\xfe=\xff&message=\xff", "application/x-www-form-urlencoded", 400),
        (b"broken", "multipart/form-data; boundary=x", 400),
        (b"x" * (3 * 1024 * 1024), "application/x-www-form-urlencoded", 413),
    ],
)
def test_what_is_no_form_is_refused_in_a_page(client: FlaskClient, body: bytes, kind: str, status: int) -> None:
    response = client.post("/", data=body, content_type=kind)
    assert response.status_code == status
    assert "<h1>" in response.text


def with_file(client: FlaskClient, token: str, *files: tuple[bytes, str], **fields: str) -> TestResponse:
    uploads = [(io.BytesIO(content), name) for content, name in files]
    return client.post("/", data={"visit": token, **FIELDS, **SCRIPTED, **fields, "attachments": uploads}, content_type="multipart/form-data")


def test_a_file_survives_a_mistake_elsewhere_and_arrives(client: FlaskClient, database: Database) -> None:
    token = open_form(client)
    page = with_file(client, token, (b"serial 4711", "note.txt"), email="anna@")
    assert page.status_code == 422
    assert "note.txt" in page.text
    kept = page.text.split('name="kept" value="')[1].split('"')[0]
    sent = client.post("/", data={"visit": token, **FIELDS, **SCRIPTED, "kept": kept})
    assert "note.txt" in client.get(sent.location).text


def test_a_kept_file_can_be_left_out(client: FlaskClient) -> None:
    token = open_form(client)
    page = with_file(client, token, (b"serial 4711", "note.txt"), email="anna@")
    kept = page.text.split('name="kept" value="')[1].split('"')[0]
    sent = client.post("/", data={"visit": token, **FIELDS, **SCRIPTED, "kept": kept, "remove": kept})
    assert "note.txt" not in client.get(sent.location).text


@pytest.mark.usefixtures("knowledge")
def test_a_file_survives_the_page_before_sending(client: FlaskClient) -> None:
    token = open_form(client)
    page = with_file(client, token, (b"serial 4711", "note.txt"), confirmed="", scripted="")
    assert heading(page) == "Before we send this"
    kept = page.text.split('name="kept" value="')[1].split('"')[0]
    sent = client.post("/", data={"visit": token, **FIELDS, "confirmed": "1", "kept": kept})
    assert "note.txt" in client.get(sent.location).text


@pytest.mark.usefixtures("knowledge")
def test_another_language_before_sending_loses_nothing_that_was_typed(client: FlaskClient) -> None:
    page = client.post("/?lang=en", data={"visit": open_form(client), **FIELDS, "confirmed": ""}).text
    assert page.count('form="again" name="change" value="1" formaction="/?lang=ru"') == 1
    assert 'href="/?lang=ru"' not in page
    again = client.post("/?lang=ru", data={**dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)), "change": "1"}).text
    assert FIELDS["message"] in again
    assert "Чем мы можем помочь?" in again


def test_files_that_cannot_be_taken_are_named_and_the_others_are_kept(client: FlaskClient) -> None:
    page = with_file(client, open_form(client), (b"", "empty.txt"), (b"MZ\x90\x00\x03", "virus.exe"), (b"fine", "fine.txt"))
    assert page.status_code == 422
    assert len(said(page)) == 2
    assert "empty.txt" in said(page)[0]
    assert "virus.exe" in said(page)[1]
    assert "fine.txt" in page.text


def test_a_picture_is_kept_without_what_it_says_and_a_damaged_or_large_one_is_named(app: Flask, client: FlaskClient, database: Database) -> None:
    app.config["MAX_EACH_FILE_MEGABYTES"] = 1
    token = open_form(client)
    assert "5 files at most, 1 MB each, 10 MB together" in client.get("/").text
    files = ((picture("JPEG", 6), "valve.jpg"), (picture("PNG")[:90], "cut.png"), (png(65_000, 65_000), "huge.png"))
    page = with_file(client, token, *files)
    assert page.status_code == 422
    for words, name in zip(said(page), ("cut.png”; this one is damaged", "huge.png”; it has more than 50"), strict=True):
        assert name in words
    kept = page.text.split('name="kept" value="')[1].split('"')[0]
    client.post("/", data={"visit": token, **FIELDS, **SCRIPTED, "kept": kept})
    with database.reading() as session:
        content = session.scalars(select(Attachment.content)).one()
    assert b"GPS" not in content
    assert opened(content).size == (40, 60)
    with app.app_context(), pytest.raises(AttachmentRefused) as refused:
        contact_files.bare("long.txt", b"x" * 1_000_001)
    assert refused.value.reason is Refusal.EACH


def test_a_file_of_another_visit_cannot_be_sent(client: FlaskClient) -> None:
    page = with_file(client, open_form(client), (b"serial 4711", "note.txt"), email="anna@")
    stolen = page.text.split('name="kept" value="')[1].split('"')[0]
    sent = send(client, **SCRIPTED, kept=stolen)
    assert "note.txt" not in client.get(sent.location).text


def test_every_token_is_new(app: Flask, client: FlaskClient) -> None:
    first, second = open_form(client), open_form(client)
    read = app.extensions[web.TOKENS].read_visit
    assert read(first, hours=1) != read(second, hours=1)
