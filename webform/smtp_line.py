"""The line to an SMTP server: the standard library's client, which never waits longer than it was given.

The time-out of a socket starts anew with each byte, so a server that sends one byte a second would hold its client
for ever. Here every wait is also bounded by a deadline for the whole exchange.
"""

import io
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from functools import cache

CHUNK = 16 * 1024  # What one TLS record holds: each piece is one write, which the socket bounds as a whole.
SECONDS_TO_PART = 2.0


class Line(smtplib.SMTP):
    """A connection to a server, which remembers what became of the last message.

    ``words`` is the last answer to the text of a message, ``refused`` what the server said about those recipients that
    it did not take, and ``told`` whether it was given the text at all.
    """

    def __init__(self, host: str, port: int, *, timeout: float, seconds: float, tls: ssl.SSLContext | None = None) -> None:
        """Connect and hear the greeting.

        :param timeout: seconds to wait for each sign of life.
        :param seconds: for all of it, until :meth:`grant` gives more.
        :param tls: how to speak TLS from the first byte; None does not.
        :raises OSError: if there is no connection in time, or no greeting.
        """
        self.words = ""
        self.refused: dict[str, tuple[int, bytes]] = {}
        self.told = False
        self._tls = tls
        self.grant(seconds)
        super().__init__(host, port, local_hostname=_own_name(), timeout=timeout)

    def grant(self, seconds: float) -> None:
        """Set the deadline, from now on."""
        self._deadline = time.monotonic() + seconds

    def hurry(self) -> socket.socket:
        """Give the socket, with no more time than there is.

        :raises TimeoutError: if there is none left.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        self.sock.settimeout(min(self.timeout, left))
        return self.sock

    def send(self, s: object) -> None:
        """Send in pieces, each within the time that is left."""
        view = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)  # type: ignore[arg-type]
        for start in range(0, len(view), CHUNK):
            try:
                self.hurry()
            except TimeoutError as error:
                self.close()
                raise smtplib.SMTPServerDisconnected("timed out while sending") from error
            super().send(view[start : start + CHUNK])

    def getreply(self) -> tuple[int, bytes]:
        """Hear an answer within the time that is left."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Replies(self))
        return super().getreply()

    def sendmail(self, *args: object, **kwargs: object) -> dict[str, tuple[int, bytes]]:
        """Hand a message over, and keep who was refused: Flask-Mail throws it away."""
        self.words, self.refused, self.told = "", {}, False
        self.refused = super().sendmail(*args, **kwargs)  # type: ignore[arg-type]
        return self.refused

    def data(self, msg: object) -> tuple[int, bytes]:
        """Give the text of a message, and keep the answer."""
        self.told = True
        code, words = super().data(msg)  # type: ignore[arg-type]
        self.words = f"{code} {words.decode('utf-8', 'replace')}"
        return code, words

    def part(self) -> None:
        """Say goodbye. What was accepted is accepted, so nothing that happens here matters."""
        self.grant(SECONDS_TO_PART)
        with suppress(OSError):
            self.quit()
        self.close()

    def starttls(self, *, context: ssl.SSLContext) -> tuple[int, bytes]:  # type: ignore[override]
        """Go over to TLS.

        :raises smtplib.SMTPNotSupportedError: if the server has none: there is no falling back.
        :raises ssl.SSLCertVerificationError: if the server is not who it should be.
        """
        return super().starttls(context=context)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        left = max(0.001, self._deadline - time.monotonic())
        connected = socket.create_connection((host, port), min(timeout, left))
        return self._tls.wrap_socket(connected, server_hostname=host) if self._tls else connected


class _Replies(io.RawIOBase):
    """What a server says, as a file that is read against the deadline."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        return self._line.hurry().recv_into(buffer)


@cache
def _own_name() -> str:
    """Look up this machine's name once: where name servers are down, each look-up takes seconds."""
    return socket.getfqdn()
