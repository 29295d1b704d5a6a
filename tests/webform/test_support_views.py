"""The page of support figures: every number of it recomputed, and who may see it."""

import csv
import io
import json
import math
import random
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from kb.database import Database
from kb.helpfulness import Vote
from tests.webform.conftest import SignIn
from tests.webform.desk_world import fail, send
from webform import outbox, support_figures, support_panels, ticket_days, tickets, topics
from webform.outbox import MessageKind, OutboxMessage
from webform.periods import DAY, Days
from webform.satisfaction import Satisfaction
from webform.ticket_changes import Party, TicketChange
from webform.ticket_days import TicketDay
from webform.ticket_groups import Group
from webform.tickets import Ticket, TicketStatus

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
def test_the_page_says_how_long_requests_waited_and_which_wait_still(signed_in: SignIn, database: Database, now: datetime) -> None:
    client = signed_in("lead")
    page = told(client, "/staff/deflection/support")
    assert "9 requests, 0 before" in page
    assert "2 hours half of them waited no longer nine of ten: 3 hours" in page
    assert "3 of 9 requests were answered. 5 still wait and are not in the times, the first of them since " in page
    assert "1 was closed by its sender before." in page
    assert "2 of 9 requests were closed. 7 still wait" in page
    assert "Pump and hoses 6 0 3 2 hours" in page
    assert "1 failed" in page
    assert page.count("How is this counted") == 8
    made = json.loads(client.get("/staff/deflection/support?panel=by-topic&format=json&period=7").text)
    assert (made["panel"], made["to"], made["rows"][0]["topic"]) == ("by-topic", now.date().isoformat(), "pump")
    with database.writing() as session:
        session.execute(update(tickets.Ticket).values(created_at=now - timedelta(days=9)))
    assert "0 requests, 9 before" in told(client, "/staff/deflection/support?period=7")
    assert f"{9} requests" in told(client, f"/staff/deflection/support?from={(now - timedelta(days=9)).date()}&to={(now - timedelta(days=9)).date()}")


@pytest.fixture
def crowd(database: Database, now: datetime) -> None:
    """A month of requests that went every way there is, with their mails, answers to how it was, and votes."""
    chance = random.Random(5)
    rows: dict[type, list[dict[str, object]]] = {tickets.Ticket: [], TicketChange: [], OutboxMessage: [], Satisfaction: [], Vote: []}
    for number in range(1, 301):
        at = now - timedelta(minutes=chance.randrange(20 * 24 * 60))
        state, when = "new", at
        for _ in range(chance.randrange(4)):
            before, state, when = state, chance.choice(["answered", "closed", "new"]), when + timedelta(seconds=chance.randrange(1, 90_000))
            party = chance.choice(["team", "team", "customer", "program", ""])
            rows[TicketChange].append({"ticket_id": number, "before": before, "status": state, "party": party, "changed_at": when})
        status = chance.choice(["spam", "held"]) if number % 11 == 0 else state
        words = {"name": "", "email": "a@x.example", "subject": "", "message": "m", "language": "en", "interface_language": "en", "search_text": ""}
        keys = {"reference": f"T-{number}", "submission_key": f"{number}", "visit_token": f"{number}", "message_id": f"{number}"}
        topic, channel = chance.choice(["pump", "app", ""]), chance.choice(["form", "form", "api", ""])
        rows[tickets.Ticket].append({"id": number, **words, **keys, "topic": topic, "channel": channel, "status": status, "created_at": at, "updated_at": at})
        mail = {"kind": chance.choice(list(MessageKind)).value, "status": chance.choice(["sent", "sent", "waiting", "failed"])}
        rest = {"sender": "", "recipients": "a@x.example", "message_id": "", "mime": b"", "attempts": 1, "leased_by": ""}
        rows[OutboxMessage].append({"ticket_id": number, **mail, **rest, "next_attempt_at": at, "created_at": at})
        said = {"score": chance.choice(["good", "good", "middling", "bad", "", ""]), "asked_at": chance.choice([at, None])}
        rows[Satisfaction].append({"ticket_id": number, "topic": topic, "language": "en", "comment": "", **said})
        rows[Vote].append({"article_id": 1, "language": chance.choice(["en", "ru"]), "helpful": chance.random() < 0.7, "reason": "", "voted_on": at.date()})
    with database.writing() as session:
        for model, values in rows.items():
            session.execute(insert(model), values)


def independent(database: Database, now: datetime) -> dict[str, list[dict[str, object]]]:
    """Every panel of seven days, counted by loops over whole tables."""
    first = (now - timedelta(days=6)).date()
    with database.reading() as session:
        came = [each for each in session.scalars(select(tickets.Ticket)) if each.created_at.date() >= first]
        changes = session.scalars(select(TicketChange).order_by(TicketChange.changed_at)).all()
        mails = [each for each in session.scalars(select(OutboxMessage)) if each.created_at.date() >= first]
        scores = Counter(each.score for each in session.scalars(select(Satisfaction)) if each.asked_at and each.asked_at.date() >= first)
        voted = Counter((each.language, each.helpful) for each in session.scalars(select(Vote)) if each.voted_on >= first)
    real = [each for each in came if each.status not in {"spam", "held"}]

    def waits(group: list[Ticket], states: set[str], parties: set[str], open_states: set[str]) -> tuple[list[int], list[datetime]]:
        there, left = [], []
        for each in group:
            moments = [change.changed_at for change in changes if change.ticket_id == each.id and change.status in states and change.party in parties]
            if moments:
                there.append(round((moments[0] - each.created_at).total_seconds()))
            elif each.status in open_states:
                left.append(each.created_at)
        return sorted(there), sorted(left)

    answered = partial(waits, states={"answered", "closed"}, parties={"team", "program", ""}, open_states={"new"})
    closed = partial(waits, states={"closed"}, parties={"team", "program", "customer", ""}, open_states={"new", "answered"})

    def wait(name: str, found: tuple[list[int], list[datetime]]) -> dict[str, object]:
        there, left = found
        half, nine = (there[math.ceil(len(there) * share) - 1] for share in (0.5, 0.9))
        spent = {"reached": len(there), "requests": len(real), "median_seconds": half, "ninetieth_seconds": nine}
        return {"until": name, **spent, "waiting": len(left), "waiting_since": left[0].isoformat()}

    def groups(name: str) -> list[dict[str, object]]:
        rows = []
        for value in {getattr(each, name) for each in came}:
            states = Counter(each.status for each in came if getattr(each, name) == value)
            there, _ = answered([each for each in real if getattr(each, name) == value])
            counted = {state: states[state] for state in ("new", "answered", "closed", "spam", "held")}
            half = there[math.ceil(len(there) / 2) - 1]
            rows.append({name: value, "requests": states["new"] + states["answered"] + states["closed"], **counted, "median_seconds": half})
        return sorted(rows, key=lambda row: (-int(row["requests"]), row[name]))

    told = scores["good"] + scores["middling"] + scores["bad"]
    days = [first + timedelta(days=step) for step in range(7)]
    states = {kind: Counter(each.status for each in mails if each.kind == kind) for kind in MessageKind}
    return {
        "by-topic": groups("topic"),
        "by-channel": groups("channel"),
        "by-day": [{"day": day.isoformat(), "requests": sum(each.created_at.date() == day for each in real)} for day in days],
        "waits": [wait("first-answer", answered(real)), wait("closed", closed(real))],
        "satisfaction": [{"answer": name, "answers": scores[name], "share": scores[name] / told} for name in ("good", "middling", "bad")],
        "votes": [{"language": name, "helpful": voted[name, True], "not_helpful": voted[name, False]} for name in ("en", "ru")],
        "mails": [{"kind": kind, **{state: states[kind][state] for state in ("sent", "waiting", "failed")}} for kind in MessageKind],
    }


def compare(client: FlaskClient, database: Database, now: datetime) -> None:
    """Hold every figure of every panel against an independent count."""
    counted = independent(database, now)
    assert set(counted) == set(support_panels.NAMES)
    for name, expected in counted.items():
        made = json.loads(client.get(f"/staff/deflection/support?panel={name}&format=json&period=7").text)["rows"]
        if name == "votes":
            made = sorted(made, key=lambda row: row["language"])
        assert (name, made) == (name, expected)
        assert rows(client, name)[0].keys() == expected[0].keys()


@pytest.mark.usefixtures("crowd")
def test_every_figure_is_that_of_an_independent_count_before_and_after_days_are_kept_and_when_requests_changed_since(
    signed_in: SignIn, database: Database, now: datetime
) -> None:
    client, chance = signed_in("lead"), random.Random(6)
    compare(client, database, now)
    assert ticket_days.count(database, "one", now) >= 20
    compare(client, database, now)
    young, changed = select(Ticket).where(Ticket.created_at > now - 10 * DAY).order_by(Ticket.id), set[date]()
    for _ in range(3):
        with database.writing() as session:
            for ticket in chance.sample(list(session.scalars(young)), 20):
                tickets.set_status(session, ticket, chance.choice(list(TicketStatus)), now, by=chance.choice(list(Party)))
                changed.add(ticket.created_at.date())
        compare(client, database, now)
        assert 0 < ticket_days.count(database, "two", now) <= len(changed) <= 11
        compare(client, database, now)


def of_all(database: Database, now: datetime) -> int:
    with database.reading() as session:
        return sum(group.total for group in ticket_days.between(session, Days((now - 40 * DAY).date(), now.date())))


@pytest.mark.usefixtures("crowd")
def test_days_are_added_up_from_what_is_kept_until_a_request_of_theirs_changes_or_days_are_counted_otherwise(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, later = of_all(database, now), now + HOUR
    ticket_days.count(database, "one", later)
    with database.writing() as session:
        session.execute(update(TicketDay).values(new=TicketDay.new + 1000))
    assert of_all(database, now) >= begun + 1000, "they come from the requests"
    assert ticket_days.count(database, "one", later) == 0, "days were counted in which nothing happened"
    with database.writing() as session:
        session.execute(update(Ticket).values(updated_at=later))
    assert of_all(database, now) == begun
    ticket_days.count(database, "one", later)
    monkeypatch.setattr(ticket_days, "DEFINITIONS", ticket_days.DEFINITIONS + 1)
    with database.writing() as session:
        session.execute(update(TicketDay).values(new=TicketDay.new + 1000))
    assert of_all(database, now) == begun
    assert ticket_days.count(database, "one", later) >= 20


@pytest.mark.usefixtures("crowd")
def test_whoever_took_too_long_to_count_writes_nothing_over_what_came_after(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = ticket_days.groups_of

    def slowly(session: Session, days: Days) -> list[Group]:
        groups = counted(session, days)
        monkeypatch.setattr(ticket_days, "groups_of", counted)
        assert ticket_days.count(database, "two", now) == 0, "two of them count at once"
        with database.writing() as other:
            other.execute(update(Ticket).values(status=TicketStatus.SPAM, updated_at=now + HOUR))
        assert ticket_days.count(database, "two", now + HOUR) >= 20
        return groups

    monkeypatch.setattr(ticket_days, "groups_of", slowly)
    assert ticket_days.count(database, "one", now) == 0
    assert of_all(database, now + HOUR) == 0


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
    days = Days(date(2026, 2, 28), date(2026, 3, 1))
    with database.reading() as session:
        assert support_figures.by_day(ticket_days.between(session, days), days) == [(date(2026, 2, 28), 0), (date(2026, 3, 1), 0)]
