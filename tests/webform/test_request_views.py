import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deflection import events
from deflection.events import Event, Kind
from kb.database import Database
from tests.webform.sending import PNG, accept, publish, visit
from webform import attachments, tickets, topics
from webform.tickets import Ticket, TicketStatus
from webform.tokens import Tokens
from webform.web import TOKENS


def key_of(app: Flask, ticket: Ticket) -> str:
    tokens: Tokens = app.extensions[TOKENS]
    return tokens.request_key(ticket.reference)


def address(app: Flask, ticket: Ticket, **query: str) -> str:
    return f"/requests/{ticket.reference}?key={key_of(app, ticket)}" + "".join(f"&{name}={value}" for name, value in query.items())


@pytest.fixture
def ticket(app: Flask, database: Database, now: datetime) -> Ticket:
    """Anna's request, with an article that she read and one that she did not."""
    with database.writing() as session:
        topics.load_defaults(session)
        read, offered = publish(session, "Pump runs dry", now), publish(session, "After the winter", now)
        row = visit(session, now, [read, offered])
        events.record(session, row, Kind.OPENED, articles=[read], now=now)
        file = attachments.keep(session, visit="a-visit", filename="photo.png", content=PNG, now=now)
        return accept(session, app, now, topic="pump", uploads=(file.token,), suggested=(read, offered))


def state(database: Database, ticket: Ticket) -> tuple[str, list[tuple[str, int]]]:
    with database.reading() as session:
        stored = tickets.find(session, ticket.reference)
        assert stored is not None
        found = session.execute(select(Event.kind, Event.article_id).where(Event.kind.in_([Kind.SOLVED, Kind.DECLINED])))
        return stored.status, [(kind, article) for kind, article in found]


def test_the_page_shows_the_reference_what_happens_next_and_what_was_sent(client: FlaskClient, app: Flask, ticket: Ticket) -> None:
    page = client.get(address(app, ticket))
    assert page.status_code == 200
    for words in (ticket.reference, "within 24 hours", "A confirmation", "<q>Pump runs dry</q>", "Pump and hoses", "I cleaned the filter", "photo.png"):
        assert words in page.text
    assert 'href="/help/en/after-the-winter"' in page.text


def test_nobody_keeps_indexes_or_follows_the_page(client: FlaskClient, app: Flask, ticket: Ticket) -> None:
    for page in (client.get(address(app, ticket)), client.get(f"/requests/{ticket.reference}?key=forged")):
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in page.headers


def test_what_was_typed_is_text_on_the_page(client: FlaskClient, app: Flask, database: Database, now: datetime) -> None:
    typed = "<script>alert(1)</script>"
    with database.writing() as session:
        ticket = accept(session, app, now, name=typed, subject=typed, message=typed)
    page = client.get(address(app, ticket)).text
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") == 3


@pytest.mark.parametrize("key", ["", "forged", "a.b.c", "%00", "x" * 5000, "=?utf-8?", "%ff%fe"])
def test_a_wrong_key_opens_nothing_and_says_so(key: str, client: FlaskClient, ticket: Ticket) -> None:
    page = client.get(f"/requests/{ticket.reference}?key={key}")
    assert page.status_code == 404
    assert "opens no request" in page.text
    assert "cleaned the filter" not in page.text


def test_the_key_of_another_request_opens_nothing(client: FlaskClient, app: Flask, database: Database, now: datetime, ticket: Ticket) -> None:
    with database.writing() as session:
        other = accept(session, app, now, message="Another")
    for reference in (ticket.reference, "T-222222", "%00"):
        assert client.get(f"/requests/{reference}?key={key_of(app, other)}").status_code == 404


def test_a_visits_token_is_no_key(client: FlaskClient, app: Flask, ticket: Ticket) -> None:
    assert client.get(f"/requests/{ticket.reference}?key={app.extensions[TOKENS].new_visit()}").status_code == 404


def test_a_key_that_is_too_old_says_what_to_do(client: FlaskClient, app: Flask, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    opens = address(app, ticket)
    later = (datetime.now(UTC) + timedelta(days=31)).timestamp()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    page = client.get(opens)
    assert page.status_code == 410
    assert "too old" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_deleted_request_is_gone(client: FlaskClient, app: Flask, database: Database, ticket: Ticket) -> None:
    with database.writing() as session:
        stored = tickets.find(session, ticket.reference)
        session.delete(stored)
    assert client.get(address(app, ticket)).status_code == 404


def test_the_page_is_in_the_language_of_the_request_unless_another_is_asked_for(client: FlaskClient, app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now, interface_language="ru")
    assert '<html lang="ru"' in client.get(address(app, ticket)).text
    page = client.get(address(app, ticket, lang="zh")).text
    assert '<html lang="zh"' in page
    switch = re.search(r'href="(/requests/[^"]+lang=en)"', page)
    assert switch is not None
    assert client.get(switch[1].replace("&amp;", "&")).status_code == 200


def test_no_confirmation_is_promised_that_was_not_sent(client: FlaskClient, app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now, email="noreply@customer.example")
    page = client.get(address(app, ticket)).text
    assert "A confirmation" not in page
    assert "no confirmation is sent" in page


def test_opening_the_page_solves_nothing(client: FlaskClient, app: Flask, database: Database, ticket: Ticket) -> None:
    client.get(address(app, ticket))
    client.head(address(app, ticket))
    assert client.get(f"/requests/{ticket.reference}/solved?key={key_of(app, ticket)}").status_code == 405
    assert state(database, ticket) == (TicketStatus.NEW, [])


def test_this_solved_it_closes_the_request_and_can_be_taken_back(client: FlaskClient, app: Flask, database: Database, ticket: Ticket) -> None:
    key = key_of(app, ticket)
    answer = client.post(f"/requests/{ticket.reference}/solved", data={"key": key})
    assert answer.status_code == 303
    assert state(database, ticket) == (TicketStatus.CLOSED, [(Kind.SOLVED, ticket.offered_article_id)])
    page = client.get(answer.headers["Location"]).text
    assert "Your request is closed" in page
    client.post(f"/requests/{ticket.reference}/solved", data={"key": key, "solved": "no"})
    assert state(database, ticket) == (TicketStatus.NEW, [(Kind.DECLINED, ticket.offered_article_id)])
    assert "Your message is with us</h1>" in client.get(address(app, ticket)).text


@pytest.mark.parametrize("key", ["", "forged"])
def test_nobody_solves_it_without_the_key(key: str, client: FlaskClient, database: Database, ticket: Ticket) -> None:
    assert client.post(f"/requests/{ticket.reference}/solved", data={"key": key}).status_code == 404
    assert state(database, ticket) == (TicketStatus.NEW, [])


def test_a_key_in_the_address_solves_nothing(client: FlaskClient, app: Flask, database: Database, ticket: Ticket) -> None:
    assert client.post(f"/requests/{ticket.reference}/solved?key={key_of(app, ticket)}").status_code == 404
    assert state(database, ticket) == (TicketStatus.NEW, [])


def test_what_staff_decided_is_not_changed_by_the_customer(client: FlaskClient, app: Flask, database: Database, ticket: Ticket, now: datetime) -> None:
    with database.writing() as session:
        stored = tickets.find(session, ticket.reference)
        assert stored is not None
        tickets.set_status(session, stored, TicketStatus.ANSWERED, now)
    client.post(f"/requests/{ticket.reference}/solved", data={"key": key_of(app, ticket)})
    client.post(f"/requests/{ticket.reference}/solved", data={"key": key_of(app, ticket), "solved": "no"})
    assert state(database, ticket)[0] == TicketStatus.ANSWERED


def test_the_key_is_not_logged(client: FlaskClient, app: Flask, ticket: Ticket, caplog: pytest.LogCaptureFixture) -> None:
    key = key_of(app, ticket)
    with caplog.at_level(logging.DEBUG):
        client.get(address(app, ticket))
        client.post(f"/requests/{ticket.reference}/solved", data={"key": key})
        client.get(f"/requests/T-222222?key={key}")
    assert key not in caplog.text
    assert "anna@" not in caplog.text
