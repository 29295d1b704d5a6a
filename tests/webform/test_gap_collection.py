"""Collecting: what happened in a visit tells whether a request met nothing good; what our people said counts first."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from deflection.events import Kind
from deflection.facts import facts_of_visits
from kb import web as kb_web
from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.desk_world import write_article
from tests.webform.form_world import HUM, write_articles
from tests.webform.gap_world import WINTER, ask, group
from webform import answers, gaps, tickets, web
from webform.gap_collection import reasons, unseen
from webform.gaps import GapRequest, Reason
from webform.staff import RoleName
from webform.tickets import Ticket, TicketStatus

ONE, OTHER = 11, 12


def reason(app: Flask, database: Database, ticket: Ticket) -> str:
    tokens = app.extensions[web.TOKENS]
    with database.reading() as session:
        return reasons(session, [ticket], lambda reference: answers.mark(tokens, reference))[ticket.id]


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        (None, Reason.NOTHING),
        ({Kind.SHOWN: [ONE, OTHER]}, Reason.UNOPENED),
        ({Kind.SHOWN: [ONE, OTHER], Kind.OPENED: [ONE], Kind.DECLINED: [ONE]}, Reason.DECLINED),
        ({Kind.SHOWN: [ONE, OTHER], Kind.DECLINED: [OTHER]}, Reason.DECLINED),
        ({Kind.SHOWN: [ONE], Kind.OPENED: [ONE]}, Reason.NONE),
        ({Kind.SHOWN: [ONE, OTHER], Kind.READ: [ONE], Kind.DECLINED: [OTHER]}, Reason.NONE),
        ({Kind.SHOWN: [ONE], Kind.SOLVED: [ONE]}, Reason.NONE),
        ({Kind.WITHHELD: [ONE]}, Reason.NONE),
    ],
)
def test_what_happened_in_the_visit_tells_why(app: Flask, database: Database, now: datetime, happened: dict[Kind, list[int]] | None, expected: Reason) -> None:
    with database.writing() as session:
        ticket = ask(app, session, now, WINTER[0], happened)
    assert reason(app, database, ticket) == expected


def test_what_a_program_sends_is_a_gap_only_if_there_was_nothing_to_show(app: Flask, database: Database) -> None:
    """A program asks for no suggestions: what would have been shown is looked up when its request arrives."""
    write_articles(database, datetime.now(UTC))
    app.extensions[kb_web.SUGGESTER].gate = 0.3
    app.extensions[kb_web.SUGGESTER].ensure_ready()
    sent = {"email": "anna@customer.example", "name": "Anna", "subject": ""}
    for message, expected in ((HUM, Reason.NONE), ("Quel est le prix du vélo?", Reason.NOTHING)):
        answer = app.test_client().post("/api/v1/requests", json=sent | {"message": message})
        with database.reading() as session:
            ticket = session.scalars(select(Ticket).where(Ticket.reference == answer.get_json()["reference"])).one()
        assert reason(app, database, ticket) == expected


@pytest.mark.parametrize(
    ("asks", "message", "expected"), [(False, HUM, Reason.NONE), (True, HUM, Reason.UNOPENED), (False, "Quel est le prix ?", Reason.NOTHING)]
)
def test_a_program_with_the_token_of_a_form_that_has_not_asked_is_no_gap_either(
    app: Flask, database: Database, asks: bool, message: str, expected: Reason
) -> None:
    write_articles(database, datetime.now(UTC))
    app.extensions[kb_web.SUGGESTER].gate = 0.3
    app.extensions[kb_web.SUGGESTER].ensure_ready()
    visit, client = app.extensions[web.TOKENS].new_visit(), app.test_client()
    if asks:
        assert client.post("/suggestions", json={"message": message, "visit": visit}, headers={"Accept": "application/json"}).get_json()["suggestions"]
    client.post("/api/v1/requests", json={"email": "anna@customer.example", "subject": "", "message": message, "visit": visit})
    with database.reading() as session:
        (ticket,) = session.scalars(select(Ticket)).all()
        facts = [each.shown for each in facts_of_visits(session, since=ticket.created_at - timedelta(days=1), until=datetime.now(UTC))]
    assert reason(app, database, ticket) == expected
    # Nobody was helped whom nothing was shown, also not in the figures.
    assert facts == [asks]


def test_a_request_that_goes_straight_to_a_person_is_no_gap(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = ask(app, session, now, WINTER[0], urgent="Lawyers", urgent_slug="lawyers")
    assert reason(app, database, ticket) == Reason.NONE


def test_what_our_people_say_counts_first_and_moves_the_request(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        article = write_article(session, now, external_id="frost")
        helped = ask(app, session, now, WINTER[0], {Kind.SHOWN: [article.id], Kind.OPENED: [article.id]})
        others = [ask(app, session, now, text) for text in WINTER[1:]]
    group(app, database, now)
    client = signed_in(RoleName.LEAD)

    def say(ticket: Ticket, **fields: str) -> None:
        path = f"/staff/requests/{ticket.reference}"
        assert client.post(f"{path}/answer", data={"csrf_token": csrf_token(client.get(path)), **fields}).status_code == 303
        group(app, database, now)

    def row(ticket: Ticket) -> tuple[object, ...]:
        with database.reading() as session:
            return tuple(session.execute(select(GapRequest.reason, GapRequest.gap_id).where(GapRequest.ticket_id == ticket.id)).one())

    assert row(helped) == (Reason.NONE, None)
    say(helped, none="1")
    assert row(helped) == (Reason.SAID, row(others[0])[1])
    say(others[0], article="frost")
    assert row(others[0]) == (Reason.NONE, None)


def test_spam_is_in_no_gap_until_it_is_none(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        sent = [ask(app, session, now, text) for text in WINTER]
    group(app, database, now)
    client = signed_in(RoleName.LEAD)
    for status, seen in ((TicketStatus.SPAM, False), (TicketStatus.NEW, True)):
        path = f"/staff/requests/{sent[0].reference}"
        client.post(f"{path}/status", data={"csrf_token": csrf_token(client.get(path)), "status": status})
        group(app, database, now)
        with database.reading() as session:
            assert (session.get(GapRequest, sent[0].id) is not None) == seen


def test_every_request_is_looked_at_once_the_oldest_first(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        sent = [ask(app, session, now, text).id for text in WINTER]
        spam = ask(app, session, now, "buy now")
        tickets.set_status(session, spam, TicketStatus.SPAM, now)
    with database.reading() as session:
        assert [ticket.id for ticket in unseen(session, 3)] == sent[:3]
    group(app, database, now)
    with database.writing() as session:
        assert unseen(session, 100) == []
        gaps.reconsider(session, session.get_one(Ticket, sent[1]))
        assert [ticket.id for ticket in unseen(session, 100)] == [sent[1]]
