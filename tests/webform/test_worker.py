import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.database import Database
from tests.webform.delivering import LEASE, Told, put
from tests.webform.sending import PNG, accept, anna
from tests.webform.smtp_servers import Sink, serve, serve_raw
from webform import attachments, leases, outbox, outbox_cli, worker
from webform.deliveries import Courier, Tally, deliver_due
from webform.mailer import Mailer, Parcel, Receipt, Refusal, Unreachable
from webform.outbox import Delivery
from webform.schedule import Schedule
from webform.ticket_days import TicketCount
from webform.worker import Worker, in_words

# What is waited for comes within a second or two; a machine that does other things meanwhile may take much longer.
PATIENCE = 120.0
AT_ONCE = Schedule((timedelta(0),), timedelta(days=3), lambda: 0.0)


@contextmanager
def working(database: Database, mailer: Mailer, said: Callable[[str], None] = lambda words: None) -> Iterator[Worker]:
    """Run a worker in a thread; only a main thread may listen to signals, so this one is told to stop."""
    running = Worker(Courier(database, mailer, AT_ONCE, "worker", LEASE, leases.clock))
    thread = threading.Thread(target=running.work, args=(said,))
    thread.start()
    try:
        yield running
    finally:
        running.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> float:
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds
        time.sleep(0.02)
    return time.monotonic() - started


def test_a_message_is_sent_within_a_second_of_being_stored(database: Database) -> None:
    mailer = Told()
    with working(database, mailer):
        time.sleep(0.7)
        with database.writing() as session:
            put(session, datetime.now(UTC))
        assert wait_until(lambda: bool(mailer.asked)) < 1.5  # One second on a machine that does nothing else.


def test_an_unreachable_server_makes_it_pause_and_a_success_ends_that(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "FIRST_PAUSE", 0.1)
    with database.writing() as session:
        put(session, datetime.now(UTC))
    facts: list[str] = []
    faults = iter([True, True])

    def flicker(parcel: Parcel) -> None:
        if next(faults, False):
            raise Unreachable("Connection refused")

    with working(database, Told(flicker), facts.append):
        wait_until(lambda: "1 sent" in facts)
    assert facts.count("1 to be tried again; the mail server cannot be used: Connection refused") == 2


def test_files_that_nobody_sent_are_removed(database: Database) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    with database.writing() as session:
        file = attachments.keep(session, visit=anna().visit, filename="a.png", content=PNG, now=past)

    def is_gone() -> bool:
        with database.reading() as session:
            return attachments.waiting(session, anna().visit, [file.token]) == []

    assert not is_gone()
    with working(database, Told()):
        wait_until(is_gone)


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(), ""),
        (Tally(sent=2, failed=1), "2 sent, 1 failed"),
        (Tally(retried=1, unreachable="refused"), "1 to be tried again; the mail server cannot be used: refused"),
    ],
)
def test_a_pass_is_put_in_words(tally: Tally, words: str) -> None:
    assert in_words(tally) == words


@pytest.fixture
def environment(settings: dict[str, str]) -> dict[str, str]:
    return {**os.environ, **{f"WEBFORM_{name}": value for name, value in settings.items()}}


def start_worker(environment: dict[str, str], *options: str) -> "subprocess.Popen[str]":
    started = subprocess.Popen([sys.executable, "-m", "webform.cli", "worker", *options], env=environment, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    assert "waits for mail" in started.stdout.readline()
    return started


def has_counted_days(database: Database) -> bool:
    with database.reading() as session:
        return session.get(TicketCount, 1) is not None


def test_asked_to_stop_it_finishes_the_message_in_hand(environment: dict[str, str], app: Flask, database: Database, now: datetime) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def slowly(_content: bytes, _server: object) -> str:
        arrived.set()
        go_on.wait(PATIENCE)
        return ""

    with serve(Sink(at_data=slowly)) as sink:
        with database.writing() as session:
            accept(session, app, datetime.now(UTC))
        process = start_worker(environment | {"WEBFORM_MAIL_SERVER": "127.0.0.1", "WEBFORM_MAIL_PORT": str(sink.port)})
        assert arrived.wait(PATIENCE)
        wait_until(partial(has_counted_days, database))
        process.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert process.poll() is None
        go_on.set()
        assert process.wait(PATIENCE) == 0
        assert process.stdout is not None
        assert "has stopped" in process.stdout.read()
        process.stdout.close()
    with database.reading() as session:
        assert [message.kind for message in outbox.recent(session)] == ["request"]
        assert [(message.kind, message.attempts) for message in outbox.waiting(session)] == [("acknowledgement", 0)]


def test_another_worker_takes_over_when_one_is_killed(environment: dict[str, str], app: Flask, database: Database, now: datetime) -> None:
    process = start_worker(environment)
    listed = subprocess.run(["ps", "-A", "-o", "ppid=,pid="], capture_output=True, text=True, check=True).stdout
    [child] = [int(pid) for parent, pid in map(str.split, listed.splitlines()) if int(parent) == process.pid]
    os.kill(child, signal.SIGKILL)
    with database.writing() as session:
        put(session, datetime.now(UTC))

    def is_sent() -> bool:
        with database.reading() as session:
            return len(outbox.recent(session)) == 1

    wait_until(is_sent)
    process.terminate()
    assert process.wait(PATIENCE) == 0
    assert process.stdout is not None
    said = process.stdout.read()
    process.stdout.close()
    assert f"a worker was ended by signal {signal.SIGKILL.value}; another one takes over" in said
    assert "has stopped" in said


def test_it_ends_with_the_process_that_started_it(environment: dict[str, str], database: Database, tmp_path: Path) -> None:
    program = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-m', 'webform.cli', 'worker', '--parent', str(os.getpid())], stdout=open(sys.argv[1], 'w'))\n"
        "time.sleep(600)\n"
    )
    said = tmp_path / "said"
    parent = subprocess.Popen([sys.executable, "-c", program, str(said)], env=environment)
    wait_until(lambda: said.exists() and "waits for mail" in said.read_text())
    parent.kill()
    parent.wait()
    wait_until(lambda: "has stopped" in said.read_text())


def test_a_silent_mail_server_holds_one_worker_for_a_bounded_time_and_the_form_not_at_all(app: Flask, client: FlaskClient, database: Database) -> None:
    app.config.update(MAIL_SERVER="localhost", MAIL_TIMEOUT_SECONDS=3)
    with database.writing() as session:
        put(session, datetime.now(UTC))
        put(session, datetime.now(UTC))

    def drip(connection: socket.socket) -> None:
        for byte in b"220 " + b"x" * 100:
            connection.sendall(bytes([byte]))
            time.sleep(0.1)

    with serve_raw(drip) as port, app.app_context():
        app.config["MAIL_PORT"] = port
        tallies: list[Tally] = []
        courier = outbox_cli.new_courier(app)
        sending = threading.Thread(target=lambda: tallies.append(deliver_due(courier)))
        started = time.monotonic()
        sending.start()
        wait_until(lambda: _held(database) == 1)
        answers = 0
        while sending.is_alive():
            asked = time.monotonic()
            with database.writing() as session:
                accept(session, app, datetime.now(UTC), message=f"It hums, time {answers}.")
            answers += time.monotonic() - asked < 2
            time.sleep(0.1)
        took = time.monotonic() - started
    assert took < 8
    assert answers >= 3
    assert [(tally.sent, tally.retried) for tally in tallies] == [(0, 1)]
    assert "timed out" in tallies[0].unreachable


def _held(database: Database) -> int:
    with database.reading() as session:
        return sum(message.is_being_sent for message in outbox.waiting(session))


def test_the_longest_sending_ends_before_its_lease(app: Flask) -> None:
    for seconds in (1, 30, 600):
        app.config["MAIL_TIMEOUT_SECONDS"] = seconds
        with app.app_context():
            lease = outbox_cli.new_courier(app).lease
        assert timedelta(seconds=2 * seconds) < lease < leases.FURTHEST


def test_a_day_without_a_mail_server_loses_nothing_and_sends_each_once(database: Database, now: datetime) -> None:
    """The server is away for a day, asked every ten minutes, while a request comes in every two hours."""
    stored, delivered = [], []
    plan = Schedule(tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60)), timedelta(days=3), lambda: 0.0)

    def away(parcel: Parcel) -> Receipt:
        raise Unreachable("Connection refused")

    for minutes in range(0, 27 * 60, 10):
        moment = now + timedelta(minutes=minutes)
        if minutes % 120 == 0 and minutes < 24 * 60:
            with database.writing() as session:
                stored.append(put(session, moment))
        mailer = Told(away) if minutes < 24 * 60 else Told()
        deliver_due(Courier(database, mailer, plan, "worker", LEASE, lambda session, moment=moment: moment))  # type: ignore[misc]
        delivered += [parcel.reference for parcel in mailer.asked if minutes >= 24 * 60]
    with database.reading() as session:
        messages = {message.id: message for message in outbox.recent(session, 100)}
    assert sorted(messages) == stored
    assert len(delivered) == len(set(delivered)) == len(stored)
    assert all(message.status == Delivery.SENT for message in messages.values())


def test_words_of_a_refusal_reach_staff(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = put(session, now)
    deliver_due(Courier(database, Told(lambda parcel: Receipt.none(parcel, Refusal(True, "550 5.1.1 No"))), AT_ONCE, "w", LEASE, leases.clock))
    with database.reading() as session:
        assert [attempt.reply for attempt in outbox.attempts(session, number)] == ["550 5.1.1 No"]
