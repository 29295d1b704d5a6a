"""A byte that no text may have, and that one of the databases refuses, in whatever a stranger or one of the staff can ask with."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.database import Database
from tests.webform.conftest import SignIn
from tests.webform.form_world import open_form, write_articles
from tests.webform.sending import accept
from tests.webform.test_additions import key_of

ASKED = ("q", "topic", "subject", "message", "lang", "read", "skip", "key", "status", "from", "to", "language", "page", "cursor", "since", "kind", "field-x")
SENT = ("visit", "message", "email", "topic", "subject", "name", "kept", "remove", "read", "language", "q", "once", "solved", "unsolved", "reason", "article")


def addresses(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            path = re.sub(r"<int:[^>]+>", "1", re.sub(r"<lang(?:uage)?>", "en", rule.rule))
            yield re.sub(r"<[^>]+>", "%00a", path) + "?" + "&".join(f"{name}=%00" for name in ASKED)


def test_every_page_answers_whatever_byte_it_is_asked_with(app: Flask, client: FlaskClient, database: Database, signed_in: SignIn, now: datetime) -> None:
    write_articles(database, now)
    lead = signed_in("admin")
    for path in addresses(app):
        for person in (lead,) if path.startswith("/staff") else (client, lead):
            answer = person.get(path)
            answer.close()
            assert answer.status_code < 500, path


@pytest.mark.parametrize("path", ["/", "/suggestions", "/verdict", "/uploads/waiting", "/uploads/removed", "/help/search", "/requests/{}/additions"])
def test_every_form_answers_whatever_byte_is_sent(path: str, app: Flask, client: FlaskClient, database: Database, now: datetime) -> None:
    write_articles(database, now)
    with database.writing() as session:
        ticket = accept(session, app, now)
    fields = {"visit": open_form(client), "message": "It hums.", "email": "a@x.example", "confirmed": "1", "scripted": "1", "key": key_of(app, ticket)}
    for name in SENT:
        assert client.post(path.format(ticket.reference), data={**fields, name: "\0"}).status_code < 500, name
