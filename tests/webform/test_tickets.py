import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from kb.database import Database
from tests.webform.sending import accept
from webform import tickets
from webform.tickets import ALPHABET, Ticket, TicketStatus, open_ticket


def make(number: int) -> Ticket:
    return Ticket(submission_key=f"key {number}", visit_token="v", email="a@b.example", message="Words", language="en", interface_language="en")


def test_a_reference_can_be_read_out_on_the_phone() -> None:
    for _ in range(200):
        assert re.fullmatch(f"T-[{ALPHABET}]{{6}}", tickets.new_reference())
    assert not set(ALPHABET) & set("01ILOAEU")


def test_a_reference_that_is_taken_is_drawn_again(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["T-222222", "T-222222", "T-333333"])
    monkeypatch.setattr(tickets, "new_reference", lambda: next(drawn))
    with database.writing() as session:
        first, _ = open_ticket(session, make(1), mail_domain="example.com", now=now)
        second, is_new = open_ticket(session, make(2), mail_domain="example.com", now=now)
    assert (first.reference, second.reference, is_new) == ("T-222222", "T-333333", True)


def test_a_message_id_names_the_ticket_and_cannot_be_guessed(database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket, _ = open_ticket(session, make(1), mail_domain="example.com", now=now)
    assert re.fullmatch(rf"<{ticket.reference}\.[0-9a-f]{{16}}@example\.com>", ticket.message_id)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}\n"])
def test_a_ticket_is_found_however_its_reference_is_typed(typed: str, app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now)
        assert tickets.find(session, typed.format(ticket.reference.lower())) == ticket


@pytest.mark.parametrize("typed", ["", "T-222222", "\0", "' OR 1=1", "x" * 10_000, "\ud800"])
def test_what_is_no_reference_finds_nothing(typed: str, database: Database) -> None:
    with database.reading() as session:
        assert tickets.find(session, typed) is None


@pytest.mark.parametrize("text", ["anna", "SAMPLE", "НАСОС", "насос гудит", "вода Anna", "CUSTOMER.example", "100%"])
def test_staff_find_words_in_any_case_and_alphabet(text: str, app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        wanted = accept(session, app, now, subject="Насос гудит", message="Нет ВОДЫ: вода ушла, 100% сухо")
        accept(session, app, now, name="Bob", email="bob@other.example", subject="App", message="It is 1000 dry")
        assert tickets.page(session, text=text).tickets == [wanted]


def test_staff_find_a_ticket_by_its_reference(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        wanted = accept(session, app, now)
        accept(session, app, now, message="Another")
        assert tickets.page(session, text=wanted.reference.lower()).tickets == [wanted]


@pytest.mark.parametrize("text", ["\0", "\ud800", "%", "_", "\\", "x " * 10_000, "' OR 1=1 --"])
def test_no_search_text_breaks_the_search(text: str, app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        accept(session, app, now)
        assert tickets.page(session, text=text, status="\0", topic="\0").total == 0


def test_tickets_come_newest_first_in_pages(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        made = [accept(session, app, now + timedelta(minutes=minute), message=f"Number {minute}") for minute in range(5)]
        page = tickets.page(session, number=2, per_page=2)
        assert (page.tickets, page.total, page.number, page.pages) == ([made[2], made[1]], 5, 2, 3)
        assert tickets.page(session, number=99, per_page=2).number == 3
        assert tickets.page(session, number=-1, per_page=2).tickets == [made[4], made[3]]


def test_tickets_are_filtered_by_status_and_topic(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        pump = accept(session, app, now, topic="pump")
        other = accept(session, app, now, topic="app")
        tickets.set_status(session, other, TicketStatus.SPAM, now + timedelta(hours=1))
        assert tickets.page(session, status="new").tickets == [pump]
        assert tickets.page(session, status="spam", topic="app").tickets == [other]
        assert tickets.page(session, status="spam", topic="pump").tickets == []
        assert other.updated_at == now + timedelta(hours=1)
