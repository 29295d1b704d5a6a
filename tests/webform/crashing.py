"""The crash experiment: customers send, the mail server fails half of the time, and whoever works is killed at random."""

import http.client
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiosmtpd.smtp import SMTP
from sqlalchemy import func, select

from kb.database import Database
from tests.webform.smtp_servers import OK, Received, Sink, free_port, serve
from webform.outbox import Delivery, OutboxMessage
from webform.tickets import Ticket
from webform.tokens import Tokens

SECRET = "a key for tests"
CUSTOMERS = 3
PATIENCE = 300.0


@dataclass(frozen=True)
class Figures:
    """What came of it: ``lost`` must be 0, ``mismatches`` are repeats with another Message-ID or other bytes."""

    kills: int
    posted: int
    accepted: int
    delivered: int
    lost: int
    duplicates: int
    mismatches: int
    tickets_twice: int
    undelivered: int
    integrity_check: str
    seconds: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Customers:
    """People who send again until they are told that it arrived, as people do."""

    port: int
    posted: int = 0
    accepted: dict[str, str] = field(default_factory=dict)
    done: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send_for_ever(self, name: str) -> None:
        number = 0
        while not self.done.is_set():
            number += 1
            text = f"The pump of {name} hums, time {number}."
            fields = {"name": name, "email": f"{name}.{number}@customer.example", "subject": "Pump", "message": text, "confirmed": "1"}
            fields["visit"] = Tokens(SECRET).new_visit()
            reference = ""
            # Whoever was already told to wait finishes, so that each message has been answered in the end.
            while not reference and not self.done.is_set():
                reference = self._post(fields)
            if reference:
                with self.lock:
                    self.accepted[reference] = text
            time.sleep(0.15)

    def _post(self, fields: dict[str, str]) -> str:
        with self.lock:
            self.posted += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
        try:
            connection.request("POST", "/", urlencode(fields), headers)
            response = connection.getresponse()
            page = response.read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            return ""
        finally:
            connection.close()
        assert response.status in (303, 503), (response.status, page[:2000])
        found = re.search(r"/requests/(T-\w+)\?", response.headers.get("Location", ""))
        return found[1] if found else ""


class FickleSink(Sink):
    """Fails half of the time, in each of the ways a server can."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        super().__init__(at_rcpt=self._recipient, at_data=self._text)

    def _recipient(self, _address: str) -> str:
        return "450 4.2.0 Greylisted" if self._random.random() < 0.1 else ""

    def _text(self, content: bytes, server: SMTP) -> str:
        chance = self._random.random()
        if chance < 0.25:
            return "451 4.3.0 Try again later"
        if chance < 0.35:
            _drop(server)
            return "451 4.3.0 Unheard"
        if chance < 0.45:
            self.received.append(Received("", (), content))
            _drop(server)
            return OK
        return ""


def _drop(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.abort()  # type: ignore[attr-defined]


@dataclass
class Site:
    """One server and two workers, and how to kill them."""

    environment: dict[str, str]
    log: Path
    parents: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        kind = name.partition("-")[0]
        with self.log.open("ab") as log:
            self.parents[name] = subprocess.Popen([sys.executable, "-m", "tests.webform.crash_site", kind], env=self.environment, stdout=log, stderr=log)

    def kill_somebody(self, dice: random.Random) -> bool:
        """Kill a process that serves or delivers; tell whether there was one."""
        victims = self.children(dice.choice(list(self.parents)))
        with suppress(ProcessLookupError):
            if victims:
                os.kill(dice.choice(victims), signal.SIGKILL)
                return True
        return False

    def kill_whole_server(self) -> None:
        children = self.children("server")
        self.parents["server"].kill()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.parents["server"].wait()
        self.start("server")

    def stop(self) -> None:
        for name, parent in self.parents.items():
            children = self.children(name)
            parent.kill()
            parent.wait()
            for child in children:
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)

    def children(self, name: str) -> list[int]:
        """Give the processes that a parent has started."""
        listed = subprocess.run(["ps", "-A", "-o", "ppid=,pid="], capture_output=True, text=True, check=True).stdout
        pairs = [line.split() for line in listed.splitlines()]
        return [int(pid) for parent, pid in pairs if int(parent) == self.parents[name].pid]


@contextmanager
def site(folder: Path, database_url: str, port: int, mail_port: int, names: Sequence[str] = ("server", "worker-1", "worker-2"), **more: str) -> Iterator[Site]:
    """Run a site, or parts of it, until the end, whatever happens.

    :param more: settings beside those that the experiment needs.
    """
    settings = {
        "INSTANCE": str(folder / "instance"), "DATABASE_URL": database_url, "SECRET_KEY": SECRET, "SAMPLE_KB": "0", "BIND": f"127.0.0.1:{port}",
        "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(mail_port), "MAIL_TIMEOUT_SECONDS": "1", "MAIL_RETRY_MINUTES": "0.01 0.02 0.03",
        "REQUESTS_PER_HOUR": "100000", "REQUESTS_PER_ADDRESS": "100000", "ACKNOWLEDGEMENTS_PER_HOUR": "1000",
    } | more  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WEBFORM_")}
    running = Site(environment | {f"WEBFORM_{name}": value for name, value in settings.items()} | {"OMP_NUM_THREADS": "1"}, folder / "site.log")
    try:
        for name in names:
            running.start(name)
        yield running
    finally:
        running.stop()


def crash(folder: Path, database_url: str, *, kills: int, seed: int, pause: float = 0.3, whole_server_every: int = 40) -> Figures:
    """Run the experiment.

    :param database_url: a migrated, empty database.
    :param pause: seconds at most between an answer to a customer and the next kill.
    :param whole_server_every: every so many kills, the server goes with its parent and comes back seconds later.
    """
    dice, started = random.Random(seed), time.monotonic()
    port = free_port()
    customers, done = Customers(port), 0
    with serve(FickleSink(seed)) as sink, site(folder, database_url, port, sink.port) as running:
        threads = [threading.Thread(target=customers.send_for_ever, args=(f"c{number}",), daemon=True) for number in range(CUSTOMERS)]
        for thread in threads:
            thread.start()
        _wait(lambda: len(customers.accepted) > CUSTOMERS, running, "nothing was accepted")
        while done < kills:
            # Paced by progress, so that a slow machine kills as many at work as a fast one.
            answered = len(customers.accepted)
            _wait(lambda answered=answered: len(customers.accepted) > answered, running, "nothing was accepted any more")
            time.sleep(dice.uniform(0, pause))
            if (done + 1) % whole_server_every == 0:
                running.kill_whole_server()
                done += 1
            else:
                done += running.kill_somebody(dice)
        customers.done.set()
        for thread in threads:
            thread.join(30)
        database = Database(database_url)
        with suppress(TimeoutError):
            _wait(lambda: _waiting(database) == 0, running, "not everything was delivered")
    figures = _count(database, customers, sink, kills=done, seconds=round(time.monotonic() - started, 1))
    database.close()
    return figures


def _wait(condition: Any, running: Site, otherwise: str) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until or any(parent.poll() is not None for parent in running.parents.values()):
            raise TimeoutError(f"{otherwise}: {running.log.read_text()[-2000:]}")
        time.sleep(0.1)


def _waiting(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.status != Delivery.SENT)) or 0


def _count(database: Database, customers: Customers, sink: Sink, *, kills: int, seconds: float) -> Figures:
    copies: dict[str, list[bytes]] = defaultdict(list)
    for mail in sink.received:
        found = re.search(rb"^(?:X-Webform-Reference|In-Reply-To): <?(T-\w+)", mail.content, re.MULTILINE)
        assert found, mail.content[:500]
        kind = "ack" if b"\nAuto-Submitted:" in mail.content else "request"
        copies[f"{kind} {found[1].decode()}"].append(mail.content)
    with database.reading() as session:
        references = list(session.scalars(select(Ticket.reference)))
        texts = list(session.scalars(select(Ticket.message)))
    return Figures(
        kills=kills,
        posted=customers.posted,
        accepted=len(customers.accepted),
        delivered=sum(f"request {reference}" in copies for reference in references),
        lost=sum(f"request {reference}" not in copies for reference in customers.accepted),
        duplicates=sum(len(contents) - 1 for contents in copies.values()),
        mismatches=sum(len(set(contents)) > 1 for contents in copies.values()),
        tickets_twice=len(texts) - len(set(texts)),
        undelivered=_waiting(database),
        integrity_check=_integrity(database),
        seconds=seconds,
    )


def _integrity(database: Database) -> str:
    if database.engine.dialect.name != "sqlite":
        return "not asked"
    with database.engine.connect() as connection:
        return str(connection.exec_driver_sql("PRAGMA integrity_check").scalar())
