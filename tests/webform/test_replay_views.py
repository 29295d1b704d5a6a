"""The replay's page: what writers and leads see of a draft, with scripts and without."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb import web as kb_web
from kb.articles import Article, Visibility, find_article
from kb.database import Database
from kb.rehearsal import NOT_YET
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.desk_world import send
from tests.webform.form_world import write_articles
from webform import replay_views
from webform.staff import RoleName

WHISTLE = "The pump whistles the whole night, I am Anna Sample, call 0170 1234567 <b>now</b>"
DRAFT = {"language": "en", "title": "The pump whistles at night", "summary": "", "category": "", "body": "Fill the tank.\n\n## Low water\n\nThe whistle stops."}


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look ends when its time is over; the machine of the tests does other things meanwhile."""
    monkeypatch.setattr(replay_views, "SECONDS", 60.0)


@pytest.fixture
def reference(app: Flask, database: Database, now: datetime) -> str:
    write_articles(database, now)
    with database.writing() as session:
        found = send(app, session, now, subject="", message=WHISTLE).reference
    app.extensions[kb_web.SUGGESTER].gate = 0.3
    app.extensions[kb_web.SUGGESTER].ensure_ready()
    return found


def replay(client: FlaskClient, **fields: str) -> TestResponse:
    token = csrf_token(client.get("/staff/replay"))
    return client.post("/staff/replay", data={**DRAFT, "part": "1", "csrf_token": token, **fields})


def figures(response: TestResponse) -> list[str]:
    return re.findall(r'<dd class="figure[^"]*">([^<]*?)\s*<', response.text)


def noted(response: TestResponse) -> dict[str, str]:
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', response.text)[0] for name in ("earlier", "mark")}


def test_a_lead_sees_what_a_draft_gains_with_marked_words_and_a_link_to_the_request(signed_in: SignIn, reference: str) -> None:
    page = replay(signed_in(RoleName.LEAD))
    assert page.status_code == 200
    assert page.text.lstrip().startswith("<h2")
    assert "This draft would be shown for 1 of the last 1 requests" in page.text
    assert figures(page)[:3] == ["+1", "0", "0"]
    assert "<mark>pump</mark> <mark>whistles</mark>" in page.text
    assert f'href="/staff/requests/{reference}"' in page.text
    assert "<b>now</b>" not in page.text
    assert "What is right is not known." in page.text


def test_a_writer_sees_no_name_no_number_and_no_way_to_the_request(signed_in: SignIn, reference: str) -> None:
    page = replay(signed_in(RoleName.WRITER))
    assert "<mark>pump</mark> <mark>whistles</mark>" in page.text
    for told in ("Anna", "Sample", "1234567", reference):
        assert told not in page.text


def test_without_scripts_the_same_comes_as_a_page_that_keeps_the_draft(signed_in: SignIn, reference: str) -> None:
    page = replay(signed_in(RoleName.WRITER), part="")
    assert page.text.lstrip().startswith("<!doctype html>")
    assert 'value="The pump whistles at night"' in page.text
    assert "The whistle stops.</textarea>" in page.text
    assert "This draft would be shown for 1 of the last 1 requests" in page.text


def test_another_wording_is_compared_with_the_last_one(signed_in: SignIn, reference: str) -> None:
    client = signed_in(RoleName.WRITER)
    first = replay(client)
    assert "last wording" not in first.text
    again = replay(client, **noted(first))
    assert "last wording" not in again.text  # The same wording, asked once more.
    other = replay(client, **noted(first), title="Winter", body="Empty the hoses before frost.")
    assert "Since your last wording: 0 gained, 1 lost." in other.text
    back = replay(client, **noted(other))
    assert "Since your last wording: 1 gained, 0 lost." in back.text


def test_the_kept_text_of_a_translation_is_where_the_page_begins(signed_in: SignIn, reference: str, database: Database) -> None:
    with database.reading() as session:
        article = find_article(session, "pump")
        assert article
        number = article.id
    client = signed_in(RoleName.WRITER)
    page = client.get(f"/staff/replay?article={number}&lang=ru").text
    assert "Насос работает, но вода не идёт" in page
    assert f'name="article" value="{number}"' in page
    assert str(NOT_YET) not in client.get("/staff/replay").text


def test_an_article_that_is_not_public_is_said_not_to_be_suggested(signed_in: SignIn, reference: str, database: Database) -> None:
    with database.writing() as session:
        article = find_article(session, "invoice")
        assert isinstance(article, Article)
        article.visibility = Visibility.STAFF
        number = article.id
    assert "never suggested" in replay(signed_in(RoleName.WRITER), article=str(number)).text


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "", "body": ""},
        {"article": "x" * 500},
        {"article": "999999999"},
        {"language": "<script>"},
        {"language": "xx"},
        {"earlier": "1:1,<x>", "mark": "<x>"},
        {"title": "\0\ud7ff" * 400},
        {"body": "<script>alert(1)</script>\n\n# " + "x" * 4000},
        {"all": "1"},
    ],
)
def test_whatever_comes_in_a_draft_there_is_an_answer(signed_in: SignIn, reference: str, fields: dict[str, str]) -> None:
    page = replay(signed_in(RoleName.WRITER), **fields)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_strangers_and_forged_forms_are_refused(client: FlaskClient, signed_in: SignIn, reference: str) -> None:
    assert client.get("/staff/replay").status_code in {302, 303, 401}
    assert signed_in(RoleName.LEAD).post("/staff/replay", data=DRAFT).status_code == 400
