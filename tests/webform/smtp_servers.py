"""Real SMTP servers for tests: one that behaves as told, and bare sockets that say whatever a test lets them say."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

CERTIFICATE = Path(__file__).parent / "certificates" / "localhost.pem"
KEY = CERTIFICATE.with_suffix(".key")
OK = "250 2.0.0 Ok: queued as 4XY"


@dataclass(frozen=True)
class Received:
    sender: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass
class Sink:
    """Takes every mail, unless told otherwise: ``at_rcpt`` and ``at_data`` give an answer, or nothing to accept."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    at_mail: Callable[[str], str] = lambda sender: ""
    at_rcpt: Callable[[str], str] = lambda address: ""
    at_data: Callable[[bytes, SMTP], str] = lambda content, server: ""

    async def handle_EHLO(self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]) -> list[str]:  # noqa: N802
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if answer := self.at_mail(address):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if answer := self.at_rcpt(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if answer := self.at_data(envelope.original_content, server):
            return answer
        self.received.append(Received(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.original_content))
        return OK


@contextmanager
def serve(sink: Sink, *, tls: bool = False, password: str = "") -> Iterator[Sink]:
    """Run a sink on a free port of this machine."""
    options: dict[str, Any] = {"enable_SMTPUTF8": False, "decode_data": False}
    if tls:
        options["tls_context"] = server_context()
    if password:
        options |= {"authenticator": _checks(password), "auth_require_tls": False}
    sink.port = free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, **options)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def _checks(password: str) -> Callable[..., AuthResult]:
    def authenticate(server: SMTP, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password == password.encode()
        return AuthResult(success=right, handled=False)

    return authenticate


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    return context


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve_raw(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """Run a server that talks to each connection as a function says, and give its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    talks: list[threading.Thread] = []
    open_sockets: list[socket.socket] = []

    def converse(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            talk(connection)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            open_sockets.append(connection)
            talks.append(threading.Thread(target=converse, args=(connection,), daemon=True))
            talks[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in open_sockets:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in [accepting, *talks]:
            thread.join(5)


def answer(connection: socket.socket, *replies: bytes) -> None:
    """Greet, then give one answer for each command, reading the text after a 354 up to its dot."""
    file = connection.makefile("rb")
    connection.sendall(b"220 raw\r\n")
    for reply in replies:
        file.readline()
        connection.sendall(reply)
        if reply.startswith(b"354"):
            while file.readline() not in (b".\r\n", b""):
                pass
