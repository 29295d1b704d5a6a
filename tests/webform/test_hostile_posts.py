"""Hostile posts against a running server: each gets an answer in words, memory and time stay bounded, and nothing that a person typed is lost."""

import hashlib
import html
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from types import MappingProxyType

import pytest
from sqlalchemy import select

from kb.database import Database
from tests.webform import hostile_posts
from tests.webform.crashing import SECRET, Site, site
from tests.webform.hostile_posts import FORM, TYPED, VISIT, Post
from tests.webform.sending import parsed
from tests.webform.smtp_servers import free_port
from tests.webform.test_mail_headers import ACKNOWLEDGEMENT_HEADERS, REQUEST_HEADERS
from webform.attachments import Attachment
from webform.outbox import MessageKind, OutboxMessage
from webform.tickets import Ticket
from webform.tokens import Tokens

PATIENCE = 120.0
MOST_MEMORY = 200_000_000
"""Bytes that a process may grow by, for all the posts together."""
MOST_TIMES = 60
"""How much more processor time than a plain post one may take."""
RUNNING = re.compile(rb"<script|<svg|<\?php|onload=", re.IGNORECASE)
WORDS = {400: "still in the page you came from", 413: "Go back, choose smaller files", 415: "Send the contact form from its own page"}


@dataclass
class Talk:
    """A connection to the server, and what its processes have used."""

    running: Site
    port: int
    processes: list[int]
    tokens: Tokens = field(default_factory=lambda: Tokens(SECRET))
    bodies: set[bytes] = field(default_factory=set)

    def post(self, post: Post) -> tuple[HTTPResponse | None, bytes]:
        """Send a post; whoever is cut off while sending has no answer."""
        body = post.body()
        self.bodies.add(hashlib.sha256(f"{post.path} {post.content_type} ".encode() + body).digest())
        body = body.replace(VISIT, self.tokens.new_visit().encode())
        try:
            return self._ask("POST", post.path, body, {"Content-Type": post.content_type, "Origin": f"http://127.0.0.1:{self.port}"})
        except (BrokenPipeError, ConnectionResetError):
            return None, b""

    def get(self, path: str) -> tuple[HTTPResponse, bytes]:
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = MappingProxyType({})) -> tuple[HTTPResponse, bytes]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer, answer.read()

    def memory(self) -> int:
        """Give the most bytes of memory that a process has had."""
        said = (Path(f"/proc/{each}/status").read_text() for each in self.processes)
        return max(int(re.findall(r"VmHWM:\s+(\d+) kB", each)[0]) * 1000 for each in said)

    def seconds(self) -> float:
        """Give the processor time that all processes have used."""
        said = (Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in self.processes)
        return sum(int(each[11]) + int(each[12]) for each in said) / os.sysconf("SC_CLK_TCK")


@pytest.fixture
def talk(tmp_path: Path, database_url: str) -> Iterator[Talk]:
    port = free_port()
    with site(tmp_path, database_url, port, 9, ("server",), SUGGEST_SECONDS="10") as running:
        talk, until = Talk(running, port, []), time.monotonic() + PATIENCE
        while True:
            try:
                assert talk.get("/healthz")[0].status == 200
                break
            except OSError:
                assert time.monotonic() < until, running.log.read_text()
                time.sleep(0.1)
        talk.processes += running.children("server")
        yield talk


def test_hundreds_of_hostile_posts_are_answered_within_bounds_and_lose_nothing(talk: Talk, database_url: str) -> None:
    posts = hostile_posts.every()
    assert len({post.name for post in posts}) == len(posts) >= 300
    plain = [Post("plain", lambda: hostile_posts.whole(), content_type=FORM)] * 10
    for post in plain:
        check(post, *talk.post(post), {})
    began = talk.seconds()
    for post in plain:
        talk.post(post)
    each, memory = max((talk.seconds() - began) / len(plain), 0.01), talk.memory()
    sent: dict[str, Post] = {}
    faults, slowest, wall = [], (0.0, ""), time.monotonic()
    for post in posts:
        began = talk.seconds()
        answer, page = talk.post(post)
        took = talk.seconds() - began
        slowest = max(slowest, (took, post.name))
        try:
            check(post, answer, page, sent)
            assert took < MOST_TIMES * each, (took, each)
        except AssertionError as fault:
            faults.append((post.name, answer and answer.status, str(fault)[:300]))
    print(
        f"{len(posts)} posts, a plain one {each:.3f} s, {slowest}, memory {memory} -> {talk.memory()}, in all {talk.seconds()} s, {time.monotonic() - wall} s"
    )
    assert len(talk.bodies) == len(posts) + 1
    assert not faults, "\n".join(map(str, faults))
    assert talk.memory() - memory < MOST_MEMORY
    log = talk.running.log.read_text()
    assert not re.search("Traceback|a request failed|Error|CRITICAL", log), log[-3000:]
    kept = Database(database_url)
    stored(kept, sent)
    downloads(talk, kept, sent)
    mails(kept)
    kept.close()


def check(post: Post, answer: HTTPResponse | None, page: bytes, sent: dict[str, Post]) -> None:
    """Look at an answer: in words, and with everything that was typed, unless it was stored."""
    if answer is None:
        assert post.kept is None, "it was not heard to its end"
        return
    assert answer.status < 500
    assert not answer.headers["Set-Cookie"]
    if answer.status == 303:
        found = re.match(r"(?:http://[^/]+)?/requests/(T-\w+)\?key=", answer.headers["Location"])
        assert found
        sent[answer.headers["Location"]] = post
        return
    text = html.unescape(page.decode())
    if post.path == "/uploads":
        assert answer.status == 200 or text
    elif answer.status in WORDS and WORDS[answer.status] in text:
        assert post.kept is None, "what was typed is only in the page before"
    else:
        assert answer.status in (200, 400, 422)
        assert "<h1" in text
        for name in post.kept or ():
            assert TYPED[name] in text, f"{name} is lost"


def stored(database: Database, sent: dict[str, Post]) -> None:
    with database.reading() as session:
        tickets = {ticket.reference: ticket for ticket in session.scalars(select(Ticket))}
    for location, post in sent.items():
        ticket = tickets[re.findall(r"/requests/(T-\w+)", location)[0]]
        for name in post.kept or ():
            assert getattr(ticket, name) == TYPED[name], (post.name, name)


def downloads(talk: Talk, database: Database, sent: dict[str, Post]) -> None:
    """Whatever was taken is a download of a harmless kind; a picture is nothing but a picture."""
    with database.reading() as session:
        of_ticket: dict[str, int] = dict(session.execute(select(Ticket.reference, Attachment.id).join(Attachment)).all())
        for file in session.scalars(select(Attachment)):
            if file.content_type.startswith("image/") and file.content_type != "image/heic":
                assert not RUNNING.search(file.content), file.filename
    for location, post in sent.items():
        path, _, key = location.partition("?")
        if number := of_ticket.get(path.rpartition("/")[2]):
            answer, _content = talk.get(f"{path[path.index('/requests') :]}/files/{number}?{key}")
            assert answer.status == 200, post.name
            assert answer.headers["Content-Disposition"].startswith("attachment; "), post.name
            assert (answer.headers["X-Content-Type-Options"], answer.headers["Content-Security-Policy"]) == ("nosniff", "sandbox; default-src 'none'"), (
                post.name
            )


def mails(database: Database) -> None:
    """No typed text has come into a header of a mail, or to anybody else."""
    with database.reading() as session:
        for number, kind, recipients, raw in session.execute(select(OutboxMessage.id, OutboxMessage.kind, OutboxMessage.recipients, OutboxMessage.mime)):
            message = parsed(raw)
            assert list(message.keys()) == (REQUEST_HEADERS if kind == MessageKind.REQUEST else ACKNOWLEDGEMENT_HEADERS), number
            assert "\n" not in recipients
            assert not message.defects
