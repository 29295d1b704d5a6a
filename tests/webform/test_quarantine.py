"""Files that came while the scanner was silent: held everywhere until it has spoken."""

import json
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kb.database import Database
from tests.webform.conftest import SignIn
from tests.webform.form_world import FIELDS, open_form
from tests.webform.sending import body, outbox_rows, terms_of
from tests.webform.test_request_mail import request_mail
from tests.webform.test_upload_views import kept, up
from tests.webform.test_virus_scan import EICAR, clamd, closed_port
from webform import held, quarantine, tickets
from webform.attachments import Attachment, Scan
from webform.quarantine import Warden
from webform.rounds import Rounds
from webform.tickets import Ticket

EXPECTED = {"note.txt": (200, b"serial 4711"), "tool.txt": (410, b"A virus was found in this file")}


@pytest.fixture
def reference(app: Flask, client: FlaskClient) -> str:
    """Send a request with two files while the scanner is away."""
    app.config.update(CLAMD_SOCKET=closed_port(), CLAMD_REQUIRED=False)
    token = open_form(client)
    files = [kept(up(client, token)), kept(up(client, token, EICAR, "tool.txt"))]
    sent = client.post("/", data={"visit": token, **FIELDS, "confirmed": "1", "scripted": "1", "kept": files})
    assert sent.status_code == 303
    return str(sent.location.split("/")[2].split("?")[0])


def links(app: Flask, database: Database, reference: str) -> dict[str, tuple[str, str]]:
    """Give of each file its link for its sender, and that of the team's mail."""
    tokens = terms_of(app).tokens
    with database.reading() as session:
        files = session.scalars(select(Attachment).order_by(Attachment.id)).all()
    key = tokens.request_key(reference)
    return {file.filename: (f"/requests/{reference}/files/{file.id}?key={key}", f"/files/{tokens.file_key(file.id)}") for file in files}


def test_a_file_that_was_not_scanned_is_held_until_the_scanner_has_spoken(
    app: Flask, client: FlaskClient, database: Database, signed_in: SignIn, reference: str, now: datetime
) -> None:
    with database.reading() as session:
        request = request_mail(session, tickets.find(session, reference))  # type: ignore[arg-type]
    assert [part.get_filename() for part in request.iter_attachments()] == ["request.json"]
    assert "Still to be checked for viruses." in body(request)
    assert "once it is checked for viruses" in body(request, "html")
    told = json.loads(next(iter(request.iter_attachments())).get_content())["attachments"]
    assert [(each["held"], each["url"].startswith(app.config["BASE_URL"])) for each in told] == [(True, True)] * 2
    lead = signed_in("lead")
    for own, mailed in links(app, database, reference).values():
        for answer in (client.get(own), client.get(mailed), lead.get(f"/staff/requests/{reference}/files/{own.split('/')[4].split('?')[0]}")):
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
            assert "still to be checked for viruses" in answer.text
    page = lead.get(f"/staff/requests/{reference}").text
    assert page.count("not checked for viruses yet") == 2
    unchecked = next(part.split('"')[0] for part in page.split('href="') if "unscanned=1" in part.split('"')[0])
    assert lead.get(unchecked).data == b"serial 4711"

    silent = Rounds(database, terms_of(app), lambda _session: now, app.config["CLAMD_SOCKET"])
    assert "files that were held" not in " ".join(silent.run())
    with clamd() as (address, read):
        assert "2 files that were held are checked for viruses" in Rounds(database, terms_of(app), lambda _session: now, address).run()
    assert read == [b"serial 4711", EICAR]
    for name, addresses in links(app, database, reference).items():
        for each in addresses:
            answer = client.get(each)
            assert answer.status_code == EXPECTED[name][0]
            assert EXPECTED[name][1] in answer.data
    assert lead.get(f"/staff/requests/{reference}").text.count("a virus was found; its content was deleted") == 1
    with database.reading() as session:
        assert session.scalars(select(Attachment.content).order_by(Attachment.id)).all() == [b"serial 4711", b""]
        assert not quarantine.any_held(session)


def test_a_mail_that_is_made_later_carries_what_was_found_clean_alone(app: Flask, database: Database, reference: str, now: datetime) -> None:
    with clamd() as (address, _read):
        assert Warden(database, address).look() == 2
    with database.writing() as session:
        ticket = tickets.find(session, reference)
        assert isinstance(ticket, Ticket)
        for row in outbox_rows(session, ticket):
            session.delete(row)
        session.flush()
        assert held.let_go(session, ticket, terms=terms_of(app), now=now)
        message = request_mail(session, ticket)
    assert [part.get_filename() for part in message.iter_attachments()] == ["request.json", "note.txt"]
    assert re.search(r"tool\.txt, [^\n]+: a virus was found; its content was deleted\n", body(message))


def test_a_silent_scanner_is_asked_again_after_a_minute_and_files_go_when_there_is_none_any_more(
    database: Database, app: Flask, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    warden = Warden(database, closed_port())
    assert (warden.look(), warden.look()) == (0, 0)
    with clamd() as (address, read):
        monkeypatch.setattr(warden, "_address", address)
        assert warden.look() == 0
        monkeypatch.setattr(quarantine, "SECONDS_BETWEEN_TRIES", 0.0)
        assert warden.look() == 2
    assert len(read) == 2
    with database.writing() as session:
        session.execute(update(Attachment).where(Attachment.filename == "note.txt").values(scan=Scan.WAITING.value))
    assert Warden(database, "").look() == 1
