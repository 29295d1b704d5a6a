import socket
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import flask_mail
import pytest
from flask import Flask

from tests.webform import smtp_servers
from tests.webform.smtp_servers import CERTIFICATE, OK, Sink, answer, free_port, serve, serve_raw
from webform.mailer import Parcel, Receipt, Unreachable
from webform.smtp_mailer import SmtpMailer

MIME = b"From: help@example.com\r\nTo: team@example.com\r\nSubject: Pump\r\nMessage-ID: <a@example.com>\r\n\r\nIt hums.\r\n.\r\n..two dots\r\n"


def parcel(*recipients: str, sender: str = "bounce@example.com", mime: bytes = MIME) -> Parcel:
    return Parcel("T-222222", "request", sender, recipients or ("team@example.com",), mime, datetime(2026, 11, 22, tzinfo=UTC))


def mail_app(port: int, **settings: Any) -> Flask:
    app = Flask("mail")
    app.config.update(MAIL_SERVER="localhost", MAIL_PORT=port, MAIL_USE_TLS=False, MAIL_USE_SSL=False, MAIL_USERNAME="", MAIL_PASSWORD="")
    app.config.update(MAIL_TIMEOUT_SECONDS=1, **settings)
    return app


def send(port: int, *parcels: Parcel, **settings: Any) -> list[Receipt]:
    mailer = SmtpMailer(mail_app(port, **settings))
    try:
        return [mailer.send(one) for one in parcels or (parcel(),)]
    finally:
        mailer.close()


def test_the_stored_bytes_go_out_as_they_are() -> None:
    with serve(Sink()) as sink:
        [receipt] = send(sink.port)
    assert receipt == Receipt(OK)
    assert [(mail.sender, mail.recipients, mail.content) for mail in sink.received] == [("bounce@example.com", ("team@example.com",), MIME)]


@pytest.mark.parametrize("sender", ["", "<>"])
def test_an_empty_envelope_sender_stays_empty(sender: str) -> None:
    with serve(Sink()) as sink:
        send(sink.port, parcel(sender=sender))
    assert [mail.sender for mail in sink.received] == ["<>"]


def test_many_messages_share_one_connection() -> None:
    with serve(Sink()) as sink:
        send(sink.port, *[parcel() for _ in range(5)])
    assert (len(sink.received), sink.connections) == (5, 1)


def test_flask_mail_tells_its_signal_which_message_was_dispatched() -> None:
    with serve(Sink()) as sink:
        app = mail_app(sink.port)
        mailer = SmtpMailer(app)
        with app.app_context(), flask_mail.Mail(app).record_messages() as dispatched:
            mailer.send(parcel())
        mailer.close()
    assert [message.as_bytes() for message in dispatched] == [MIME]


@pytest.mark.parametrize(
    ("reply", "permanent"),
    [
        ("421 4.3.2 Shutting down", False),
        ("450 4.2.1 Greylisted", False),
        ("451 4.3.0 Local error", False),
        ("452 4.3.1 Disk full", False),
        ("530 5.7.0 Authentication required", False),
        ("550 5.1.1 User unknown", True),
        ("552 5.2.2 Mailbox full", True),
        ("554 5.7.1 Refused", True),
    ],
)
@pytest.mark.parametrize("stage", ["at_mail", "at_rcpt", "at_data"])
def test_four_hundreds_pass_and_five_hundreds_stay(stage: str, reply: str, permanent: bool) -> None:
    with serve(Sink(**{stage: lambda *_: reply})) as sink:
        [receipt] = send(sink.port)
    [(address, refusal)] = receipt.refused.items()
    assert (address, refusal.permanent, refusal.words) == ("team@example.com", permanent, reply)


def test_who_is_refused_among_several_is_kept() -> None:
    replies = {"b@example.com": "550 5.1.1 Unknown", "c@example.com": "451 4.3.0 Later"}
    with serve(Sink(at_rcpt=lambda address: replies.get(address, ""))) as sink:
        [receipt] = send(sink.port, parcel("a@example.com", "b@example.com", "c@example.com"))
    assert [mail.recipients for mail in sink.received] == [("a@example.com",)]
    assert {address: refusal.permanent for address, refusal in receipt.refused.items()} == {"b@example.com": True, "c@example.com": False}
    assert receipt.words == OK


def test_recipients_after_a_closing_421_are_tried_again_and_not_taken_for_served() -> None:
    replies = {"b@example.com": "421 4.3.2 Going down"}
    with serve(Sink(at_rcpt=lambda address: replies.get(address, ""))) as sink:
        [receipt] = send(sink.port, parcel("a@example.com", "b@example.com", "c@example.com"))
    assert sink.received == []
    assert [(address[0], refusal.permanent) for address, refusal in receipt.refused.items()] == [("a", False), ("b", False), ("c", False)]


def test_a_connection_dropped_before_the_last_answer_leaves_the_message_waiting() -> None:
    with serve_raw(lambda connection: answer(connection, b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")) as port:
        [receipt] = send(port)
    assert [refusal.permanent for refusal in receipt.refused.values()] == [False]


def test_a_goodbye_that_fails_after_acceptance_is_no_failure() -> None:
    def talk(connection: socket.socket) -> None:
        answer(connection, b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")
        connection.sendall(b"250 taken\r\n")

    with serve_raw(talk) as port:
        assert send(port) == [Receipt("250 taken")]


def test_a_server_that_has_had_enough_of_a_connection_is_called_anew() -> None:
    def talk(connection: socket.socket) -> None:
        answer(connection, b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")
        connection.sendall(b"250 taken\r\n")
        answer_rest = connection.makefile("rb")
        answer_rest.readline()
        connection.sendall(b"421 4.7.0 Too many messages\r\n")

    with serve_raw(talk) as port:
        assert send(port, parcel(), parcel(), parcel()) == [Receipt("250 taken")] * 3


def test_a_closed_port_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="refused"):
        send(free_port())


@pytest.mark.parametrize("greeting", [b"554 5.7.1 Not you\r\n", b"421 4.3.2 Busy\r\n", b"rubbish\r\n"])
def test_a_server_that_does_not_greet_is_unreachable_and_blames_no_message(greeting: bytes) -> None:
    with serve_raw(lambda connection: connection.sendall(greeting)) as port, pytest.raises(Unreachable):
        send(port)


def test_a_silent_server_is_left_in_time() -> None:
    started = time.monotonic()
    with serve_raw(lambda connection: connection.recv(1) and None) as port, pytest.raises(Unreachable, match="timed out"):
        send(port)
    assert time.monotonic() - started < 3


def test_a_server_that_drips_one_byte_a_moment_is_left_in_time() -> None:
    def drip(connection: socket.socket) -> None:
        for byte in b"220 " + b"x" * 30:
            connection.sendall(bytes([byte]))
            time.sleep(0.2)

    started = time.monotonic()
    with serve_raw(drip) as port, pytest.raises(Unreachable, match="timed out"):
        send(port)
    assert time.monotonic() - started < 4


def test_a_server_that_reads_one_byte_a_moment_is_left_in_time() -> None:
    def sip(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"220 slow\r\n")
        for reply in (b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
            connection.recv(1000)
            connection.sendall(reply)
        for _ in range(15):
            connection.recv(1)
            time.sleep(0.2)

    started = time.monotonic()
    with serve_raw(sip) as port:
        [receipt] = send(port, parcel(mime=MIME + b"x" * 10_000_000))
        took = time.monotonic() - started
    assert [refusal.permanent for refusal in receipt.refused.values()] == [False]
    assert took < 4


def test_starttls_goes_out_to_a_server_whose_certificate_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with serve(Sink(), tls=True) as sink:
        assert send(sink.port, MAIL_USE_TLS=True) == [Receipt(OK)]


def test_a_forged_certificate_is_refused_before_anything_is_said() -> None:
    with serve(Sink(), tls=True) as sink:
        with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
            send(sink.port, MAIL_USE_TLS=True, MAIL_USERNAME="u", MAIL_PASSWORD="p")
        assert sink.received == []


def test_a_certificate_of_another_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with serve(Sink(), tls=True) as sink, pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        send(sink.port, MAIL_USE_TLS=True, MAIL_SERVER="127.1")


def test_starttls_demanded_and_absent_never_falls_back() -> None:
    with serve(Sink()) as sink:
        with pytest.raises(Unreachable, match="STARTTLS"):
            send(sink.port, MAIL_USE_TLS=True)
        assert sink.received == []


def test_tls_from_the_first_byte_checks_the_certificate_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def talk(connection: socket.socket) -> None:
        with smtp_servers.server_context().wrap_socket(connection, server_side=True) as secured:
            answer(secured, b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")
            secured.sendall(b"250 taken\r\n")

    with serve_raw(talk) as port:
        with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
            send(port, MAIL_USE_SSL=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert send(port, MAIL_USE_SSL=True) == [Receipt("250 taken")]


def test_a_wrong_password_is_unreachable_and_blames_no_message() -> None:
    with serve(Sink(), password="right") as sink:
        with pytest.raises(Unreachable, match="535"):
            send(sink.port, MAIL_USERNAME="user", MAIL_PASSWORD="wrong")
        assert send(sink.port, MAIL_USERNAME="user", MAIL_PASSWORD="right") == [Receipt(OK)]


@pytest.mark.parametrize(
    "poison",
    [
        parcel("team@example.com\r\nRCPT TO:<spy@example.com>"),
        parcel("юзер@пример.рф"),
        parcel("no address"),
        parcel("\ud800@example.com"),
        parcel(sender="a@b\r\nDATA"),
        parcel(mime=b"Subject: x\n\nlone line feed\n"),
        parcel(mime=b"Subject: x\r\n\r\nsmuggled\n.\nMAIL FROM:<spy@example.com>\r\n"),
        parcel(mime=b"Subject: x\r\n\r\nsmuggled\r.\rMAIL FROM:<spy@example.com>\r\n"),
    ],
)
def test_what_could_be_read_as_more_than_one_message_is_never_sent(poison: Parcel) -> None:
    with serve(Sink()) as sink:
        [refused, taken] = send(sink.port, poison, parcel())
    assert [refusal.permanent for refusal in refused.refused.values()] == [True]
    assert (taken, len(sink.received)) == (Receipt(OK), 1)


def test_the_words_of_a_server_are_bounded_and_printable() -> None:
    with serve_raw(lambda connection: answer(connection, b"250 hi\r\n", b"550-\x1b[31m" + b"a" * 900 + b"\r\n550 \xff<b>\r\n")) as port:
        [receipt] = send(port)
    [refusal] = receipt.refused.values()
    assert len(refusal.words) <= 500
    assert refusal.words.isprintable()


def test_knowing_flask_mail_changes_nothing_about_how_others_write_mail() -> None:
    """Its import registers another transfer encoding for UTF-8 with the standard library, for the whole process."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message.set_content("Насос гудит.", cte="8bit")
    assert message.as_bytes().isascii()
