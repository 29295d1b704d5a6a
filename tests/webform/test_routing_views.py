"""Routing rules and people who skip, as leads edit them, and as customers meet them."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from deflection.visits import Visit
from kb import trace
from kb.database import Database
from kb.trace import Asked
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.form_world import FIELDS, HUM, events, open_form, tickets, write_articles
from tests.webform.sending import accept, mail
from webform import routing_rules
from webform.outbox import MessageKind
from webform.staff import RoleName


@pytest.fixture
def lead(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> FlaskClient:
    write_articles(database, now)
    app.extensions["kb.suggester"].ensure_ready()
    return signed_in(RoleName.LEAD)


def post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client.get("/staff/routing")), **fields})


def test_a_rule_is_tried_on_past_requests_saved_moved_and_deleted(app: Flask, lead: FlaskClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        references = [
            accept(session, app, now, visit=f"v{number}", message=words, topic="pump").reference for number, words in enumerate(("It hums", "It leaks"))
        ]
    fields = {"name": "Leaks", "phrases-en": "leaks", "addresses": "leaks@example.org", "tags": "wet", "active": "1", "topics": "pump"}
    tried = post(lead, "/staff/routing/new", **fields, **{"try": "1"})
    assert tried.status_code == 200
    assert "rules would fit 1, and 1 would be dealt with in another way. Nothing was done." in tried.text
    assert (references[1] in tried.text, references[0] in tried.text) == (True, False)
    assert 'value="leaks@example.org"' in tried.text
    with database.reading() as session:
        assert routing_rules.every(session) == []
    assert post(lead, "/staff/routing/new", **fields).status_code == 303
    assert post(lead, "/staff/routing/new", **(fields | {"name": "All", "phrases-en": "", "topics": "", "addresses": "", "priority": "low"})).status_code == 303
    page = post(lead, "/staff/routing/dry-run", last="50").text
    assert "rules would fit 2, and 2 would be dealt with in another way" in page
    with database.reading() as session:
        first, second = routing_rules.every(session)
    assert post(lead, f"/staff/routing/{second.id}/move", to="up").status_code == 303
    assert post(lead, f"/staff/routing/{first.id}", **fields, version="9").status_code == 409
    assert post(lead, f"/staff/routing/{first.id}", **(fields | {"name": "Drips"}), version="1").status_code == 303
    assert post(lead, f"/staff/routing/{second.id}/delete", version="1").status_code == 303
    with database.reading() as session:
        assert [kept.name for kept in routing_rules.every(session)] == ["Drips"]
        assert [deed.action for deed in trace.page(session, Asked(kind="routing")).deeds] == ["deleted", "changed", "moved", "added", "added"]
        ticket = accept(session, app, now, visit="v9", message="It leaks", topic="pump")
        assert mail(session, ticket, MessageKind.REQUEST)["To"] == "leaks@example.org"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Give the rule a name"),
        ({"addresses": "help@example.com"}, "its mail would come back"),
        ({"copies": "nobody"}, "Check nobody: no mail can be sent to it"),
        ({"tags": "Ünlaut"}, "Tags are small Latin letters"),
        ({"phrases-en": "the"}, "Line 1 would fit nearly every text"),
        ({"domains": "not a domain!"}, "Check the domain"),
        ({"zone": "Nowhere/Land"}, "There is no such time zone"),
        ({"from_hour": "7"}, "Choose both hours, or neither"),
        ({"event": "Not A Name"}, "Write a name of small Latin letters"),
        ({"tags": ""}, "Say what the rule does"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(lead: FlaskClient, database: Database, fields: dict[str, str], words: str) -> None:
    answer = post(lead, "/staff/routing/new", **({"name": "Kept", "tags": "a"} | fields))
    assert answer.status_code == 422
    assert words in answer.text
    with database.reading() as session:
        assert routing_rules.every(session) == []


def test_a_rule_keeps_texts_from_being_suggested_anything(app: Flask, lead: FlaskClient, database: Database) -> None:
    assert "suggestion" in lead.post("/suggestions", data={"message": HUM, "visit": open_form(lead)}).text
    assert post(lead, "/staff/routing/new", **{"name": "Hums", "phrases-en": "hums", "never_suggest": "1", "active": "1"}).status_code == 303
    token = open_form(lead)
    answer = lead.post("/suggestions", data={"message": HUM, "visit": token})
    assert "This goes straight to a person" in answer.text
    assert "urgent" not in answer.text
    assert lead.post("/", data={"visit": token, **FIELDS}).status_code == 303
    assert events(app, database, token) == ["submitted"]
    with database.reading() as session:
        assert session.scalars(select(Visit.straight).order_by(Visit.id.desc())).first() is True
    (ticket,) = tickets(database)
    assert ticket.urgent == ""
    assert "nothing was suggested" in lead.get(f"/staff/requests/{ticket.reference}").text


def test_whoever_has_a_link_skips_until_it_is_taken_back(app: Flask, lead: FlaskClient, database: Database) -> None:
    assert post(lead, "/staff/skips", name="Harbour Hotels", by="link", urgent="1").status_code == 303
    found = re.search(r"\?skip=([\w.-]+)", lead.get("/staff/skips").text)
    assert found
    customer = app.test_client()
    page = customer.get(f"/?skip={found[1]}&lang=en")
    assert f'name="skip" value="{found[1]}"' in page.text
    token = open_form(customer)
    assert "straight to a person" in customer.post("/suggestions", data={"message": HUM, "visit": token, "skip": found[1]}).text
    assert customer.post("/", data={"visit": token, **FIELDS, "skip": found[1]}).status_code == 303
    (ticket,) = tickets(database)
    assert (ticket.urgent, ticket.urgent_slug) == ("Harbour Hotels", "skip-1")
    assert "Harbour Hotels may skip the answers" in lead.get(f"/staff/requests/{ticket.reference}").text
    with database.reading() as session:
        assert mail(session, ticket, MessageKind.REQUEST)["X-Webform-Priority"] == "urgent"
        assert session.scalars(select(Visit.straight).order_by(Visit.id.desc())).first() is True
    for forged in (found[1][:-1], f"{found[1]}x", "1", "x" * 5000):
        page = customer.get(f"/?skip={forged}")
        assert page.status_code == 200
        assert 'name="skip"' not in page.text
    assert post(lead, "/staff/skips/1/revoke").status_code == 303
    assert "suggestion" in customer.post("/suggestions", data={"message": HUM, "visit": open_form(customer), "skip": found[1]}).text
    assert "Before we send this" in customer.post("/", data={"visit": open_form(customer), **FIELDS, "skip": found[1]}).text


def test_the_people_of_a_domain_skip_and_their_requests_are_as_urgent_as_set(app: Flask, lead: FlaskClient, database: Database) -> None:
    for domain, words in (("gmail.com", "Anybody can have an address there"), ("nothing", "Write a domain that looks like")):
        answer = post(lead, "/staff/skips", name="X", by="domain", domain=domain)
        assert (answer.status_code, words in answer.text) == (422, True)
        assert answer.text.index("autofocus") < answer.text.index('href="#domain"') < answer.text.index("<h1>")
    assert post(lead, "/staff/skips", name="Hotels", by="domain", domain="@Customer.example").status_code == 303
    token = open_form(lead)
    typing = {"message": HUM, "visit": token}
    assert "straight to a person" in lead.post("/suggestions", data={**typing, "domain": "desk.customer.example"}).text
    assert "suggestion" in lead.post("/suggestions", data={**typing, "domain": "othercustomer.example"}).text
    assert lead.post("/", data={"visit": open_form(lead), **FIELDS}).status_code == 303
    (ticket,) = tickets(database)
    assert ticket.urgent == ""
    with database.reading() as session:
        assert routing_rules.of_ticket(session, ticket.id).skip == "Hotels"
    assert lead.post("/api/v1/requests", json={"message": HUM, "email": "bo@customer.example"}).status_code == 201
