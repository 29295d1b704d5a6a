import json
import time
from datetime import datetime
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from deflection import events
from deflection.events import Kind
from kb.database import Database
from tests.webform.sending import PNG, accept, body, mail, outbox_rows, parsed, publish, visit
from webform import attachments, topics
from webform.outbox import MessageKind
from webform.tickets import Ticket


def request_mail(session: Session, ticket: Ticket) -> EmailMessage:
    return mail(session, ticket, MessageKind.REQUEST)


def tried_ticket(session: Session, app: Flask, now: datetime) -> Ticket:
    topics.load_defaults(session)
    read, opened, only_shown = (publish(session, title, now) for title in ("Pump runs dry", "Drippers stay dry", "After the winter"))
    row = visit(session, now, [read, opened, only_shown])
    events.record(session, row, Kind.OPENED, articles=[read, opened], now=now)
    events.record(session, row, Kind.READ, articles=[read], seconds=80, now=now)
    events.record(session, row, Kind.DECLINED, articles=[read], reason="steps-failed", now=now)
    return accept(session, app, now, topic="pump", predicted_topic="Pump and hoses", predicted_share=0.914, terms={})


def test_the_customer_is_in_reply_to_and_never_in_from(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        message = request_mail(session, accept(session, app, now))
    assert message["From"].addresses[0].addr_spec == "help@example.com"
    assert message["From"].addresses[0].display_name == "Anna Sample via Mossgarth"
    assert message["Reply-To"].addresses[0].addr_spec == "anna@customer.example"
    assert message["To"].addresses[0].addr_spec == "team@example.com"


def test_its_date_is_when_the_customer_sent(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert request_mail(session, accept(session, app, now))["Date"].datetime == now


def test_its_message_id_is_the_tickets(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now)
        assert request_mail(session, ticket)["Message-ID"] == ticket.message_id


def test_nothing_in_it_says_automatic(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        names = {name.lower() for name in request_mail(session, accept(session, app, now)).keys()}  # noqa: SIM118 - a message is no dict
    assert not names & {"auto-submitted", "x-auto-response-suppress", "precedence"}
    assert not [name for name in names if name.startswith("list-")]


def test_its_headers_for_mail_rules_are_short_and_plain(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = tried_ticket(session, app, now)
        message = request_mail(session, ticket)
    rules = {name: value for name, value in message.items() if name.startswith("X-")}
    assert rules == {
        "X-Webform-Kind": "request",
        "X-Webform-Reference": ticket.reference,
        "X-Webform-Topic": "pump",
        "X-Webform-Priority": "normal",
        "X-Webform-Language": "en",
        "X-Webform-Deflection": "shown=3 opened=2 verdict=declined",
    }


def test_its_parts_stand_in_the_order_of_the_contract(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        file = attachments.keep(session, visit="a-visit", filename="фото.png", content=PNG, now=now)
        message = request_mail(session, accept(session, app, now, uploads=(file.token,)))
    assert message.get_content_type() == "multipart/mixed"
    alternative, document, picture = message.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == ["text/plain", "text/html"]
    assert (document.get_content_type(), document.get_filename()) == ("application/json", "request.json")
    assert (picture.get_content_type(), picture.get_filename(), picture.get_content()) == ("image/png", "фото.png", PNG)


def test_its_text_says_everything_in_order(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = tried_ticket(session, app, now)
        text = body(request_mail(session, ticket))
    expected = [
        "The pump hums.\nI cleaned the filter already.",
        "CONTACT\nAnna Sample <anna@customer.example>",
        "TOPIC\nChosen: Pump and hoses\nPredicted: Pump and hoses, 0.91\nLanguage: English",
        "ALREADY TRIED",
        "1. Pump runs dry\n   read for 1 min 20 s: the steps failed\n   http://127.0.0.1:8000/help/en/pump-runs-dry",
        "2. Drippers stay dry\n   opened\n",
        "3. After the winter\n   shown, not opened\n",
        f"LINKS\nTo answer, reply to this e-mail.\nThe request: http://127.0.0.1:8000/staff/requests/{ticket.reference}",
        f"-- \nReference {ticket.reference}, sent Sunday, 22 November 2026, 09:30 UTC",
    ]
    places = [text.index(part) for part in expected]
    assert places == sorted(places)
    assert text.startswith(expected[0])


def test_its_html_escapes_what_was_typed(app: Flask, database: Database, now: datetime) -> None:
    typed = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    with database.writing() as session:
        html = body(request_mail(session, accept(session, app, now, name=typed, subject=typed, message=typed, predicted_topic=typed)), "html")
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_its_document_is_complete_and_versioned(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = tried_ticket(session, app, now)
        document = json.loads(next(request_mail(session, ticket).iter_attachments()).get_content())
    assert (document["schema"], document["version"], document["reference"]) == ("webform.request", 1, ticket.reference)
    assert datetime.fromisoformat(document["sent_at"]) == now
    assert document["customer"] == {"name": "Anna Sample", "email": "anna@customer.example"}
    assert document["message"] == "The pump hums.\nI cleaned the filter already."
    assert document["topic"]["slug"] == "pump"
    assert document["predicted_topic"] == {"name": "Pump and hoses", "share": 0.914}
    assert [(entry["rank"], entry["opened"], entry["reason"]) for entry in document["tried"]] == [(1, True, "steps-failed"), (2, True, None), (3, False, None)]


def test_it_is_written_in_the_language_of_the_team(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now, interface_language="en", predicted_topic="pump", predicted_share=0.914, terms={"language": "ru"})
        assert "воскресенье, 22 ноября 2026, 09:30 UTC" in body(request_mail(session, ticket))
        assert 'lang="ru"' in body(request_mail(session, ticket), "html")
        assert all("pump, 0,91" in body(request_mail(session, ticket), form) for form in ("plain", "html"))


def test_without_a_subject_the_message_begins_the_subject(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now, subject="", message="The pump\nhums " + "and hums " * 100)
        subject = request_mail(session, ticket)["Subject"]
    assert subject.startswith(f"[{ticket.reference}] The pump hums and hums")
    assert len(subject) < 100


@pytest.mark.parametrize("message", ["x" * 1_000_000, "Я" * 100_000, "a\r\n.\r\nb", ".", "a\0b", "\ud800", "\r" * 5000, "From me\n>From you", "=?utf-8?q?a?="])
def test_any_message_makes_a_valid_mail(message: str, app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now, message=message)
        raw = outbox_rows(session, ticket)[0].mime
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert body(parsed(raw)).startswith(ticket.message)
    assert not parsed(raw).defects


def test_composing_a_megabyte_is_a_bounded_work(app: Flask, database: Database, now: datetime) -> None:
    started = time.process_time()
    with database.writing() as session:
        accept(session, app, now, message="Насос гудит. " * 80_000)
    assert time.process_time() - started < 5
