import json
from datetime import datetime

import pytest
from flask import Flask

from kb.database import Database
from tests.webform.sending import PNG, accept, anna, raw_mail
from webform import attachments, mail_reading
from webform.mail_reading import Enclosure
from webform.outbox import MessageKind


def test_a_stored_request_is_read_as_text_html_json_and_raw(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        file = attachments.keep(session, visit=anna().visit, filename="насос.png", content=PNG, now=now)
        ticket = accept(session, app, now, uploads=(file.token,), message="Насос гудит. 水泵嗡嗡响。")
        raw = raw_mail(session, ticket, MessageKind.REQUEST)
    assert raw is not None
    letter = mail_reading.read(raw)
    assert ("X-Webform-Reference", ticket.reference) in letter.headers
    assert "Насос гудит. 水泵嗡嗡响。" in letter.text
    assert "\r" not in letter.text
    assert "Насос гудит. 水泵嗡嗡响。" in letter.html
    assert json.loads(letter.json)["reference"] == ticket.reference
    assert Enclosure("насос.png", "image/png", len(PNG)) in letter.attachments
    assert letter.raw.encode() == raw


@pytest.mark.parametrize(
    "mime",
    [
        b"",
        b"\xff\xfe\0",
        b"Content-Type: text/plain; charset=klingon\r\n\r\nqapla",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\nno boundary",
        b"Content-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        b"Subject: =?utf-8?b?////?=\r\nTo: <<>>\r\n\r\n",
    ],
)
def test_whatever_is_wrong_with_a_mail_it_is_shown_as_far_as_it_can_be_read(mime: bytes) -> None:
    assert mail_reading.read(mime).raw == mime.decode("utf-8", "replace")
