"""The page of support figures: every number of it recomputed, and who may see it."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kb.database import Database
from tests.webform.conftest import SignIn
from tests.webform.desk_world import fail, send
from webform import outbox, support_figures, tickets, topics
from webform.periods import Days
from webform.ticket_changes import Party, TicketChange
from webform.tickets import TicketStatus

HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


def told(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def rows(client: FlaskClient, panel: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/staff/deflection/support?panel={panel}&format=csv&period=7").text.removeprefix("\ufeff"))))


@pytest.fixture
def busy(app: Flask, database: Database, now: datetime) -> list[int]:
    """Ten requests of yesterday: answered after 1, 2, 3 hours, closed, opened again, closed by the customer, spam, or new; a mail failed."""
    yesterday = now - timedelta(days=1)
    with database.writing() as session:
        topics.load_defaults(session)
        sent = [send(app, session, yesterday, topic="pump" if number < 6 else "app", message=f"Message {number}") for number in range(10)]
        for number in range(3):
            tickets.set_status(session, sent[number], TicketStatus.ANSWERED, yesterday + (number + 1) * HOUR)
        tickets.set_status(session, sent[0], TicketStatus.CLOSED, yesterday + 4 * HOUR)
        tickets.set_status(session, sent[0], TicketStatus.NEW, yesterday + 5 * HOUR)
        tickets.set_status(session, sent[5], TicketStatus.CLOSED, yesterday + HOUR / 2, by=Party.CUSTOMER)
        tickets.set_status(session, sent[9], TicketStatus.SPAM, yesterday + HOUR)
        fail(session, outbox.of_ticket(session, sent[1].id)[0], now)
        return [ticket.id for ticket in sent]


@pytest.mark.usefixtures("busy")
def test_every_panel_tells_what_an_independent_count_tells(signed_in: SignIn, database: Database, now: datetime) -> None:
    client = signed_in("lead")
    with database.reading() as session:
        stored = list(session.scalars(select(tickets.Ticket)))
        first: dict[int, int] = {}
        for change in session.scalars(select(TicketChange).order_by(TicketChange.id)):
            if change.status in {"answered", "closed"} and change.party == Party.TEAM:
                opened_at = next(ticket.created_at for ticket in stored if ticket.id == change.ticket_id)
                first.setdefault(change.ticket_id, round((change.changed_at - opened_at).total_seconds()))
    by_topic = {row["topic"]: row for row in rows(client, "by-topic")}
    assert {name: int(row["requests"]) for name, row in by_topic.items()} == {
        name: sum(ticket.topic == name for ticket in stored) for name in {ticket.topic for ticket in stored}
    }
    assert by_topic["app"]["spam"] == "1"
    assert [(row["channel"], row["requests"]) for row in rows(client, "by-channel")] == [("form", "10")]
    waits = {row["until"]: row for row in rows(client, "waits")}
    assert (waits["first-answer"]["reached"], waits["first-answer"]["requests"]) == (str(len(first)), "9")
    assert int(waits["first-answer"]["median_seconds"]) == sorted(first.values())[1] == 7200
    assert (waits["closed"]["reached"], waits["closed"]["median_seconds"], waits["closed"]["ninetieth_seconds"]) == ("2", "1800", "14400")
    assert sum(int(row["requests"]) for row in rows(client, "by-day")) == 9
    assert {row["kind"]: row["failed"] for row in rows(client, "mails") if row["failed"] != "0"} == {"request": "1"}
    page = told(client, "/staff/deflection/support")
    assert "2 hours half of them waited no longer nine of ten: 3 hours" in page
    assert "3 of 9 requests are there" in page
    assert "1 failed" in page
    assert page.count("How is this counted") == 8
    made = json.loads(client.get("/staff/deflection/support?panel=by-topic&format=json&period=7").text)
    assert (made["panel"], made["to"], made["rows"][0]["topic"]) == ("by-topic", now.date().isoformat(), "pump")


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_the_empty_page_says_what_is_missing_in_every_language(signed_in: SignIn, language: str) -> None:
    page = signed_in("lead").get("/staff/deflection/support", headers={"Accept-Language": language})
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert 'class="empty"' in page.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=yesterday", "One of the two days is none."),
        ("from=2026-02-01&to=2026-01-01", "The first day comes after the last one."),
        ("from=2001-01-01&to=2020-01-01", "That is longer than"),
        ("from=9999-12-31&to=9999-12-31", "still to come"),
        ("period=-1", "There is no such period."),
        ("against=%00", "There is no such comparison."),
    ],
)
def test_what_cannot_be_shown_is_told_and_the_usual_time_is_shown(signed_in: SignIn, query: str, words: str) -> None:
    client = signed_in("lead")
    assert words in told(client, f"/staff/deflection/support?{query}")
    assert client.get(f"/staff/deflection/support?panel=waits&format=csv&{query}").status_code == 400


def test_only_known_tables_are_given_out(signed_in: SignIn) -> None:
    client = signed_in("lead")
    assert client.get("/staff/deflection/support?panel=tickets&format=csv").status_code == 404
    assert client.get("/staff/deflection/support?panel=waits&format=xml").status_code == 400


def test_a_day_without_requests_counts_none(database: Database) -> None:
    with database.reading() as session:
        assert support_figures.by_day(session, Days(date(2026, 2, 28), date(2026, 3, 1))) == [(date(2026, 2, 28), 0), (date(2026, 3, 1), 0)]
