"""A topic's questions in the form: asked, refused with everything kept, stored with their version, and told everywhere."""

import json
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from kb.database import Database
from tests.webform.conftest import SignIn
from tests.webform.form_world import FIELDS, open_form, said, tickets, visit_token, write_articles
from tests.webform.sending import body, mail
from tests.webform.test_fields import COLOUR, PRODUCT, SERIAL, WHY
from webform import field_sets
from webform.fields import FieldKind, FormField
from webform.outbox import MessageKind
from webform.staff import RoleName
from webform.topics import Topic

CONSENT = FormField("consent", FieldKind.CONSENT, {"en": "You may open the pump"}, required=True)
MESSAGE = {"message": "Something else entirely", "email": "anna@customer.example", "topic": "orders", "confirmed": "1"}


def keep(database: Database, now: datetime, *questions: FormField, version: int = 0) -> None:
    with database.writing() as session:
        field_sets.keep(session, "orders", questions, version=version, author="lead@example.com", now=now)


@pytest.fixture
def site(app: Flask, database: Database, now: datetime) -> FlaskClient:
    write_articles(database, now)
    app.extensions["kb.suggester"].ensure_ready()
    keep(database, now, PRODUCT, SERIAL, COLOUR, WHY, CONSENT)
    return app.test_client()


def test_without_a_script_the_questions_come_on_a_step_and_nothing_typed_is_lost(site: FlaskClient, database: Database, signed_in: SignIn) -> None:
    step = site.post("/", data={"visit": open_form(site), **MESSAGE, "field-invoice": "R-7"})
    assert step.status_code == 200
    assert "Nothing was sent yet: a few questions about “Orders and delivery”" in step.text
    assert 'name="fields" value="orders.1"' in step.text
    assert '<input type="hidden" name="field-invoice" value="R-7" data-carried>' in step.text
    answered = {"fields": "orders.1", "field-product": "pump", "field-serial": "MG-12", "field-colour": ["red", "blue"], "field-why": "It <b>glows</b>"}
    refused = site.post("/", data={"visit": visit_token(step), **MESSAGE, **answered, "email": ""})
    assert refused.status_code == 422
    assert [words.partition(";")[0] for words in said(refused)] == [
        "Check this for a typing error",
        "Tick this box, or choose another topic",
        "Write your e-mail address, so that we can answer",
    ]
    for kept in (
        'value="pump" selected',
        'value="MG-12"',
        'value="red" checked',
        'value="It &lt;b&gt;glows&lt;/b&gt;"',
        'href="#field-serial"',
        'href="#field-consent"',
    ):
        assert kept in refused.text, kept
    russian = site.post("/?lang=ru", data={"visit": visit_token(step), **MESSAGE, **answered}).text
    assert "Изделие" in russian
    sent = site.post("/", data={"visit": visit_token(step), **MESSAGE, **answered, "field-serial": "MG-1234", "field-consent": "1"})
    assert sent.status_code == 303, said(sent)
    (ticket,) = tickets(database)
    assert ticket.answers == {"product": "pump", "serial": "MG-1234", "colour": ["red", "blue"], "why": "It <b>glows</b>", "consent": "1"}
    told = ["Product", "Pump", "Serial", "MG-1234", "Red, Blue", "It &lt;b&gt;glows&lt;/b&gt;"]
    for page in (site.get(sent.headers["Location"]).text, signed_in(RoleName.LEAD).get(f"/staff/requests/{ticket.reference}").text):
        assert [words for words in told if words not in page] == []
    with database.reading() as session:
        letter = mail(session, ticket, MessageKind.REQUEST)
    assert "DETAILS\nProduct: Pump\nSerial: MG-1234\nColour: Red, Blue\nWhy red?: It <b>glows</b>" in body(letter)
    assert "It &lt;b&gt;glows" in body(letter, "html")
    document = json.loads(next(letter.iter_attachments()).get_content())
    assert document["fields"][0] == {"key": "product", "kind": "choice", "question": "Product", "answer": "pump", "words": "Pump"}


def test_the_page_before_sending_carries_every_answer(site: FlaskClient, database: Database) -> None:
    answered = {"fields": "orders.1", "field-product": "hose", "field-colour": ["red", "blue"], "field-consent": "1", "topic": "orders"}
    before = site.post("/", data={"visit": open_form(site), **FIELDS, **answered})
    assert "Before we send this" in before.text
    for kept in ("field-product", "field-consent", 'name="fields" value="orders.1"'):
        assert kept in before.text
    assert before.text.count('name="field-colour"') >= 2
    changed = site.post("/", data={"visit": visit_token(before), **FIELDS, **answered, "change": "1"})
    assert changed.text.count(" checked") == 3
    assert tickets(database) == []


def test_an_old_request_keeps_the_questions_it_was_sent_with(site: FlaskClient, database: Database, now: datetime, signed_in: SignIn) -> None:
    token = open_form(site)
    newer = FormField("product", FieldKind.TEXT, {"en": "What is it?"}, required=True)
    keep(database, now, newer, version=1)
    shown_before = {"fields": "orders.1", "field-product": "hose", "field-consent": "1"}
    assert site.post("/", data={"visit": token, **MESSAGE, **shown_before}).status_code == 303
    assert said(site.post("/", data={"visit": token, **MESSAGE, "fields": "orders.2"})) == ["Answer this question"]
    (ticket,) = tickets(database)
    page = signed_in(RoleName.LEAD).get(f"/staff/requests/{ticket.reference}").text
    assert "Hose" in page
    assert "What is it?" not in page


def test_answers_come_by_link_but_no_consent_does(site: FlaskClient) -> None:
    page = site.get("/?topic=orders&field-product=pump&field-colour=red&field-colour=blue&field-serial=MG-1&field-consent=1&lang=en").text
    shown = page.partition("<template data-topic")[0]
    assert 'value="pump" selected' in shown
    assert 'value="MG-1"' in shown
    assert shown.count(" checked") == 2
    assert "field-none" not in page


def test_a_program_answers_questions_and_learns_what_is_wrong(site: FlaskClient, database: Database) -> None:
    sent = {"message": "Where is it", "email": "anna@customer.example", "topic": "orders"}
    wrong = site.post("/api/v1/requests", json={**sent, "fields": {"product": "pump", "colour": ["green"], "none": "x"}})
    assert wrong.status_code == 422
    assert set(wrong.json["errors"]) == {"fields.serial", "fields.colour", "fields.consent", "fields.none"}
    assert site.post("/api/v1/requests", json={**sent, "fields": {"product": 1}}).status_code == 400
    good = site.post("/api/v1/requests", json={**sent, "fields": {"product": "pump", "serial": "MG-1234", "colour": ["blue"], "consent": True}})
    assert good.status_code == 201, good.text
    assert tickets(database)[0].answers == {"product": "pump", "serial": "MG-1234", "colour": ["blue"], "consent": "1"}


def test_a_bad_pattern_or_address_never_loses_a_request(site: FlaskClient, database: Database, now: datetime, signed_in: SignIn) -> None:
    keep(database, now, FormField("serial", FieldKind.ORDER, {"en": "Serial"}, pattern="#{"), version=1)
    with database.writing() as session:
        session.execute(update(Topic).values(address="not an address"))
    assert site.post("/", data={"visit": open_form(site), **MESSAGE, "fields": "orders.2", "field-serial": "anything"}).status_code == 303
    (ticket,) = tickets(database)
    with database.reading() as session:
        letter = mail(session, ticket, MessageKind.REQUEST)
    assert letter["To"] == "team@example.com"
    for text in (body(letter), signed_in(RoleName.LEAD).get(f"/staff/requests/{ticket.reference}").text):
        assert "The topic names the address not an address, to which no mail can be sent; it was left out." in text
