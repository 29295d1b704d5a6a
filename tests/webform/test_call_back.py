"""Call-backs: the number, the time, the ticket they become; and the other ways to a person."""

import io
import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.form_world import events, tickets, visit_token, write_articles
from tests.webform.posting import delivered
from tests.webform.sending import body
from tests.webform.test_fields import PRODUCT, SERIAL
from webform import arrangements, call_back, field_sets, hand_over, office_hours, robots_web
from webform.call_back import NumberFault, NumberRefused
from webform.hand_over import CHANNELS, Channels
from webform.hour_lines import read_holidays, read_spans
from webform.office_hours import OfficeHours
from webform.staff import RoleName
from webform.working_time import WorkingTime

BERLIN = ZoneInfo("Europe/Berlin")
TIME = WorkingTime(BERLIN, (read_spans("9-12:30, 13:30-17"),) * 5 + ((), ()), read_holidays("12-01")[0])
ALL = Channels("+49 30 1234567", (), "https://chat.example/room", call_back=True, topics=("billing",))


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+49 30 123-45.67", "+49301234567"),
        ("0049 (30) 1234567", "+49301234567"),
        ("+49 (0)30 1234567", "+49301234567"),
        ("030/1234567", "0301234567"),
        ("8 (495) 123-45-67 доб. 12", "84951234567 ext. 12"),
        ("+7 495 1234567 ext 3", "+74951234567 ext. 3"),
        ("010‑8888‑6666转123", "01088886666 ext. 123"),
        ("٠٣٠١٢٣٤٥٦٧", "0301234567"),
        ("＋８６ １３８００１３８０００", "+8613800138000"),
        ("  112233  ", "112233"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: str) -> None:
    assert call_back.read_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", NumberFault.EMPTY),
        (" - ", NumberFault.EMPTY),
        ("call me", NumberFault.LETTERS),
        ("030 12345 or 030 54321", NumberFault.LETTERS),
        ("+49+30 12345", NumberFault.LETTERS),
        ("12 34", NumberFault.SHORT),
        ("+49 30 1234567890123", NumberFault.LONG),
        ("anna@x.example", NumberFault.LETTERS),
        ("030123456\r\nBcc: x", NumberFault.LETTERS),
    ],
)
def test_what_is_no_number_is_refused(typed: str, fault: NumberFault) -> None:
    with pytest.raises(NumberRefused) as refused:
        call_back.read_number(typed)
    assert refused.value.fault == fault


def test_times_are_offered_within_working_hours_and_checked_against_them_and_the_past() -> None:
    now = berlin("2026-11-30 15:10")
    found = [f"{slot.since:%d %H:%M}" for slot in call_back.slots(TIME, now)]
    assert found[:4] == ["30 16:00", "02 09:00", "02 10:00", "02 11:00"]  # The first of December is a holiday.
    assert {text[3:] for text in found} == {"16:00", "09:00", "10:00", "11:00", "13:30", "14:30", "15:30"}
    good = call_back.slots(TIME, now)[1]
    assert call_back.slot_named(TIME, good.name, now) == good
    for wrong in ("2026-11-30T13:00Z", "2026-12-01T09:00Z", "2026-12-05T09:00Z", "2026-12-02T11:00Z", "2027-12-02T09:00Z", "soon", "2026-12-02T08:00"):
        assert call_back.slot_named(TIME, wrong, now) is None, wrong


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-30 10:00", "open now, until 12:30 (Central European Standard Time)"),
        ("2026-11-30 13:00", "closed now, open today from 13:30 (Central European Standard Time)"),
        ("2026-11-30 17:00", "closed now, open again: Wednesday, 2 December, 09:00 (Central European Standard Time)"),
        ("2026-07-03 10:00", "open now, until 12:30 (Central European Summer Time)"),
    ],
)
def test_whether_somebody_is_there_is_said_with_the_zone(at: str, words: str) -> None:
    assert hand_over.state_words(TIME, berlin(at), "en") == words
    assert hand_over.state_words(TIME, berlin(at), "ru") != words
    assert hand_over.state_words(WorkingTime(BERLIN, (read_spans("0-24"),) * 7), berlin(at), "en") == "open day and night"
    assert hand_over.state_words(WorkingTime(BERLIN, ((),) * 7), berlin(at), "en") == "closed"


def arrange(database: Database, channels: Channels = ALL) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        office_hours.keep(session, OfficeHours("Asia/Shanghai", ("9-18",) * 7), version=0, author="lead", now=now)
        arrangements.keep(session, CHANNELS, channels.facts(), version=0, author="lead", now=now)


def ask(client: FlaskClient, **fields: str) -> TestResponse:
    page = client.get("/call-back")
    slot = re.search(r'<option value="(20[^"]+)"', page.text)
    assert slot is not None
    told = {"visit": visit_token(page), "place": "1", "phone": "138 0013 8000", "when": slot[1], "email": "anna@customer.example", **fields}
    return client.post("/call-back", data=told)


def test_a_call_back_is_its_own_kind_of_request_for_the_team(app: Flask, client: FlaskClient, database: Database, signed_in: SignIn) -> None:
    arrange(database)
    answer = ask(client, name="Anna", message="The invoice is wrong.")
    assert answer.status_code == 303
    (ticket,) = tickets(database)
    assert (ticket.kind, ticket.phone, ticket.call_zone) == ("call-back", "13800138000", "Asia/Shanghai")
    assert ticket.call_from is not None
    assert ticket.call_from > datetime.now(UTC)
    page = client.get(answer.headers["Location"]).text
    assert "We call you: " in page
    assert "China Standard Time" in page
    assert "Rather speak to a person?" not in page
    mails = delivered(database)
    (request,) = [each for each in mails if each["X-Webform-Kind"]]
    (acknowledgement,) = [each for each in mails if each["Auto-Submitted"]]
    assert request["X-Webform-Kind"] == "call-back"
    there = ticket.call_from.astimezone(ZoneInfo("Asia/Shanghai"))
    when = f"{there:%A}, {there.day} {there:%B}, {there:%H:%M}–{there + call_back.LENGTH:%H:%M}"
    assert request["Subject"] == f"[{ticket.reference}] Call back: {when} (China Standard Time)"
    assert "CALL BACK\n13800138000\n" in body(request)
    assert 'href="tel:13800138000"' in body(request, "html")
    document = json.loads(next(iter(request.iter_attachments())).get_content())
    assert document["kind"] == "call-back"
    assert document["call_back"]["number"] == "13800138000"
    assert (document["call_back"]["from"], document["call_back"]["zone"]) == (ticket.call_from.isoformat(), "Asia/Shanghai")
    assert "We call you: " in body(acknowledgement)
    assert "13800138000" not in str(acknowledgement) + body(acknowledgement)
    desk = signed_in(RoleName.LEAD).get(f"/staff/requests/{ticket.reference}").text
    assert ">call back</span>" in desk
    assert 'href="tel:13800138000"' in desk


def test_what_is_wrong_with_a_call_back_is_said_at_once_and_kept(client: FlaskClient, database: Database) -> None:
    assert client.get("/call-back").status_code == 404
    arrange(database)
    past = f"{datetime.now(UTC) - timedelta(hours=3):%Y-%m-%dT%H:00Z}"
    wrong = ask(client, phone="call me", when=past, email="anna", message="Keep this")
    assert wrong.status_code == 422
    for words in ("Write the number in digits", "this one has passed", "with an @", "Keep this</textarea>", 'value="call me"'):
        assert words in wrong.text
    assert ask(client, visit="forged").status_code == 400
    assert ask(client, message="x" * 3_000_000).status_code == 413
    assert tickets(database) == []
    token = visit_token(client.get("/call-back"))
    for _ in range(2):  # The same again is the same; another time is another call.
        assert ask(client, visit=token, when="soon").status_code == 303
    assert [(ticket.call_from, ticket.subject) for ticket in tickets(database)] == [(None, "")]
    assert ask(client, visit=token).status_code == 303
    assert len(tickets(database)) == 2


def test_files_come_along_and_not_from_a_flood(app: Flask, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    arrange(database)

    def post(name: str) -> TestResponse:
        typed = {"visit": visit_token(client.get("/")), "message": "It hums"}
        return client.post("/call-back", data={**typed, "attachments": (io.BytesIO(b"Valve 7"), name)}, content_type="multipart/form-data")

    assert "valve.txt" in post("valve.txt").text
    assert "instead of “virus.exe”" in post("virus.exe").text
    monkeypatch.setitem(app.config, "REQUESTS_PER_HOUR", 0)
    flooded = post("flood.txt")
    assert (flooded.status_code, "flood.txt" in flooded.text, "It hums</textarea>" in flooded.text) == (429, False, True)


def test_what_was_typed_in_the_form_comes_along_in_the_same_visit(app: Flask, client: FlaskClient, database: Database, now: datetime) -> None:
    write_articles(database, now)
    arrange(database)
    token = visit_token(client.get("/"))
    typed = {"visit": token, "subject": "Pump", "message": "It hums", "name": "Anna", "email": "anna@customer.example", "topic": "pump"}
    page = client.post("/call-back", data=typed)
    assert page.status_code == 200
    assert visit_token(page) == token
    assert "Pump\n\nIt hums</textarea>" in page.text
    assert 'name="topic" value="pump"' in page.text
    client.post("/call-back", data={**typed, "place": "1", "phone": "0301234567", "when": "soon"})
    assert [ticket.topic for ticket in tickets(database)] == ["pump"]
    assert events(app, database, token) == ["submitted"]


def test_answers_to_the_topic_come_along_and_what_looks_like_a_robots_is_held(
    app: Flask, client: FlaskClient, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(database, now)
    arrange(database)
    with database.writing() as session:
        kept = field_sets.keep(session, "pump", [PRODUCT, SERIAL], version=0, author="lead", now=now)
        mark = kept.mark
    typed = {"topic": "pump", "fields": mark, "field-product": "pump", "field-serial": "MG-1234", "message": "It hums"}
    page = client.post("/call-back", data={"visit": visit_token(client.get("/")), **typed}).text
    assert 'name="field-serial" value="MG-1234"' in page
    assert '<dd class="answered" dir="auto">MG-1234</dd>' in page
    assert ask(client, **{**typed, "field-serial": "no such number"}).status_code == 303  # It is no reason not to call.
    assert ask(client, **typed, fax="1").status_code == 303
    asked, held = tickets(database)
    assert (asked.answers, asked.status, asked.suspicion) == ({"product": "pump"}, "new", "")
    assert (held.answers, held.status) == ({"product": "pump", "serial": "MG-1234"}, "held")
    assert [mail for mail in delivered(database) if held.reference in mail["Subject"]] == []
    monkeypatch.setattr(robots_web, "_under_attack", lambda: True)
    step = ask(client, **typed)
    assert (step.status_code, len(tickets(database))) == (422, 2)
    assert "one more step" in step.text
    assert 'id="robot-answer"' in step.text
    assert ask(client, **typed, unproved="1").status_code == 303
    assert tickets(database)[2].status == "held"


def test_ways_are_shown_when_help_failed_or_the_topic_asks_and_never_before_send(client: FlaskClient, database: Database, now: datetime) -> None:
    write_articles(database, now)
    assert "<hand-over" not in client.get("/").text
    arrange(database)
    form = client.get("/").text
    assert re.search(r"<hand-over[^>]* hidden>", form)
    assert form.index('id="send"') < form.index("<hand-over")
    assert not re.search(r"<hand-over[^>]* hidden>", client.get("/?topic=billing").text)
    for words in ('href="tel:+49301234567"', 'href="https://chat.example/room" target="_blank" rel="noopener noreferrer"', 'formaction="/call-back?lang=en"'):
        assert words in form
    asked = {"visit": visit_token(client.get("/")), "message": "The pump hums but no water comes out", "email": "anna@customer.example"}
    before = client.post("/", data=asked).text
    assert "Send anyway" in before
    assert not re.search(r"<hand-over[^>]* hidden>", before)
    assert before.index("Send anyway") < before.index("<hand-over")
    sent = client.post("/", data={"visit": visit_token(client.get("/")), "message": "Zebras", "email": "anna@customer.example"}, follow_redirects=True).text
    assert "Rather speak to a person?" in sent


def test_leads_arrange_the_ways(signed_in: SignIn, database: Database) -> None:
    client = signed_in(RoleName.LEAD)
    fields = {"csrf_token": csrf_token(client.get("/staff/channels")), "version": "0", "phone": "+49 30 1234567", "call_back": "1"}
    wrong = client.post("/staff/channels", data={**fields, "phone": "none", "chat_url": "javascript:alert(1)", "phone-day-0": "nine"})
    assert wrong.status_code == 422
    for words in ("as customers dial it", "beginning with https://", "call-backs are offered within them", "Monday: write hours"):
        assert words in wrong.text
    with database.writing() as session:
        office_hours.keep(session, OfficeHours("Asia/Shanghai", ("9-18",) * 7), version=0, author="lead", now=datetime.now(UTC))
    assert client.post("/staff/channels", data={**fields, "phone-day-0": "9-10", "topics": ["billing", "nothing"]}).status_code == 303
    with database.reading() as session:
        kept = hand_over.read(session)
        assert (kept.phone, kept.phone_week[0], kept.call_back, kept.topics) == ("+49 30 1234567", "9-10", True, ())
    assert client.post("/staff/channels", data=fields).status_code == 409
    assert "Customers read now: " in client.get("/staff/channels").text
