"""Robots at the form: nothing that was sent is dropped, what looks like a robot's waits for a person, and people get through an attack."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.form_world import open_form
from tests.webform.sending import outbox_rows, terms_of
from webform import held, proof, robot_questions, suspicion, tickets
from webform.outbox import MessageKind
from webform.robot_questions import RobotQuestion
from webform.staff import RoleName
from webform.tickets import Ticket, TicketStatus

LETTER = {"message": "The fence post is loose and I want a person", "email": "anna@customer.example", "confirmed": "1"}


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"REQUESTS_PER_HOUR": "1000", "REQUESTS_PER_ADDRESS": "1000", "ATTACK_REQUESTS": "3"}


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test sends sooner than anybody types; that is a sign of its own."""
    monkeypatch.setattr(suspicion, "HASTE_SECONDS", 0.0)


def post(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post("/?lang=en", data=LETTER | {"visit": open_form(client)} | fields)


def only(database: Database) -> Ticket:
    with database.reading() as session:
        (ticket,) = tickets.page(session).tickets
        return ticket


def kinds(database: Database, ticket: Ticket) -> list[str]:
    with database.reading() as session:
        return [str(row.kind) for row in outbox_rows(session, ticket)]


def solved(challenge: str) -> str:
    return next(str(number) for number in range(10**7) if proof.solves(challenge, str(number)))


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, page[:300]
    return found[1]


def test_what_fills_in_the_field_that_nobody_sees_is_held_and_a_lead_lets_it_go(app: Flask, client: FlaskClient, database: Database, signed_in: SignIn) -> None:
    page = client.get("/?lang=en").text
    assert re.search(r'class="trap" aria-hidden="true".*?name="fax"[^>]*tabindex="-1"', page, re.DOTALL)
    sent = post(client, fax="123")
    assert sent.status_code == 303, "whoever sends it learns nothing"
    ticket = only(database)
    assert (ticket.status, ticket.suspicion) == (TicketStatus.HELD, "trap")
    assert kinds(database, ticket) == []
    lead = signed_in(RoleName.LEAD)
    assert ticket.reference in lead.get("/staff/requests?status=held").text
    page = lead.get(f"/staff/requests/{ticket.reference}").text
    assert "it filled in a field that people do not see" in page
    done = lead.post(f"/staff/requests/{ticket.reference}/status", data={"status": "new", "csrf_token": field(page, "csrf_token")})
    assert done.status_code == 303
    assert kinds(database, ticket) == [MessageKind.REQUEST, MessageKind.ACKNOWLEDGEMENT]


def test_what_is_known_to_be_bad_is_held_and_marking_it_as_spam_sends_nothing(client: FlaskClient, database: Database, signed_in: SignIn) -> None:
    lead = signed_in(RoleName.LEAD)
    token = csrf_token(lead.get("/staff/robots"))
    refused = lead.post("/staff/robots/marks", data={"csrf_token": token, "marks": "cheap watches\nab"})
    assert refused.status_code == 422
    assert "cheap watches\nab" in refused.text
    assert lead.post("/staff/robots/marks", data={"csrf_token": token, "marks": "Cheap  watches\n@spam.example"}).status_code == 303
    post(client, message="Cheap watches, only today")
    ticket = only(database)
    assert (ticket.status, ticket.suspicion) == (TicketStatus.HELD, "listed")
    lead.post(f"/staff/requests/{ticket.reference}/status", data={"status": "spam", "csrf_token": token})
    assert (only(database).status, kinds(database, ticket)) == (TicketStatus.SPAM, [])


def test_what_nobody_decides_about_goes_to_the_team_in_the_end_marked_and_once(app: Flask, client: FlaskClient, database: Database) -> None:
    post(client, fax="123")
    ticket, now = only(database), datetime.now(UTC)
    terms = terms_of(app)
    with database.writing() as session:
        assert not held.any_due(session, terms, now + timedelta(hours=terms.held_hours - 1))
        later = now + timedelta(hours=terms.held_hours, minutes=1)
        assert held.any_due(session, terms, later)
        assert held.release_overdue(session, terms, later) == 1
        assert held.release_overdue(session, terms, later) == 0
        (request,) = outbox_rows(session, ticket)
    assert request.kind == MessageKind.REQUEST
    assert b"X-Webform-Suspicion: trap" in request.mime
    assert only(database).status == TicketStatus.NEW


def test_people_get_through_an_attack_by_a_sum_of_their_browser_an_answer_or_a_look(app: Flask, client: FlaskClient, database: Database) -> None:
    assert [post(client, message=f"Fence {number} is loose").status_code for number in range(3)] == [303] * 3
    visit = open_form(client)
    asked = client.post("/?lang=en", data=LETTER | {"visit": visit, "name": "Anna"})
    assert asked.status_code == 422
    assert "How much is" in asked.text
    assert (field(asked.text, "name"), field(asked.text, "email")) == ("Anna", LETTER["email"]), "nothing that was typed is lost"
    challenge = field(asked.text, "challenge")
    again = LETTER | {"visit": visit, "challenge": challenge}
    wrong = client.post("/?lang=en", data=again | {"answer": "99"})
    assert (wrong.status_code, "That was not the answer" in wrong.text) == (422, True)
    assert client.post("/?lang=en", data=again | {"visit": open_form(client), "proof": solved(challenge)}).status_code == 422, "each visit has its own"
    assert client.post("/?lang=en", data=again | {"proof": solved(challenge)}).status_code == 303
    sums = {word: number for number, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], 1)}
    first, second = re.search(r"How much is (\w+) plus (\w+)\?", wrong.text).groups()  # type: ignore[union-attr]
    answered = again | {"challenge": field(wrong.text, "challenge"), "answer": str(sums[first] + sums[second]), "message": "Another post is loose"}
    assert client.post("/?lang=en", data=answered).status_code == 303
    with database.reading() as session:
        assert tickets.tally(session)[TicketStatus.HELD] == 0
    assert post(client, unproved="1", message="I cannot count").status_code == 303
    with database.reading() as session:
        (ticket,) = tickets.page(session, status=TicketStatus.HELD).tickets
    assert (ticket.message, ticket.suspicion) == ("I cannot count", "unproved")


def test_a_topic_may_ask_its_question_of_everybody(client: FlaskClient, database: Database, signed_in: SignIn) -> None:
    lead = signed_in(RoleName.LEAD)
    token = csrf_token(lead.get("/staff/robots"))
    question = {"topic": "", "language": "en", "question": "What does our pump move?", "answers": "Water\nthe water", "always": "1", "csrf_token": token}
    assert lead.post("/staff/robots/questions", data=question | {"answers": ""}).status_code == 422
    assert lead.post("/staff/robots/questions", data=question).status_code == 303
    visit = open_form(client)
    asked = client.post("/?lang=en", data=LETTER | {"visit": visit})
    assert (asked.status_code, "What does our pump move?" in asked.text) == (422, True)
    answered = LETTER | {"visit": visit, "challenge": field(asked.text, "challenge"), "answer": " THE  water. "}
    assert client.post("/?lang=en", data=answered).status_code == 303
    with database.reading() as session:
        number = robot_questions.every(session)[0].id
    assert lead.post(f"/staff/robots/questions/{number}/delete", data={"csrf_token": token}).status_code == 303
    assert post(client, message="The gate is loose").status_code == 303


def test_an_own_question_comes_before_one_for_every_topic(database: Database) -> None:
    with database.writing() as session:
        for topic, words in (("", "General?"), ("pump", "Pump?")):
            session.add(RobotQuestion(topic=topic, language="en", question=words, answers="x", always=False))
        session.flush()
        found = {topic: robot_questions.of(session, topic, "en") for topic in ("pump", "app")}
        assert [asked.words for asked in found.values() if asked] == ["Pump?", "General?"]
        assert robot_questions.of(session, "pump", "ru") is None


def test_a_forged_challenge_proves_nothing(client: FlaskClient) -> None:
    for _ in range(3):
        post(client, message=f"Fence {hashlib.sha256(str(_).encode()).hexdigest()}")
    forged = "a.b.c"
    assert post(client, challenge=forged, proof=solved(forged)).status_code == 422
