"""By when a person answers, in words of three languages, from the hours that leads keep."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kb.database import Database
from kb.trace import Deed
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.sending import accept, body, mail, terms_of
from webform import answer_time, office_hours, topics
from webform.answer_time import Promise
from webform.office_hours import OfficeHours
from webform.outbox import MessageKind
from webform.staff import RoleName

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = OfficeHours("Europe/Berlin", ("9-17",) * 5 + ("", ""), "2026-11-23 Staff outing", 8)
DUE = datetime(2026, 12, 1, 11, 30, tzinfo=BERLIN)


def keep(database: Database, now: datetime, hours: OfficeHours = OFFICE) -> None:
    with database.writing() as session:
        office_hours.keep(session, hours, version=0, author="lead@example.com", now=now)


@pytest.mark.parametrize(
    ("given", "language", "words"),
    [
        (Promise(1, DUE), "en", "within 1 working hour: by Tuesday, 1 December, 11:30 (Central European Standard Time)."),
        (Promise(8, DUE), "en", "within 8 working hours: by Tuesday"),
        (Promise(1, DUE), "ru", "в течение 1 рабочего часа; срок — вторник, 1 декабря, 11:30 (Центральная Европа, стандартное время)."),
        (Promise(22, DUE), "ru", "в течение 22 рабочих часов"),
        (Promise(21, DUE), "ru", "в течение 21 рабочего часа"),
        (Promise(8, DUE), "zh", "8 个工作小时内（12月1日星期二 11:30，中欧标准时间之前）"),
        (Promise(24), "en", "within 24 hours."),
        (Promise(72), "en", "within 3 days."),
        (Promise(36), "ru", "в течение 36 часов."),
        (Promise(48), "zh", "2 天内"),
    ],
)
def test_it_is_said_with_the_right_plural_and_the_zone(given: Promise, language: str, words: str) -> None:
    assert words.replace("（12月1日星期二 11:30，中欧标准时间之前）", "") in answer_time.sentence(given, language)
    assert (given.by is None) or answer_time.zone_name(DUE, language) in answer_time.sentence(given, language)


def test_a_promise_is_made_to_the_quarter_of_an_hour() -> None:
    minutes = (0, 1, 15, 46)
    assert [answer_time.rounded(DUE.replace(minute=minute)).minute for minute in minutes] == [0, 15, 15, 0]
    assert answer_time.rounded(DUE.replace(minute=15, microsecond=1)).minute == 30


def test_the_mail_the_form_and_the_page_say_the_same_moment(app: Flask, client: FlaskClient, database: Database, now: datetime) -> None:
    with database.reading() as session:
        assert answer_time.promise(session, None, terms_of(app), now) == Promise(24)
    assert "as a rule within 24 hours." in client.get("/").text
    keep(database, now)  # A Sunday; nobody comes on Monday either.
    with database.writing() as session:
        topics.load_defaults(session)
        assert answer_time.promise(session, None, terms_of(app), now).by == datetime(2026, 11, 24, 16, tzinfo=UTC)
        ticket = accept(session, app, now)
        told = "by Tuesday, 24 November, 17:00 (Central European Standard Time)."
        assert told in body(mail(session, ticket, MessageKind.ACKNOWLEDGEMENT))
        assert told in body(mail(session, ticket, MessageKind.ACKNOWLEDGEMENT), "html").replace("\n", " ")
        key = terms_of(app).tokens.request_key(ticket.reference)
    assert told in client.get(f"/requests/{ticket.reference}?key={key}").text
    assert "within 8 working hours: by " in client.get("/").text
    assert "8 рабочих часов" in client.get("/?lang=ru").text


def test_leads_try_keep_and_do_not_overwrite_hours(signed_in: SignIn, database: Database) -> None:
    client = signed_in(RoleName.LEAD)
    page = client.get("/staff/hours")
    fields = {"csrf_token": csrf_token(page), "version": "0", "zone": "Asia/Shanghai", "holidays": "10-01 National day", "answer_hours": "4"}
    week = {f"day-{number}": "9:00-18:00" if number < 5 else "" for number in range(7)}
    wrong = client.post("/staff/hours", data={**fields, **week, "zone": "Mars/Olympus", "day-2": "18-9", "holidays": "Easter"})
    assert wrong.status_code == 422
    for words in ("Choose a time zone", "Wednesday: hours end after they begin", "Line 1: write hours as"):
        assert words in wrong.text
    assert 'value="18-9"' in wrong.text
    tried = client.post("/staff/hours", data={**fields, **week, "try": "1"})
    assert "What customers would be promised" in tried.text
    assert "China Standard Time" in tried.text
    with database.reading() as session:
        assert office_hours.read(session) is None
    assert client.post("/staff/hours", data={**fields, **week}).status_code == 303
    late = client.post("/staff/hours", data={**fields, **week, "answer_hours": "9"})
    assert late.status_code == 409
    assert "lead@example.com made a change meanwhile" in late.text
    with database.reading() as session:
        kept = office_hours.read(session)
        assert kept is not None
        assert (kept.zone, kept.answer_hours, kept.week[4], kept.week[6]) == ("Asia/Shanghai", 4, "9:00-18:00", "")
        assert [deed.subject for deed in session.scalars(select(Deed).where(Deed.kind == "hours"))] == ["hours"]
    never = client.post("/staff/hours", data={**fields, "version": "1"})
    assert "at least one day" in never.text
