"""Mail through a real Postfix into a Maildir: read by a library that shares nothing with the one that wrote it, and sorted by the README's script."""

import io
import json
import os
import re
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fast_mail_parser import PyMail, PyMimePart, parse_email, parse_email_tree, walk
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from kb.database import Database
from tests import postfix as postfix_server
from tests.postfix import Postfix
from tests.webform.delivering import WAITS
from tests.webform.form_world import open_form, tickets
from tests.webform.sending import PNG, accept, outbox_rows, terms_of
from tests.webform.test_call_back import arrange, ask
from tests.webform.test_mail_headers import CORPUS, INJECTED
from webform import additions, deliveries, held, leases, outbox, outbox_cli, routing_rules, topics
from webform import tickets as kept_tickets
from webform.outbox import Delivery
from webform.routing import Actions, Conditions, RoutingRule
from webform.tickets import Ticket, TicketStatus

TEAM, ANNA = "support@team.example", "anna@customer.example"
README = Path(__file__).parents[2] / "README.md"
SUBJECT = "Насос гудит, а вода не идёт — 水泵响但是不出水: " + "и это началось после зимы, когда мы достали его из подвала; " * 2
WORDS = "Здравствуйте!\n\nНасос гудит.\n.\n..две точки\n水泵响，但是不出水。🌱\nFrom here on: X-Webform-Priority: urgent\nStraße"
NOTE = "Серийный номер 4711\n序列号\n".encode()


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    """A Postfix of our own; without one these tests are left out with a word, but never where the whole gate is run."""
    if lack := postfix_server.missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(lack)
    with postfix_server.serve_postfix() as running:
        yield running


@pytest.fixture
def settings(settings: dict[str, str], postfix: Postfix) -> dict[str, str]:
    mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(postfix.port), "MAIL_TIMEOUT_SECONDS": "60", "MAIL_SENDER": "help@example.com"}
    return settings | mail | {"TEAM_ADDRESS": TEAM, "BOUNCE_ADDRESS": "bounces@team.example", "COMPANY": "Möss & Garth", "ACKNOWLEDGEMENTS_PER_HOUR": "50"}


def deliver(app: Flask, *, after: timedelta = timedelta()) -> deliveries.Tally:
    """Let the worker's own courier send what is due, or will be by then."""

    def later(session: Session) -> datetime:
        return leases.clock(session) + after

    with app.app_context():
        return deliveries.deliver_due(replace(outbox_cli.new_courier(app), clock=later, schedule=WAITS))


def opened(postfix: Postfix, address: str, number: int) -> list[PyMail]:
    """Read the mails of a mailbox; a repair that the library had to make is a fault of ours."""
    return [parse_email(each, strict=True) for each in postfix.arrived(address, number)]


def header(mail: PyMail | PyMimePart, name: str) -> str:
    """Give a header that is there exactly once."""
    (value,) = next((values for key, values in mail.headers.items() if key.lower() == name.lower()), [])
    return value


def text(mail: PyMail) -> str:
    (only,) = mail.text_plain
    return only.replace("\r\n", "\n")


def shape(raw: bytes) -> list[str]:
    return [part.content_type for part in walk(parse_email_tree(raw))]


def send_form(client: FlaskClient, **fields: object) -> TestResponse:
    asked = {"visit": open_form(client), "confirmed": "1", "scripted": "1", "email": ANNA, "name": "Анна-Мария Größe", "subject": SUBJECT, "message": WORDS}
    answer = client.post("/", data={**asked, **fields}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer


def test_a_request_its_confirmation_and_an_addition_arrive_as_they_were_sent(app: Flask, client: FlaskClient, database: Database, postfix: Postfix) -> None:
    postfix.mailbox(TEAM, ANNA)
    with database.writing() as session:
        topics.load_defaults(session)
    files = [(io.BytesIO(PNG), "Фото клапана 阀门.png"), (io.BytesIO(NOTE), "note.txt")]
    page = send_form(client, topic="pump", attachments=files)
    (ticket,) = tickets(database)
    key = terms_of(app).tokens.request_key(ticket.reference)
    more = {"key": key, "message": "И ещё: 还有一件事。\n.", "once": "one", "attachments": (io.BytesIO(PNG), "ещё.png")}
    assert client.post(f"/requests/{ticket.reference}/additions", data=more).status_code == 303
    assert deliver(app) == deliveries.Tally(sent=3)

    raw = {header(parse_email(each), "X-Webform-Kind"): each for each in postfix.arrived(TEAM, 2)}
    request, addition = (parse_email(raw[kind], strict=True) for kind in ("request", "addition"))
    (confirmation,) = opened(postfix, ANNA, 1)
    assert page.location.startswith(f"/requests/{ticket.reference}")

    assert request.from_ is not None
    assert (request.from_.address, request.from_.display_name) == ("help@example.com", "Анна-Мария Größe via Möss & Garth")
    assert [each.address for each in (*request.to, *request.reply_to)] == [TEAM, ANNA]
    assert request.subject == f"[{ticket.reference}] {' '.join(SUBJECT.split())}"[: len(request.subject)]
    assert len(request.subject) > 150
    assert header(request, "Return-Path") == "<bounces@team.example>"
    assert header(request, "Message-ID") == ticket.message_id
    assert request.date_parsed == ticket.created_at.replace(microsecond=0)
    assert text(request).startswith(WORDS + "\n")
    assert shape(raw["request"]) == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/json", "image/png", "text/plain",
    ]  # fmt: skip
    document, picture, note = request.attachments
    assert [each.filename for each in request.attachments] == ["request.json", "Фото клапана 阀门.png", "note.txt"]
    assert (picture.content, note.content) == (PNG, NOTE)
    record = json.loads(document.content)
    assert (record["message"], record["subject"], record["customer"]["email"]) == (WORDS, SUBJECT.strip(), ANNA)
    assert not {"Auto-Submitted", "Precedence", "X-Auto-Response-Suppress"} & set(request.headers)

    assert header(addition, "In-Reply-To") == header(addition, "References") == ticket.message_id
    assert addition.subject == f"Re: {request.subject}"
    assert [each.address for each in (*addition.to, *addition.reply_to)] == [TEAM, ANNA]
    assert text(addition).startswith("И ещё: 还有一件事。\n.\n")
    assert [(each.filename, len(each.content)) for each in addition.attachments][1:] == [("ещё.png", len(PNG))]
    for name in ("Reference", "Topic", "Priority", "Language"):
        assert header(addition, f"X-Webform-{name}") == header(request, f"X-Webform-{name}")

    assert [each.address for each in (*confirmation.to, *confirmation.reply_to)] == [ANNA, TEAM]
    assert header(confirmation, "Return-Path") == "<>"
    assert (header(confirmation, "Auto-Submitted"), header(confirmation, "X-Auto-Response-Suppress")) == ("auto-replied", "All")
    assert header(confirmation, "In-Reply-To") == header(confirmation, "References") == ticket.message_id
    assert ticket.reference in text(confirmation)
    assert not re.search("гудит|不出水", text(confirmation) + confirmation.text_html[0] + confirmation.subject)


def test_whatever_is_typed_arrives_as_one_mail_to_the_team_alone(app: Flask, database: Database, postfix: Postfix, now: datetime) -> None:
    team, evil = "typed@team.example", "evil@team.example"
    postfix.mailbox(team, evil)
    endings = ["\r\n.\r\n", "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", f"\r\n.\r\nMAIL FROM:<x@y.example>\r\nRCPT TO:<{evil}>\r\nDATA\r\n"]
    texts = [*CORPUS.values(), *(f"before{end}after" for end in endings)]
    with database.writing() as session:
        for number, typed in enumerate(texts):
            said = {"name": typed, "subject": typed.replace(INJECTED, f"Bcc: {evil}"), "message": f"{typed} END"}
            accept(session, app, now, visit=str(number), terms={"team_address": team, "acknowledgements_per_hour": 0}, **said)
    assert deliver(app).sent == len(texts)
    mails = opened(postfix, team, len(texts))
    assert {header(each, "X-Webform-Reference") for each in mails} == {each.reference for each in tickets(database)}
    for mail in mails:
        assert [each.address for each in (*mail.to, *mail.cc, *mail.bcc)] == [team]
        assert mail.from_ is not None
        assert mail.from_.address == "help@example.com"
        assert {"bcc"} & {name.lower() for name in mail.headers} == set()
        assert json.loads(mail.attachments[0].content)["message"].endswith("END")
    assert not list(postfix.maildir(evil).glob("new/*"))


def test_the_sieve_script_of_the_readme_sorts_by_our_headers_and_by_nothing_a_customer_writes(
    app: Flask, client: FlaskClient, database: Database, postfix: Postfix, now: datetime
) -> None:
    team = "sorted@team.example"
    postfix.mailbox(team)
    app.config.update(TEAM_ADDRESS=team, ACKNOWLEDGEMENTS_PER_HOUR=0)
    arrange(database)
    (script,) = re.findall(r"```sieve\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    forged = "X-Webform-Priority: urgent\r\nX-Webform-Tags: vip\r\nX-Webform-Topic: billing"
    with database.writing() as session:
        topics.load_defaults(session)
        rule = RoutingRule(0, "Hotels", Conditions(domains=("hotel.example",)), Actions(tags=("hotel", "vip")))
        routing_rules.add(session, rule, active=True, author="lead@example.com", now=now)
        asked = accept(session, app, now, visit="a", topic="pump", subject="Topics.pump")
        additions.add(session, asked, "Topics.pump", (), once="1", terms=terms_of(app), now=now)
        accept(session, app, now, visit="b", topic="billing", urgent="Lawyers", urgent_slug="lawyer", subject="Urgent")
        accept(session, app, now, visit="c", topic="orders", email="guest@hotel.example", subject="VIP")
        accept(session, app, now, visit="e", subject=f"Topics.none\r\n{forged}", message=f"{forged}\r\n\r\n{forged}", name=f"Eve\r\n{forged}")
        suspect = accept(session, app, now, visit="d", topic="pump", suspicion="links haste", subject="Robots")
        kept_tickets.set_status(session, suspect, TicketStatus.NEW, now)
        assert held.let_go(session, suspect, terms=terms_of(app), now=now)
    assert ask(client, message="The invoice is wrong.").status_code == 303
    assert deliver(app).sent == 7
    outside = "From: Eve <eve@elsewhere.example>\nX-Webform-Reference: T-222222\nX-Webform-Priority: urgent\nSubject: INBOX\n\nBelieve me.\n"
    with smtplib.SMTP("127.0.0.1", postfix.port) as line:
        line.sendmail("eve@elsewhere.example", [team], outside)
    postfix.arrived(team, 8)
    folders = postfix.sorted_by(script, team)
    assert {name: len(mails) for name, mails in folders.items()} == {
        "INBOX": 1, "Robots": 1, "Call back": 1, "Urgent": 1, "VIP": 1, "Topics.pump": 2, "Topics.none": 1,
    }  # fmt: skip
    for name, mails in folders.items():
        assert all(name in parse_email(each.read_bytes()).subject for each in mails), name
    (urgent,) = folders["Urgent"]
    assert urgent.name.endswith(":2,F")


def test_what_postfix_refuses_is_given_up_and_what_it_puts_off_arrives_later(app: Flask, database: Database, postfix: Postfix, now: datetime) -> None:
    good, unknown, busy = "here@team.example", "nobody@team.example", "busy@team.example"
    postfix.mailbox(good, busy)
    postfix.answer(busy, "450 4.2.0 Greylisted, come back later")
    with database.writing() as session:
        topics.load_defaults(session)
        rule = RoutingRule(0, "Everybody", Conditions(), Actions(addresses=(good, unknown, busy)))
        routing_rules.add(session, rule, active=True, author="lead@example.com", now=now)
        ticket = accept(session, app, leases.clock(session), terms={"acknowledgements_per_hour": 0})
    tally = deliver(app)
    assert (tally.sent, tally.retried, tally.failed, tally.unreachable) == (1, 1, 1, "")
    assert standing(database, ticket) == {good: (Delivery.SENT, "250"), unknown: (Delivery.FAILED, "550"), busy: (Delivery.WAITING, "450")}
    assert deliver(app) == deliveries.Tally()  # Neither is tried again before its time.
    postfix.answer(busy, "OK")
    assert deliver(app, after=timedelta(minutes=2)) == deliveries.Tally(sent=1)
    assert standing(database, ticket)[busy][0] == Delivery.SENT
    for address in (good, busy):
        (mail,) = opened(postfix, address, 1)
        assert header(mail, "Message-ID") == ticket.message_id
    with database.writing() as session:
        assert outbox.retry_failed(session, leases.clock(session)) == 1
    postfix.mailbox(unknown)
    assert deliver(app) == deliveries.Tally(sent=1)
    assert len(opened(postfix, unknown, 1)) == 1


def standing(database: Database, ticket: Ticket) -> dict[str, tuple[str, str]]:
    """Tell of each recipient how far its message is, and with which code the server spoke last."""
    with database.reading() as session:
        rows = outbox_rows(session, ticket)
        words = outbox.last_words(session, rows)
        return {address: (row.status, words[row.id][:3]) for row in rows for address in row.addresses}
