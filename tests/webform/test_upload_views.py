import io
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from kb.database import Database
from tests.webform.form_world import FIELDS, open_form
from tests.webform.sending import PNG
from tests.webform.test_bare_pictures import picture, png
from webform import attachments, file_kinds
from webform.attachments import Attachment

NAME = 'name="kept" value="'
POLYGLOT = PNG + b"<script>alert(1)</script>PK\x03\x04<?php system('id'); ?>"


def up(client: FlaskClient, token: str, content: bytes = b"serial 4711", name: str = "note.txt", **headers: str) -> TestResponse:
    return client.post("/uploads", data={"visit": token, "file": (io.BytesIO(content), name)}, content_type="multipart/form-data", headers=headers)


def kept(response: TestResponse) -> str:
    assert response.status_code == 200, response.text
    return response.text.split(NAME)[1].split('"')[0]


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Attachment)) or 0


def test_a_file_goes_up_is_listed_again_is_removed_and_is_sent(client: FlaskClient, database: Database) -> None:
    token, other = open_form(client), open_form(client)
    first, again, picture_ = up(client, token), up(client, token), up(client, token, picture("JPEG"), "valve.jpg")
    assert kept(first) == kept(again)
    assert (first.headers["Cache-Control"], count(database)) == ("no-store", 2)
    listed = client.post("/uploads/waiting", data={"visit": token})
    assert listed.text.count(NAME) == 2
    assert client.post("/uploads/waiting", data={"visit": other}).text.strip() == ""
    assert client.post("/uploads/removed", data={"visit": other, "kept": kept(first)}).status_code == 204
    assert count(database) == 2  # Another visit's token takes nothing away.
    for _twice in range(2):
        assert client.post("/uploads/removed", data={"visit": token, "kept": kept(first)}).status_code == 204
    assert count(database) == 1
    mistaken = client.post("/", data={"visit": token, **FIELDS, "email": "anna@", "confirmed": "1", "scripted": "1", "kept": kept(picture_)})
    assert kept(picture_) in mistaken.text
    sent = client.post("/", data={"visit": token, **FIELDS, "confirmed": "1", "scripted": "1", "kept": kept(picture_)})
    page = client.get(sent.location).text
    assert "valve.jpg" in page
    assert "note.txt" not in page
    client.post("/uploads/removed", data={"visit": token, "kept": kept(picture_)})
    assert count(database) == 1  # What was sent stays.
    assert client.post("/uploads/waiting", data={"visit": token}).text.strip() == ""


def test_an_hour_later_nothing_waits_any_more(client: FlaskClient, app: Flask, database: Database) -> None:
    token = open_form(client)
    up(client, token)
    visit = app.extensions["webform.tokens"].read_visit(token, hours=1)
    now = datetime.now(UTC)
    with database.reading() as session:
        assert len(attachments.all_waiting(session, visit, now + timedelta(minutes=59))) == 1
        assert attachments.all_waiting(session, visit, now + timedelta(minutes=61)) == []


def test_only_a_page_of_this_site_with_its_visit_puts_files_up(client: FlaskClient, app: Flask, database: Database) -> None:
    token = open_form(client)
    assert up(client, "forged").status_code == 403
    assert up(client, token, Origin="https://evil.example").status_code == 403
    assert up(client, token, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    for path in ("/uploads/waiting", "/uploads/removed"):
        assert client.post(path, data={"visit": "forged"}).status_code == 403
        assert client.get(path).status_code == 405
    assert client.post("/uploads", data={"visit": token}).status_code == 400
    app.config["REQUESTS_PER_HOUR"] = 0
    assert up(client, token).status_code == 429
    app.config["MAX_FILES"] = 0
    assert count(database) == 0


def parts(number: int, token: str) -> bytes:
    each = b"".join(b'--x\r\nContent-Disposition: form-data; name="field-%d"\r\n\r\nx\r\n' % part for part in range(number))
    return b'--x\r\nContent-Disposition: form-data; name="visit"\r\n\r\n' + token.encode() + b"\r\n" + each + b"--x--\r\n"


HOSTILE = {
    "a picture with a page behind it": (POLYGLOT, "a.png", 200, "a.png"),
    "a name that runs backwards": (PNG, "invoice\u202egpj.exe.png", 200, "invoicegpj.exe.png"),
    "a name of three hundred letters": (PNG, "я" * 300 + ".png", 200, "я" * 100 + ".png"),
    "a name with a path and markup": (PNG, "../../<b>a</b>.png", 200, "b_.png"),
    "a drawing that runs": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg", 422, "a picture, a PDF"),
    "a drawing called a picture": (b'<?xml version="1.0"?><svg/>', "a.png", 422, "a picture, a PDF"),
    "a program called a picture": (b"MZ" + bytes(200), "a.jpg", 422, "a picture, a PDF"),
    "a picture that is cut short": (picture("JPEG")[:200], "a.jpg", 422, "damaged or cut short"),
    "a picture of nothing": (b"\x89PNG\r\n\x1a\n", "a.png", 422, ""),
    "a bomb": (png(65_000, 65_000), "a.png", 422, "million pixels"),
    "nothing": (b"", "a.png", 422, "is empty"),
    "an archive in an archive": (b"PK\x03\x04" + b"\0" * 5000, "a.zip", 200, "a.zip"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_in_words_or_kept_as_what_it_is(case: str, client: FlaskClient, database: Database) -> None:
    content, name, status, words = HOSTILE[case]
    token = open_form(client)
    tracemalloc.start()
    answer = up(client, token, content, name)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code == status, answer.text
    assert words in (answer.text if status == 200 else answer.json["wrong"])
    assert most < 40_000_000
    with database.reading() as session:
        for stored in session.scalars(select(Attachment.content)):
            assert b"script" not in stored


def test_ten_thousand_parts_are_refused_before_they_are_read(client: FlaskClient, database: Database) -> None:
    token = open_form(client)
    for path in ("/uploads", "/"):
        answer = client.post(path, data=parts(10_000, token), content_type="multipart/form-data; boundary=x")
        assert answer.status_code == 413
    assert count(database) == 0


def test_a_phone_is_offered_to_choose_photographs_that_everybody_can_open(client: FlaskClient) -> None:
    page = client.get("/").text
    assert f'accept="{file_kinds.OFFERED}"' in page
    assert ".jpg" in file_kinds.OFFERED
    assert ".heic" not in file_kinds.OFFERED
    assert "capture" not in page
