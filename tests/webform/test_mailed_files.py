import json
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.database import Database
from tests.webform.sending import PNG, accept, body
from tests.webform.test_request_mail import request_mail
from webform import attachments, links, mailed_files, tickets
from webform.attachments import Attachment
from webform.terms import terms
from webform.web import TOKENS


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"MAIL_FILE_MEGABYTES": "1", "FILE_LINK_DAYS": "14"}


def test_files_go_inside_while_there_is_room_and_the_others_as_links(app: Flask, now: datetime) -> None:
    said = terms(app.config, app.extensions[TOKENS])
    files = [Attachment(id=number, filename="a", size=size) for number, size in enumerate((600_000, 500_000, 400_000, 1), 1)]
    divided = mailed_files.divide(files, said, now)
    assert [bool(each.url) for each in divided] == [False, True, False, True]
    assert divided[1].until == now + timedelta(days=14)
    assert app.extensions[TOKENS].read_file_key(divided[1].url.rpartition("/")[2], days=14) == 2


def test_a_large_file_is_named_with_a_link_that_gives_it_as_a_download(app: Flask, client: FlaskClient, database: Database, now: datetime) -> None:
    large = b"serial 4711\n" * 90_000
    with database.writing() as session:
        tokens = [
            attachments.keep(session, visit="a-visit", filename=name, content=content, now=now).token
            for name, content in (("a.png", PNG), ("отчёт.txt", large))
        ]
        ticket = accept(session, app, now, uploads=tuple(tokens))
        message = request_mail(session, ticket)
    document, picture = message.iter_attachments()
    assert picture.get_filename() == "a.png"
    inside, linked = json.loads(document.get_content())["attachments"]
    assert (inside["name"], inside["url"], inside["until"]) == ("a.png", None, None)
    assert (linked["name"], linked["bytes"]) == ("отчёт.txt", len(large))
    text = " ".join(body(message).split())
    assert "отчёт.txt, 1.1 MB Too large for this mail. Until" in text
    assert linked["url"] in text
    page = message.get_body(("html",)).get_content()
    assert linked["url"] in page
    given = client.get(linked["url"].removeprefix(app.config["BASE_URL"]))
    assert given.data == large
    assert given.headers["Content-Disposition"].startswith("attachment; ")
    assert (given.headers["Content-Security-Policy"], given.headers["X-Content-Type-Options"]) == ("sandbox; default-src 'none'", "nosniff")
    assert (given.headers["Cache-Control"], given.headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    assert "Set-Cookie" not in given.headers


def test_a_link_that_is_old_forged_or_of_another_kind_opens_nothing_and_says_why(app: Flask, client: FlaskClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        waits = attachments.keep(session, visit="a-visit", filename="a.png", content=PNG, now=now)
        sent = attachments.keep(session, visit="a-visit", filename="b.png", content=PNG + b"b", now=now)
        ticket = accept(session, app, now, uploads=(sent.token,))
    signer = app.extensions[TOKENS]
    good = f"/files/{signer.file_key(sent.id)}"
    for address in (
        good + "x",
        "/files/forged",
        f"/files/{signer.request_key(ticket.reference)}",
        f"/files/{signer.file_key(waits.id)}",
        f"/files/{'x' * 5000}",
    ):
        assert client.get(address).status_code == 404
    assert client.post(good).status_code == 405
    assert client.get(good).status_code == 200
    app.config["FILE_LINK_DAYS"] = -1
    old = client.get(good)
    assert old.status_code == 410
    assert "This link to a file has expired" in old.text
    assert "still kept with its request" in old.text
    with database.writing() as session:
        session.delete(tickets.find(session, ticket.reference))
    app.config["FILE_LINK_DAYS"] = 14
    assert "no longer kept" in client.get(good).text


def test_the_address_of_a_file_is_whole_and_safe() -> None:
    assert re.fullmatch(r"https://x\.example/files/a%2Fb\.c", links.Links("https://x.example").file("a/b.c"))
