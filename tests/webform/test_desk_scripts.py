"""Stored and reflected texts stay texts, on the staff's pages and in a refused form: the page has the same bones as with harmless words."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from kb.database import Database
from tests.webform.conftest import SignIn
from tests.webform.desk_world import COUNTER, fail, send, write_article
from tests.webform.form_world import open_form
from tests.webform.scripts_in_texts import BUNDLES, SCRIPTS, TEXTS
from webform import attachments, desk, outbox, staff
from webform.staff import RoleName
from webform.tickets import Ticket

HARMLESS = "words"
LIST = 20
"""Rows in each list while they are compared."""
Bones = list[tuple[str, tuple[str, ...]]]


class Skeleton(HTMLParser):
    """Reads a page's elements and the names of their attributes; notes an address that would run something."""

    def __init__(self) -> None:
        super().__init__()
        self.bones: Bones = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.bones.append((tag, tuple(name for name, _ in attrs)))
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "action", "formaction"}]


def bones(page: str) -> Bones:
    skeleton = Skeleton()
    skeleton.feed(page)
    skeleton.close()
    assert [address for address in skeleton.addresses if not address.startswith(("/", "mailto:", "http://127.0.0.1", "#"))] == []
    return skeleton.bones


def fill(app: Flask, session: Session, now: datetime, text: str) -> list[str]:
    """Put a text into every field that any page of the staff shows.

    :return: the pages that show this text alone.
    """
    for part in (f"2{text[-99:]}", f"{text[:99]}1"):  # Never the same, so that there are as many categories whatever the text.
        article = write_article(session, now, title=text, category=part, external_id=f"{text} {next(COUNTER)}"[-200:])
    ticket = send(app, session, now, tried=[article], filename="a.png", name=text, subject=text, message=text, predicted_topic=text[:100])
    for name in ("name", "email", "subject", "message"):
        setattr(ticket, name, text)
    (file,) = attachments.of_ticket(session, ticket.id)
    file.filename = text
    message = outbox.of_ticket(session, ticket.id)[0]
    message.recipients = text
    fail(session, message, now, reply=text)
    number = message.id
    return [f"/staff/requests/{ticket.reference}", f"/staff/outbox/{number}?as=json", f"/staff/outbox/{number}/html"]


def test_the_corpus_is_large() -> None:
    assert len(TEXTS) == len(set(TEXTS)) >= 300
    assert all(any(text.strip() in bundle for bundle in BUNDLES) for text in TEXTS)


def test_a_stored_text_changes_no_bone_of_any_page(app: Flask, database: Database, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PAGE", 1000)
    now = datetime.now(UTC)
    client = signed_in(RoleName.ADMIN)
    lists = ("/staff/requests", "/staff/articles", "/staff/outbox", "/staff/deflection?days=30")

    def seen(texts: Sequence[str]) -> tuple[list[Bones], list[list[Bones]]]:
        with database.writing() as session:
            pages = [fill(app, session, now, text) for text in texts]
        together = [bones(client.get(page).text) for page in lists]
        alone = [[bones(client.get(page).text) for page in pages[number]] for number, text in enumerate(texts) if number == 0 or text not in harmless]
        with database.writing() as session:
            for table in ("outbox_attempt", "outbox_message", "attachment", "ticket", "event", "visit", "translation", "article"):
                session.execute(delete(Ticket.metadata.tables[table]))
        return together, alone

    harmless = [f"{number} {'words ' * 25}{number}" for number in range(LIST)]  # All different, as the others are: what is listed once each is as long.
    expected, (expected_alone, *_) = seen(harmless)
    assert min(map(len, [*expected, *expected_alone])) > 10
    for start in range(0, len(BUNDLES), LIST):
        texts = BUNDLES[start : start + LIST]
        together, alone = seen([*texts, *harmless[len(texts) :]])
        assert [text for text, tried in zip(texts, alone, strict=False) if tried != expected_alone] == []
        assert [page for page, tried, harmless in zip(lists, together, expected, strict=True) if tried != harmless] == [], texts


def test_a_text_asked_for_changes_no_bone_of_a_list(signed_in: SignIn) -> None:
    client = signed_in(RoleName.ADMIN)
    for path in ("/staff/requests", "/staff/articles"):
        harmless = bones(client.get(path, query_string={"q": HARMLESS}).text)
        asked = [{"q": text} for text in BUNDLES]
        asked += [{"q": HARMLESS, name: text} for text in SCRIPTS[:8] for name in ("status", "topic", "language", "page", "lang", "q[]")]
        for query in asked:
            assert bones(client.get(path, query_string=query).text) == harmless, query


def test_a_refused_form_gives_every_text_back_as_a_text(client: FlaskClient) -> None:
    def page(text: str) -> Bones:
        fields = {"visit": open_form(client), "name": text, "email": f"{text} nobody", "subject": text, "message": text, "topic": text, "confirmed": "1"}
        return bones(client.post("/", data=fields).text)

    short, long = page("x" * 100), page("x" * 101)  # From the second on a name is too long, which the page says.
    assert 10 < len(short) < len(long)
    assert [text for text in BUNDLES if page(text) != (short if len(text) <= 100 else long)] == []


def test_the_name_of_a_colleague_stays_a_text(app: Flask, database: Database, signed_in: SignIn) -> None:
    client = signed_in(RoleName.ADMIN)
    before = bones(client.get("/staff/articles").text)
    with database.writing() as session:
        person = staff.find(session, "admin@example.com")
        assert person
        person.email = SCRIPTS[2]
    assert bones(client.get("/staff/articles").text) == before


def test_the_frame_of_a_mail_runs_and_loads_nothing(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        ticket = send(app, session, now)
        number = outbox.of_ticket(session, ticket.id)[0].id
    client = signed_in(RoleName.LEAD)
    policy = client.get(f"/staff/outbox/{number}/html").headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; ")
    assert "allow-" not in policy
    assert "script-src" not in policy
    around = client.get(f"/staff/outbox/{number}")
    assert "frame-src 'self'" in around.headers["Content-Security-Policy"]
    assert "script-src 'self'" in around.headers["Content-Security-Policy"]
    assert " sandbox></iframe>" in around.text


def test_a_file_is_saved_and_never_opened_as_a_page(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        ticket = send(app, session, now, filename='a"; filename=b.html;.png')
        (file,) = attachments.of_ticket(session, ticket.id)
        file.content_type, file.filename = "text/html", 'x".html\r\nSet-Cookie: a=b'
        address = f"/staff/requests/{ticket.reference}/files/{file.id}"
    answer = signed_in(RoleName.LEAD).get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "\r" not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "a=b" not in answer.headers.get("Set-Cookie", "")
    answer.close()
