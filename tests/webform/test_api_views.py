import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from deflection.reports import report
from deflection.visits import Arm
from kb.database import Database
from webform import create_app, topics
from webform.idempotency import RepeatKey
from webform.outbox import OutboxMessage
from webform.tickets import Ticket
from webform.web import TOKENS

GOOD = {"name": "Anna K.", "email": "anna@example.com", "subject": "Leaking pump", "message": "The pump leaks at night and cannot be closed."}
Send = Callable[..., TestResponse]


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Send the good request with changed fields; a field of ``None`` is left out."""

    def post(key: str = "", **changed: str | None) -> TestResponse:
        body = {name: text for name, text in (GOOD | changed).items() if text is not None}
        return client.post("/api/v1/requests", json=body, headers={"Idempotency-Key": key} if key else {})

    return post


def count(database: Database, table: type[Ticket] | type[OutboxMessage] | type[RepeatKey]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_request_is_stored_with_its_mails_and_can_be_opened(send: Send, client: FlaskClient, database: Database) -> None:
    answer = send()
    assert answer.status_code == 201, answer.text
    assert set(answer.json or {}) == {"reference", "url"}
    with database.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.reference, ticket.name, ticket.email, ticket.message) == (answer.json["reference"], GOOD["name"], GOOD["email"], GOOD["message"])
    assert count(database, OutboxMessage) == 2
    assert answer.headers["Location"] == answer.json["url"]
    page = client.get(answer.json["url"])
    assert page.status_code == 200
    assert ticket.reference in page.text


def test_the_same_key_with_the_same_body_gives_the_same_reference_and_sends_nothing_twice(send: Send, database: Database) -> None:
    first, again = send("key-1"), send("key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json["reference"] == again.json["reference"]
    assert (count(database, Ticket), count(database, OutboxMessage)) == (1, 2)


def test_the_order_of_fields_makes_no_other_body(client: FlaskClient) -> None:
    bodies = [json.dumps(GOOD), json.dumps(dict(reversed(GOOD.items())))]
    answers = [
        client.post("/api/v1/requests", data=body, content_type="application/json", headers={"Idempotency-Key": "k"}).json["reference"] for body in bodies
    ]
    assert len(set(answers)) == 1


def test_the_same_key_with_another_body_is_refused_and_stores_nothing(send: Send, database: Database) -> None:
    send("key-1")
    refused = send("key-1", message="Something else entirely is wrong.")
    assert (refused.status_code, refused.mimetype) == (409, "application/problem+json")
    assert count(database, Ticket) == 1


def test_without_a_key_or_with_another_one_the_same_words_are_another_request(send: Send, database: Database) -> None:
    references = {send(key).json["reference"] for key in ("", "", "a", "b")}
    assert (len(references), count(database, Ticket)) == (4, 4)


def test_the_same_request_sent_at_once_is_stored_once(app: Flask, database: Database) -> None:
    def post(_: int) -> str:
        return str(app.test_client().post("/api/v1/requests", json=GOOD, headers={"Idempotency-Key": "at-once"}).json["reference"])

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(post, range(12)))) == 1
    assert count(database, Ticket) == 1


def test_a_key_is_free_again_after_two_days(send: Send, database: Database) -> None:
    send("key-1")
    with database.writing() as session:
        session.execute(update(RepeatKey).values(created_at=datetime.now(UTC) - timedelta(days=2, seconds=1)))
    assert send("key-1", message="Something else entirely is wrong.").status_code == 201
    assert count(database, RepeatKey) == 1


def test_neither_key_nor_body_can_be_read_from_what_is_kept(send: Send, database: Database) -> None:
    send("my-own-key")
    with database.reading() as session:
        row = session.scalars(select(RepeatKey)).one()
        assert all(len(digest) == 64 and "my-own" not in digest for digest in (row.digest, row.body_digest))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"message": None}, "message"),
        ({"message": " \n\u200b"}, "message"),
        ({"message": "x" * 10_001}, "message"),
        ({"email": None}, "email"),
        ({"email": "anna"}, "email"),
        ({"email": "a@example.com\r\nBcc: b@example.com"}, "email"),
        ({"subject": "x" * 201}, "subject"),
        ({"name": "x" * 101}, "name"),
        ({"topic": "no-such-topic"}, "topic"),
        ({"language": "tlh"}, "language"),
        ({"visit": "forged"}, "visit"),
        ({"visit": ""}, "visit"),
    ],
)
def test_what_is_wrong_with_a_field_is_said_in_words_and_nothing_is_stored(send: Send, database: Database, changed: dict[str, str], field: str) -> None:
    refused = send(**changed)
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert set(refused.json["errors"]) == {field}
    assert all(len(words) > 10 for words in refused.json["errors"][field])
    assert count(database, Ticket) == 0


def test_everything_that_is_wrong_is_said_at_once(send: Send) -> None:
    assert set(send(message="", email="", language="tlh").json["errors"]) == {"message", "email", "language"}


def test_the_language_that_is_named_is_that_of_the_answers(send: Send, database: Database) -> None:
    send(language="ru")
    with database.reading() as session:
        assert session.scalars(select(Ticket.interface_language)).one() == "ru"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 100_000, b'{"message": 3}', b'{"message": null}', b'{"unknown": "x"}'])
def test_what_is_not_an_object_of_known_texts_is_refused(client: FlaskClient, body: bytes) -> None:
    refused = client.post("/api/v1/requests", data=body, content_type="application/json")
    assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_taken_so_that_no_page_of_another_site_can_post_it(client: FlaskClient, content_type: str) -> None:
    assert client.post("/api/v1/requests", data=json.dumps(GOOD), content_type=content_type).status_code == 415


def test_a_page_of_another_site_can_send_nothing(client: FlaskClient) -> None:
    assert client.post("/api/v1/requests", json=GOOD, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_too_much_is_refused(client: FlaskClient) -> None:
    assert client.post("/api/v1/requests", json=GOOD | {"message": "x" * 600_000}).status_code == 413


@pytest.mark.parametrize("key", ["", "x" * 201, "a b", "é"])
def test_a_key_that_cannot_be_one_is_refused(client: FlaskClient, key: str) -> None:
    assert client.post("/api/v1/requests", json=GOOD, headers={"Idempotency-Key": key}).status_code == 400


def test_a_topic_that_exists_is_taken(send: Send, database: Database) -> None:
    with database.writing() as session:
        topics.load_defaults(session)
    assert send(topic="pump").status_code == 201


def test_the_limits_are_those_of_the_form(settings: dict[str, str]) -> None:
    app = create_app(settings | {"REQUESTS_PER_ADDRESS": "2"}, environ={})
    answers = [app.test_client().post("/api/v1/requests", json=GOOD) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[-1].headers["Retry-After"] == "3600"


def test_a_request_from_a_program_is_no_engaged_visit_but_one_with_a_visit_of_the_form_is(app: Flask, send: Send, database: Database) -> None:
    send()
    send(visit=app.extensions[TOKENS].new_visit(), message="My other pump leaks at night as well and floods the cellar.")
    now = datetime.now(UTC)
    with database.reading() as session:
        figures = report(session, since=now - timedelta(hours=1), until=now + timedelta(hours=1)).arms[Arm.TREATMENT]
    assert (figures.visits, figures.engaged, figures.requests) == (2, 1, 1)


def test_repeating_a_request_is_never_too_much(send: Send) -> None:
    assert len({send("key-1").json["reference"] for _ in range(15)}) == 1
