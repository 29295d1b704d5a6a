import json
import re
from datetime import datetime
from email import message_from_bytes, policy

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.desk_world import REFUSED, fail, furnish, send
from webform import create_app, outbox
from webform.outbox import Delivery
from webform.staff import RoleName


@pytest.fixture
def lead(signed_in: SignIn) -> FlaskClient:
    return signed_in(RoleName.LEAD)


def first_message(database: Database, app: Flask, now: datetime, **texts: str) -> int:
    with database.writing() as session:
        return outbox.of_ticket(session, send(app, session, now, **texts).id)[0].id


def post(client: FlaskClient, path: str) -> str:
    token = csrf_token(client.get("/staff/outbox"))
    return client.post(path, data={"csrf_token": token}, follow_redirects=True).text


def test_the_outbox_says_what_failed_in_the_servers_words_what_waits_and_what_was_sent(
    app: Flask, database: Database, now: datetime, lead: FlaskClient
) -> None:
    with database.writing() as session:
        reference = furnish(app, session, now).reference
    page = lead.get("/staff/outbox").text
    assert "1 message needs you." in page
    assert re.findall(r'class="figure[^"]*">([^<]+)<', page)[:2] == ["1", "4"]
    assert f"Request {reference}" in page
    assert REFUSED.replace("<", "&lt;").replace(">", "&gt;") in page
    assert "451 4.3.0 Temporary server error" in page
    assert "Not tried yet" in page
    assert "after 1 attempt" in page
    assert page.index('id="failed"') < page.index('id="waiting"') < page.index('id="sent"')


def test_an_empty_outbox_says_so(lead: FlaskClient) -> None:
    page = lead.get("/staff/outbox").text
    assert "No message needs you." in page
    assert "Nothing waits." in page
    assert "Nothing was sent yet." in page
    assert 'id="failed"' not in page


def test_without_a_mail_server_the_page_says_where_mails_go(settings: dict[str, str], lead: FlaskClient) -> None:
    assert "No mail server is set" in lead.get("/staff/outbox").text
    lead.application.config["MAIL_SERVER"] = "mail.example.com"
    assert "No mail server is set" not in lead.get("/staff/outbox").text
    assert create_app(settings | {"MAIL_SERVER": "mail.example.com"}, environ={}).config["MAIL_SERVER"]


def test_one_message_is_tried_again(app: Flask, database: Database, now: datetime, lead: FlaskClient) -> None:
    number = first_message(database, app, now)
    with database.writing() as session:
        message = outbox.find(session, number)
        assert message
        fail(session, message, now)
    assert "The message is tried again now." in post(lead, f"/staff/outbox/{number}/retry")
    with database.reading() as session:
        message = outbox.find(session, number)
        assert message
        assert (message.status, message.attempts) == (Delivery.WAITING, 0)
        assert [attempt.reply for attempt in outbox.attempts(session, number)] == [REFUSED]


def test_a_message_that_was_sent_is_not_sent_twice(app: Flask, database: Database, now: datetime, lead: FlaskClient) -> None:
    number = first_message(database, app, now)
    with database.writing() as session:
        message = outbox.find(session, number)
        assert message
        message.status, message.sent_at = Delivery.SENT, now
    assert "Nothing was changed" in post(lead, f"/staff/outbox/{number}/retry")


def test_all_that_failed_is_tried_again(app: Flask, database: Database, now: datetime, lead: FlaskClient) -> None:
    with database.writing() as session:
        for _ in range(3):
            fail(session, outbox.of_ticket(session, send(app, session, now).id)[0], now)
    assert "3 messages are tried again now." in post(lead, "/staff/outbox/retry")
    with database.reading() as session:
        assert outbox.failed(session) == []


def test_a_mail_is_shown_as_html_text_data_and_source(app: Flask, database: Database, now: datetime, lead: FlaskClient) -> None:
    number = first_message(database, app, now, subject="Насос гудит", message="Всё перепробовал.\nНичего.")
    page = lead.get(f"/staff/outbox/{number}").text
    assert "Насос гудит" in page
    assert "Anna Sample via Mossgarth &lt;help@example.com&gt;" in page
    assert f'src="/staff/outbox/{number}/html"' in page
    assert "Всё перепробовал." in lead.get(f"/staff/outbox/{number}/html").text
    assert "Всё перепробовал.\nНичего." in lead.get(f"/staff/outbox/{number}?as=text").text
    data = re.search(r'<pre class="plain"[^>]*>(.*?)</pre>', lead.get(f"/staff/outbox/{number}?as=json").text, re.DOTALL)
    assert data
    assert "message" in json.loads(data[1].replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert "Message-ID:" in lead.get(f"/staff/outbox/{number}?as=source").text


def test_an_acknowledgement_has_no_data_to_show(app: Flask, database: Database, now: datetime, lead: FlaskClient) -> None:
    with database.writing() as session:
        number = outbox.of_ticket(session, send(app, session, now).id)[1].id
    page = lead.get(f"/staff/outbox/{number}?as=json").text
    assert "How the customer hears that it arrived" in page
    assert ">Data</a>" not in page


def test_a_mail_is_saved_as_exactly_the_bytes_that_go_out(app: Flask, database: Database, now: datetime, lead: FlaskClient) -> None:
    number = first_message(database, app, now)
    answer = lead.get(f"/staff/outbox/{number}/message.eml")
    with database.reading() as session:
        message = outbox.find(session, number)
        assert message
        assert answer.data == message.mime
        assert answer.headers["Content-Disposition"] == f"attachment; filename={message.ticket.reference}-request.eml"
    assert message_from_bytes(answer.data, policy=policy.default)["Message-ID"] == message.message_id


@pytest.mark.parametrize("path", ["1", "1/html", "1/message.eml", "99999999999999999999", "0/html"])
def test_a_message_that_does_not_exist_is_not_found(path: str, lead: FlaskClient) -> None:
    assert lead.get(f"/staff/outbox/{path}").status_code == 404
