"""Letters, as leads write them: tried before they are kept, every version kept, and what came with the product never lost."""

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.sending import accept, body, mail, publish, visit
from webform import letter_book, topics
from webform.letter_texts import Letter
from webform.outbox import MessageKind
from webform.staff import RoleName

OWN = "{{ greeting }}\n\nwe have {{ reference }} about {{ topic }}. {{ status_link }}\n\nAn answer comes by {{ answer_by }}.\n\n{{ article }}\n\n{{ company }}"


def post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client.get("/staff/letters/en/every")), **fields})


def test_a_letter_is_tried_kept_overtaken_and_restored(signed_in: SignIn, database: Database) -> None:
    client, path = signed_in(RoleName.LEAD), "/staff/letters/ru/every"
    first = client.get(path).text
    assert "{{ greeting }}" in first
    assert "Здравствуйте, " in first
    wrong = post(client, path, subject="{{ status_link }}", body="{{ nmae }} {{ reference }}", after="0")
    assert wrong.status_code == 422
    for words in (
        "Did you mean {{ name }}?",
        "Put {{ status_link }} in",
        "{{ status_link }} does not fit in a subject",
        "{{ nmae }} {{ reference }}</textarea>",
    ):
        assert words in wrong.text
    tried = post(client, path, subject="Мы получили {{ reference }}", body=OWN, after="0", **{"try": "1"})
    for words in ("nothing is saved yet", "Мы получили T-7F3K9Q", "<pre"):
        assert words in tried.text
    assert "[{{ reference }}]" in client.get(path).text
    assert post(client, path, subject="Мы получили {{ reference }}", body=OWN, after="0").status_code == 303
    late = post(client, path, subject="{{ reference }}", body=OWN, after="0")
    assert late.status_code == 409
    assert "lead@example.com made a change meanwhile" in late.text
    with database.reading() as session:
        (version,) = letter_book.versions(session, "ru", "")
    assert post(client, path + "/restore", version="", after=str(version.id)).status_code == 303
    with database.reading() as session:
        given_up = letter_book.versions(session, "ru", "")[0]
        assert letter_book.in_force(session, "ru", "") == letter_book.default("ru")
    assert post(client, path + "/restore", version=str(version.id), after=str(given_up.id)).status_code == 303
    with database.reading() as session:
        assert letter_book.in_force(session, "ru", "pump") == Letter("Мы получили {{ reference }}", OWN)
        assert [each.written_by for each in letter_book.versions(session, "ru", "")] == ["lead@example.com"] * 3
    assert post(client, "/staff/letters/de/every").status_code == 404
    assert post(client, "/staff/letters/en/nothing").status_code == 404


def test_a_topics_own_letter_goes_before_that_of_every_topic_and_its_headers_stay(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        topics.load_defaults(session)
        offered = publish(session, "Bleed the <pump>", now)
        visit(session, now, [offered])
        letter_book.write(session, "en", "", Letter("{{ reference }} for all", OWN), after=0, author="lead", now=now)
        letter_book.write(session, "en", "pump", Letter("{{ reference }} about {{ topic }}", OWN), after=0, author="lead", now=now)
        own, other = accept(session, app, now, topic="pump", suggested=(offered,)), accept(session, app, now, message="Another")
        message, plain = (mail(session, ticket, MessageKind.ACKNOWLEDGEMENT) for ticket in (own, other))
    assert message["Subject"] == f"{own.reference} about Pump and hoses"
    assert plain["Subject"] == f"{other.reference} for all"
    assert (message["Auto-Submitted"], message["In-Reply-To"]) == ("auto-replied", own.message_id)
    text, html = body(message), body(message, "html")
    assert text.startswith(f"Hello Anna Sample,\n\nwe have {own.reference} about Pump and hoses. Read what you sent: http://127.0.0.1:8000/requests/")
    assert "comes by Monday, 23 November, 09:30 (Coordinated Universal Time)." in text
    assert "If it was not you, there is nothing to do." in text
    assert "Bleed the <pump>" in text
    assert "Bleed the &lt;pump&gt;" in html
    assert "I cleaned the filter" not in text + html
    assert "we have" in body(plain)
    assert "about." in body(plain)


def test_a_letter_of_its_own_is_made_for_a_routing_rule_that_chooses_it(signed_in: SignIn, app: Flask, database: Database, now: datetime) -> None:
    client = signed_in(RoleName.LEAD)
    with database.writing() as session:
        topics.load_defaults(session)
        letter_book.write(session, "en", "pump", Letter("{{ reference }} about pumps", OWN), after=0, author="lead", now=now)
    assert "Nothing was made" in client.get(post(client, "/staff/letters", name="x" * 61).location).text
    page = client.get(made := post(client, "/staff/letters", name="Power outage").location)
    assert (made, "“Power outage” is there" in page.text) == ("/staff/letters/en/own.power-outage", True)
    assert post(client, made, subject="{{ reference }}: the grid is down", body=OWN, after="0").status_code == 303
    conditions = {"topics": ["pump"], "template": "own.power-outage", "active": "1"}
    assert post(client, "/staff/routing/new", name="Outages", **conditions).status_code == 303
    assert "confirmed by the letter: Power outage" in client.get("/staff/routing").text
    assert '<option value="own.power-outage" selected>Power outage</option>' in client.get("/staff/routing/1").text
    with database.writing() as session:
        english, russian = accept(session, app, now, topic="pump"), accept(session, app, now, topic="pump", interface_language="ru", message="Another")
        assert mail(session, english, MessageKind.ACKNOWLEDGEMENT)["Subject"] == f"{english.reference}: the grid is down"
        assert "the grid" not in mail(session, russian, MessageKind.ACKNOWLEDGEMENT)["Subject"]  # It is not written in Russian.
    assert "confirmed by the letter: Power outage" in client.get(f"/staff/requests/{english.reference}").text
    assert "chosen by Outages" in client.get(post(client, "/staff/letters/own.power-outage/delete").location).text
    post(client, "/staff/routing/1/delete", version="1")
    assert "“Power outage” is deleted" in client.get(post(client, "/staff/letters/own.power-outage/delete").location).text
    assert client.get(made).status_code == 404
