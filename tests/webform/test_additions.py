"""What a customer can do on the page of a request: see how far it is, take files back, add to it, close it."""

import json
import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kb.database import Database
from tests.webform.conftest import SignIn
from tests.webform.hostile_posts import FORM, part
from tests.webform.posting import delivered
from tests.webform.sending import PNG, accept, body, outbox_rows, terms_of
from webform import additions, attachments, office_hours, ticket_changes, tickets, topics
from webform.held import let_go
from webform.office_hours import OfficeHours
from webform.outbox import MessageKind
from webform.request_page import Standing
from webform.staff import RoleName
from webform.tickets import Ticket, TicketStatus


@pytest.fixture
def ticket(app: Flask, database: Database, now: datetime) -> Ticket:
    with database.writing() as session:
        topics.load_defaults(session)
        file = attachments.keep(session, visit="a-visit", filename="photo.png", content=PNG, now=now)
        return accept(session, app, now, uploads=(file.token,))


def key_of(app: Flask, ticket: Ticket) -> str:
    return terms_of(app).tokens.request_key(ticket.reference)


def post(client: FlaskClient, app: Flask, ticket: Ticket, act: str, **fields: object) -> TestResponse:
    return client.post(f"/requests/{ticket.reference}/{act}", data={"key": key_of(app, ticket), **fields})


def stands(database: Database, ticket: Ticket, *, status: str) -> list[tuple[str, str]]:
    with database.reading() as session:
        stored = tickets.find(session, ticket.reference)
        assert stored is not None
        assert stored.status == status
        return [(change.status, change.party) for change in ticket_changes.of_ticket(session, stored.id)]


def test_an_addition_reaches_the_team_in_the_same_thread_once(app: Flask, client: FlaskClient, database: Database, ticket: Ticket, now: datetime) -> None:
    with database.writing() as session:
        tickets.set_status(session, tickets.find(session, ticket.reference), TicketStatus.ANSWERED, now)  # type: ignore[arg-type]
    words = "It is <b>still</b> humming.\nSubject: no header"
    fields = {"message": words, "once": "one"}
    for _ in range(2):
        answer = post(client, app, ticket, "additions", **fields, attachments=(BytesIO(PNG), "valve.png"))
        assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert "It is &lt;b&gt;still&lt;/b&gt; humming." in page
    assert page.count("valve.png") == 1
    assert stands(database, ticket, status="new") == [("answered", "team"), ("new", "customer")]
    mails = delivered(database)
    (request,) = [each for each in mails if each["Message-ID"] == ticket.message_id]
    (addition,) = [each for each in mails if each["X-Webform-Kind"] == "addition"]
    assert addition["In-Reply-To"] == addition["References"] == request["Message-ID"] == ticket.message_id
    assert addition["Subject"] == f"Re: {request['Subject']}"
    assert re.fullmatch(rf"<{ticket.reference}\.\w+\.add@example\.com>", addition["Message-ID"])
    assert (addition["To"], str(addition["Reply-To"])) == (request["To"], "anna@customer.example")
    assert {"Auto-Submitted", "Precedence", "X-Auto-Response-Suppress"} & set(addition.keys()) == set()
    assert body(addition).startswith(words)
    assert "&lt;b&gt;still" in body(addition, "html")
    assert [part.get_filename() for part in addition.iter_attachments()] == ["addition.json", "valve.png"]
    document = json.loads(next(iter(addition.iter_attachments())).get_content())
    assert (document["kind"], document["reference"], document["attachments"][0]["name"]) == ("addition", ticket.reference, "valve.png")
    with database.reading() as session:
        rows = [row for row in outbox_rows(session, ticket) if row.kind == MessageKind.ADDITION]
        assert [row.message_id for row in rows] == [each.message_id for each in session.scalars(select(additions.Addition))] == [addition["Message-ID"]]


def test_what_is_added_to_a_held_request_is_held_with_it_and_goes_after_it(
    app: Flask, client: FlaskClient, database: Database, ticket: Ticket, now: datetime
) -> None:
    with database.writing() as session:
        held = accept(session, app, now, message="Cheap <watches>", suspicion="trap")
    delivered(database)
    assert post(client, app, held, "additions", message="I am a person", attachments=(BytesIO(PNG), "me.png")).status_code == 303
    assert delivered(database) == []
    for _twice in range(2):
        with database.writing() as session:
            stored = tickets.find(session, held.reference)
            assert stored is not None
            tickets.set_status(session, stored, TicketStatus.NEW, now)
            let_go(session, stored, terms=terms_of(app), now=now)
    with database.reading() as session:
        kinds = [row.kind for row in outbox_rows(session, held)]
    assert kinds == [MessageKind.REQUEST, MessageKind.ACKNOWLEDGEMENT, MessageKind.ADDITION]
    added = next(each for each in delivered(database) if each["X-Webform-Kind"] == "addition")
    assert added["In-Reply-To"] == held.message_id
    assert [part.get_filename() for part in added.iter_attachments()] == ["addition.json", "me.png"]


def test_staff_read_additions_with_their_files(app: Flask, client: FlaskClient, ticket: Ticket, signed_in: SignIn) -> None:
    post(client, app, ticket, "additions", message="Later words", attachments=(BytesIO(PNG), "valve.png"))
    page = signed_in(RoleName.LEAD).get(f"/staff/requests/{ticket.reference}").text
    for words in ("Added by the customer", "Later words", "With it:", "An addition, to the team"):
        assert words in page


def test_a_post_that_nobody_writes_is_not_read(app: Flask, client: FlaskClient, database: Database, ticket: Ticket) -> None:
    for act in ("additions", "close", "solved", "satisfaction"):
        assert post(client, app, ticket, act, message="x" * 3_000_000).status_code == 413, act
    assert stands(database, ticket, status="new") == []


def test_what_cannot_be_added_is_said_and_kept(app: Flask, client: FlaskClient, database: Database, ticket: Ticket) -> None:
    empty = post(client, app, ticket, "additions", message="  ")
    assert empty.status_code == 422
    assert "Write what you want to add" in empty.text
    long = post(client, app, ticket, "additions", message="x" * 10_001, attachments=(BytesIO(PNG), "valve.png"))
    assert long.status_code == 422
    assert "Shorten this by 1 character" in long.text
    kept = re.search(r'name="kept" value="([^"]+)"', long.text)
    assert kept is not None
    assert post(client, app, ticket, "additions", message="", kept=kept[1]).status_code == 303
    refused = post(client, app, ticket, "additions", message="See", attachments=(BytesIO(b"MZ\0\0"), "virus.exe"))
    assert refused.status_code == 422
    assert ">See</textarea>" in refused.text
    with database.reading() as session:
        (added,) = additions.of_ticket(session, ticket.id)
        assert added.message == ""
    answers = [post(client, app, ticket, "additions", message=f"Number {number}").status_code for number in range(8)]
    assert answers[-1] == 429
    assert post(client, app, ticket, "additions", message="Kept words").text.count("Kept words") == 1


def test_files_go_up_ahead_for_a_request_that_something_is_added_to_and_wait_on_its_page(
    app: Flask, client: FlaskClient, database: Database, ticket: Ticket
) -> None:
    acts_for = {"reference": ticket.reference, "key": key_of(app, ticket)}
    up = client.post("/uploads", data={**acts_for, "file": (BytesIO(b"Valve 7"), "valve.txt")}, content_type="multipart/form-data")
    kept = re.search(r'name="kept" value="([^"]+)"', up.text)
    assert kept is not None
    for wrong in ({**acts_for, "key": "forged"}, {**acts_for, "reference": "T-AAAAAA"}, {"reference": ticket.reference}):
        assert client.post("/uploads", data={**wrong, "file": (BytesIO(b"x"), "x.txt")}).status_code == 403
        assert client.post("/uploads/removed", data={**wrong, "kept": kept[1]}).status_code == 403
        assert client.post("/uploads/waiting", data=wrong).status_code == 403
    address = f"/requests/{ticket.reference}?key={acts_for['key']}"
    assert kept[1] in client.get(address).text  # It was loaded again.
    assert kept[1] in post(client, app, ticket, "additions", message="x" * 10_001, kept=kept[1]).text  # There was a mistake.
    assert kept[1] in client.post("/uploads/waiting", data=acts_for).text
    assert post(client, app, ticket, "additions", message="", kept=kept[1]).status_code == 303
    page = client.get(address).text
    assert kept[1] not in page
    assert "valve.txt</bdi></a>" in page
    client.post("/uploads/removed", data={**acts_for, "kept": kept[1]})
    assert "valve.txt</bdi></a>" in client.get(address).text  # What was added stays.


def test_files_are_given_back_with_the_key_only_and_to_be_saved(app: Flask, client: FlaskClient, database: Database, ticket: Ticket, now: datetime) -> None:
    with database.writing() as session:
        other = accept(session, app, now, message="Another")
        number = attachments.of_ticket(session, ticket.id)[0].id
    path = f"/requests/{ticket.reference}/files/{number}"
    assert f"{path}?key=" in client.get(f"/requests/{ticket.reference}?key={key_of(app, ticket)}").text
    with client.get(f"{path}?key={key_of(app, ticket)}") as given:
        assert given.data == PNG
        assert given.headers["Content-Disposition"].startswith("attachment")
        assert given.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert given.headers["Cache-Control"] == "no-store"
    assert client.get(f"{path}?key=forged").status_code == 404
    assert client.get(f"/requests/{other.reference}/files/{number}?key={key_of(app, other)}").status_code == 404


def test_its_sender_closes_a_request_and_opens_it_again_but_not_what_the_team_closed(
    app: Flask, client: FlaskClient, database: Database, ticket: Ticket
) -> None:
    page = client.get(post(client, app, ticket, "close").headers["Location"]).text
    assert "You closed it on " in page
    assert stands(database, ticket, status="closed") == [("closed", "customer")]
    page = client.get(post(client, app, ticket, "close", closed="no").headers["Location"]).text
    assert "Your message is with us</h1>" in page
    with database.writing() as session:
        tickets.set_status(session, tickets.find(session, ticket.reference), TicketStatus.CLOSED, ticket.created_at)  # type: ignore[arg-type]
    page = client.get(post(client, app, ticket, "close", closed="no").headers["Location"]).text
    assert "The team closed it on November 22, 2026" in page
    assert stands(database, ticket, status="closed")[-1] == ("closed", "team")
    assert client.post(f"/requests/{ticket.reference}/close?key={key_of(app, ticket)}").status_code == 404
    assert client.get(f"/requests/{ticket.reference}/close?key={key_of(app, ticket)}").status_code == 405


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_each_standing_has_its_words(language: str, app: Flask, client: FlaskClient, database: Database, now: datetime, ticket: Ticket) -> None:
    address = f"/requests/{ticket.reference}?key={key_of(app, ticket)}&lang={language}"

    def told() -> str:
        lead = re.search(r'<p class="lead">(.*?)</p>', client.get(address).text, re.DOTALL)
        assert lead is not None
        return lead[1]

    said = {Standing.WAITING: told()}
    with database.writing() as session:
        hours = OfficeHours("Asia/Shanghai", ("9-17",) * 7)
        office_hours.keep(session, hours, version=0, author="lead", now=now)
        stored = tickets.find(session, ticket.reference)
        assert stored is not None
        stored.created_at = now - timedelta(days=300)
    said[Standing.LATE] = told()
    for status, name in ((TicketStatus.ANSWERED, Standing.ANSWERED), (TicketStatus.CLOSED, Standing.CLOSED), (TicketStatus.SPAM, Standing.WAITING)):
        with database.writing() as session:
            tickets.set_status(session, tickets.find(session, ticket.reference), status, now)  # type: ignore[arg-type]
        said[name] = told()
    assert len(set(said.values())) == 4
    assert "spam" not in said[Standing.WAITING].lower()


def test_a_file_that_is_far_too_large_takes_no_words_with_it(app: Flask, client: FlaskClient, database: Database, ticket: Ticket) -> None:
    app.config.update(MAX_FILE_MEGABYTES=1, MAX_EACH_FILE_MEGABYTES=1, MAX_CONTENT_LENGTH=1_000_000)
    said = part(b'name="key"', key_of(app, ticket).encode()) + part(b'name="message"', b"It still hums.")
    film = part(b'name="attachments"; filename="film.png"', PNG + bytes(4_000_000))
    body = said + film + part(b'name="attachments"; filename="valve.png"', PNG) + b"--edge--\r\n"
    page = client.post(f"/requests/{ticket.reference}/additions", data=body, content_type=FORM)
    assert page.status_code == 422
    assert "It still hums." in page.text
    assert "“film.png”" in page.text
    assert page.text.count('name="kept"') == 1
    with database.reading() as session:
        assert not list(session.scalars(select(additions.Addition)))
