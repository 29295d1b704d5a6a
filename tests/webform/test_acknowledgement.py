import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kb.articles import Status
from kb.database import Database
from tests.webform.sending import accept, body, mail, outbox_rows, publish, raw_mail, visit
from webform import acknowledgement
from webform.outbox import MessageKind
from webform.tickets import Ticket
from webform.web import TOKENS

ACKNOWLEDGEMENT = MessageKind.ACKNOWLEDGEMENT


def acknowledged(session: Session, ticket: Ticket) -> bool:
    return raw_mail(session, ticket, ACKNOWLEDGEMENT) is not None


def test_it_says_what_the_customer_needs(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now, terms={"signature": "the pump team"})
        text = body(mail(session, ticket, ACKNOWLEDGEMENT))
    assert text.startswith("Hello Anna Sample,\n\nyour message is with us.")
    assert ticket.reference in text
    assert "within 24 hours" in text
    assert "\nthe pump team\nMossgarth\n" in text


def test_its_link_opens_the_request(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now)
        message = mail(session, ticket, ACKNOWLEDGEMENT)
    for kind in ("plain", "html"):
        found = re.search(r"http://127\.0\.0\.1:8000/requests/(T-\w{6})\?key=([\w.-]+)", body(message, kind))
        assert found is not None
        assert app.extensions[TOKENS].read_request_key(found[2], days=30) == found[1] == ticket.reference


def test_no_machine_answers_it(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now)
        message, row = mail(session, ticket, ACKNOWLEDGEMENT), outbox_rows(session, ticket)[1]
    assert row.sender == ""
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["In-Reply-To"] == message["References"] == ticket.message_id
    assert message["Message-ID"] == row.message_id != ticket.message_id


def test_it_goes_to_the_customer_only(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now)
        message = mail(session, ticket, ACKNOWLEDGEMENT)
        assert outbox_rows(session, ticket)[1].recipients == "anna@customer.example"
    assert [address.addr_spec for address in message["To"].addresses] == ["anna@customer.example"]
    assert [address.addr_spec for address in message["Reply-To"].addresses] == ["team@example.com"]
    assert {"Cc", "Bcc"} & set(message.keys()) == set()


def test_it_never_quotes_what_was_typed(app: Flask, database: Database, now: datetime) -> None:
    lure = "Collect your prize at www.evil.example"
    with database.writing() as session:
        ticket = accept(session, app, now, name=lure, subject=lure, message=lure, predicted_topic=lure)
        message = mail(session, ticket, ACKNOWLEDGEMENT)
    for text in (str(message), body(message), body(message, "html")):
        assert "evil" not in text
        assert "prize" not in text
    assert body(message).startswith("Hello,\n")


def test_it_is_in_the_language_of_the_visit(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now, interface_language="zh")
        assert 'lang="zh"' in body(mail(session, ticket, ACKNOWLEDGEMENT), "html")


@pytest.mark.parametrize(
    "address",
    [
        "postmaster@x.example",
        "MAILER-DAEMON@x.example",
        "noreply@x.example",
        "no-reply@x.example",
        "no_reply@x.example",
        "do-not-reply@x.example",
        "DoNotReply+7@x.example",
        "abuse@x.example",
        "bounces+anna=y.example@x.example",
        "owner-list@x.example",
        "list-request@x.example",
        "billing-noreply@x.example",
    ],
)
def test_roles_and_robots_get_none(address: str, app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert not acknowledged(session, accept(session, app, now, email=address))


@pytest.mark.parametrize("address", ["anna@x.example", "noah@x.example", "info@x.example", "support@x.example", "nora.reply@x.example", "bounce@x.example"])
def test_people_and_shops_are_no_robots(address: str) -> None:
    assert acknowledgement.is_nobody(address) is (address == "bounce@x.example")


@pytest.mark.parametrize("address", ["help@example.com", "TEAM@example.com"])
def test_our_own_addresses_get_none(address: str, app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert not acknowledged(session, accept(session, app, now, email=address))


def test_one_address_gets_only_so_many_an_hour(app: Flask, database: Database, now: datetime) -> None:
    def sent(minute: int, **changes: Any) -> bool:
        with database.writing() as session:
            ticket = accept(session, app, now + timedelta(minutes=minute), message=f"At {minute}", visit=f"v{minute}", **changes)
            return acknowledged(session, ticket)

    assert [sent(minute) for minute in range(4)] == [True, True, True, False]
    assert not sent(5, email="ANNA@customer.example")
    assert sent(6, email="bob@customer.example")
    assert not sent(59)
    assert sent(62)


def test_none_an_hour_sends_none(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now, terms={"acknowledgements_per_hour": 0})
        assert not acknowledged(session, ticket)
        assert not acknowledgement.was_sent(session, ticket)


def test_it_offers_one_article_that_was_not_opened(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        first, second = publish(session, "First article", now), publish(session, "Second article", now)
        visit(session, now, [first, second])
        ticket = accept(session, app, now, suggested=(first, second))
        message = mail(session, ticket, ACKNOWLEDGEMENT)
    assert ticket.offered_article_id == first
    assert "http://127.0.0.1:8000/help/en/first-article" in body(message)
    assert "Second article" not in body(message)
    assert "solved" in body(message, "html")


def test_it_offers_no_draft_and_nothing_in_a_language_the_customer_does_not_read(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        draft, german = publish(session, "Draft", now, status=Status.DRAFT), publish(session, "Pumpe", now, language="de")
        visit(session, now, [draft, german])
        assert accept(session, app, now, suggested=(draft, german)).offered_article_id is None


@pytest.mark.parametrize(("hours", "words"), [(1, "within 1 hour."), (36, "within 36 hours."), (48, "within 2 days."), (72, "within 3 days.")])
def test_it_says_when_to_expect_an_answer(hours: int, words: str, app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert words in body(mail(session, accept(session, app, now, terms={"answer_hours": hours}), ACKNOWLEDGEMENT))
