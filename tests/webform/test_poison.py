"""Messages that were made to choke whoever handles them: each is delivered or refused, and the next one always goes out."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import update

from kb.database import Database
from tests.webform.delivering import put
from tests.webform.sending import accept, parsed
from tests.webform.smtp_servers import Sink, serve
from webform import outbox, outbox_cli
from webform.deliveries import Tally, deliver_due
from webform.outbox import OutboxMessage

TYPED = {
    "half a surrogate pair": {"subject": "Pump \ud83d", "message": "It hums \udc00.", "name": "Anna \udfff"},
    "control characters": {"subject": "Pump\0\x1b[31m\r\nBcc: spy@example.com", "message": "It\0 hums.\x07", "name": "Anna\nBcc: spy@example.com"},
    "one line of a megabyte": {"message": "x" * 1_000_000},
    "a megabyte of Chinese": {"message": "水泵嗡嗡响" * 70_000},
    "dots and line ends that end a message": {"message": "hums\r\n.\r\nMAIL FROM:<spy@example.com>\r\n\n.\n\r.\r"},
    "marks that turn the reading direction": {"subject": "\u202egnp.exe\u2066" * 20, "name": "\u202e\u2028\u2029\u0085"},
}


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    with serve(Sink()) as sink:
        app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=sink.port)
        yield sink


def deliver(app: Flask) -> Tally:
    with app.app_context():
        return deliver_due(outbox_cli.new_courier(app))


@pytest.mark.parametrize("fields", TYPED.values(), ids=TYPED.keys())
def test_whatever_was_typed_arrives_as_one_plain_message(app: Flask, database: Database, sink: Sink, fields: dict[str, str]) -> None:
    with database.writing() as session:
        accept(session, app, datetime.now(UTC), **fields)
    assert deliver(app) == Tally(sent=2)
    for mail in sink.received:
        assert mail.content.isascii()
        assert b"\0" not in mail.content
        assert max(map(len, mail.content.split(b"\r\n"))) <= 998
        assert parsed(mail.content)["Bcc"] is None
    assert [mail.recipients for mail in sink.received] == [("team@example.com",), ("anna@customer.example",)]


STORED = {
    "lone line feeds": b"Subject: x\n\nhums\n",
    "a line of a megabyte": b"Subject: x\r\n\r\n" + b"x" * 1_000_000 + b"\r\n",
    "ten thousand headers": b"".join(b"X-%d: y\r\n" % number for number in range(10_000)) + b"\r\nhums\r\n",
    "nothing": b"",
    "other bits": b"Subject: \xff\xfe\r\n\r\n\x00\r\n",
}


@pytest.mark.parametrize("mime", STORED.values(), ids=STORED.keys())
def test_whatever_is_stored_the_next_message_goes_out(app: Flask, database: Database, sink: Sink, mime: bytes) -> None:
    with database.writing() as session:
        poison, good = put(session, datetime.now(UTC)), put(session, datetime.now(UTC))
        session.execute(update(OutboxMessage).where(OutboxMessage.id == poison).values(mime=mime))
    tally = deliver(app)
    assert tally.sent + tally.retried + tally.failed == 2
    assert not tally.unreachable
    with database.reading() as session:
        assert good in [message.id for message in outbox.recent(session)]
