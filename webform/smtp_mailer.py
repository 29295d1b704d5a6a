"""The SMTP mailer: Flask-Mail's settings, connection and signal, with the gaps of its release 0.10.0 closed.

Flask-Mail reads the ``MAIL_…`` settings, opens and keeps the connection, checks envelopes and tells its signal
``email_dispatched``. What it lacks stands here: certificates are checked, every wait ends, nothing falls back to plain
text, refused recipients are kept, a lost goodbye after the server has accepted is no failure. Messages are not composed
by it: the stored bytes go out as they are.
"""

import re
import smtplib
import ssl
from collections.abc import Mapping
from email import charset
from typing import Any

import flask_mail
from flask import Flask

from webform.mailer import Parcel, Receipt, Refusal, Unreachable, clean
from webform.smtp_line import Line

# Importing Flask-Mail changes, for the whole process, how the standard library encodes UTF-8 for servers of seven bits:
# it then fails where it worked before. This is how it was.
charset.add_charset("utf-8", charset.SHORTEST, charset.BASE64, "utf-8")

# Refused for want of a sign-in or of TLS: the fault of the settings, which a person mends, and not of the message.
OURS_TO_MEND = {530, 534, 535, 538}
LONE_BREAK = re.compile(rb"\r(?!\n)|(?<!\r)\n")
ADDRESS = re.compile(r"[!-~]+@[!-~]+")
TIMES_THE_TIMEOUT = 2


def seconds_for_one(config: Mapping[str, Any]) -> float:
    """Tell how long one message may take at most, from connecting to the last answer."""
    return float(TIMES_THE_TIMEOUT * config["MAIL_TIMEOUT_SECONDS"])


class StoredMessage(flask_mail.Message):  # type: ignore[misc]
    """A message that was composed and stored long ago, as Flask-Mail wants to see one."""

    def __init__(self, parcel: Parcel) -> None:
        """Wrap the stored bytes; an empty envelope sender stays empty."""
        super().__init__(recipients=list(parcel.recipients), sender=parcel.sender or "<>")
        self._mime = parcel.mime

    def as_bytes(self) -> bytes:
        """Give the stored bytes."""
        return self._mime

    def has_bad_headers(self) -> bool:
        """Tell whether a server could read this as anything but one message to these addresses."""
        senders = [] if self.sender == "<>" else [self.sender]
        return not all(ADDRESS.fullmatch(address) for address in [*self.recipients, *senders]) or LONE_BREAK.search(self._mime) is not None


class SafeConnection(flask_mail.Connection):  # type: ignore[misc]
    """A connection that knows whom it speaks to, and when to stop waiting."""

    def __init__(self, mail: Any, *, timeout: float) -> None:
        """Take the settings that Flask-Mail has read."""
        super().__init__(mail)
        self._timeout = timeout

    def configure_host(self) -> Line:
        """Connect, secure and sign in, within the time for one message.

        :raises OSError: if any of it fails; there is no going on without.
        """
        mail = self.mail
        context = ssl.create_default_context()
        seconds = TIMES_THE_TIMEOUT * self._timeout
        line = Line(mail.server, mail.port, timeout=self._timeout, seconds=seconds, tls=context if mail.use_ssl else None)
        try:
            line.ehlo_or_helo_if_needed()
            if mail.use_tls and not mail.use_ssl:
                line.starttls(context=context)
                line.ehlo_or_helo_if_needed()
            if mail.username:
                line.login(mail.username, mail.password or "")
        except BaseException:
            line.close()
            raise
        return line

    def __exit__(self, *_: object) -> None:
        """Part; what was accepted stays accepted."""
        if self.host is not None:
            self.host.part()


class SafeMail(flask_mail.Mail):  # type: ignore[misc]
    """Flask-Mail that opens safe connections, whatever debugging or testing says."""

    def init_mail(self, config: Mapping[str, Any], *_: object, **__: object) -> Any:
        """Read the settings; debugging would print what customers wrote, and testing would send nothing."""
        self._timeout = float(config["MAIL_TIMEOUT_SECONDS"])
        return super().init_mail(config, debug=False, testing=False)

    def connect(self) -> SafeConnection:
        """Make a connection, not yet open."""
        return SafeConnection(self.state, timeout=self._timeout)


class SmtpMailer:
    """Hands messages to the SMTP server of the settings, many over one connection."""

    def __init__(self, app: Flask) -> None:
        """Read the settings; nothing is connected yet."""
        self._app = app
        self._mail = SafeMail(app)
        self._connection: SafeConnection | None = None
        self._seconds = seconds_for_one(app.config)

    def send(self, parcel: Parcel) -> Receipt:
        """Hand a message over.

        :raises webform.mailer.Unreachable: if the server cannot be talked to, or not as the settings demand.
        """
        reused = self._connection is not None
        try:
            return self._handed_over(parcel)
        except _Broken as broken:
            if not (reused and broken.before_the_text):
                return broken.receipt
        # A server may end a connection that has carried enough; that says nothing about the next message.
        try:
            return self._handed_over(parcel)
        except _Broken as broken:
            return broken.receipt

    def close(self) -> None:
        """Part from the server, if there is a connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.__exit__(None, None, None)

    def _opened(self) -> SafeConnection:
        if self._connection is not None:
            self._connection.host.grant(self._seconds)
            return self._connection
        connection = self._mail.connect()
        try:
            connection.__enter__()
        except smtplib.SMTPResponseException as error:
            raise Unreachable(clean(_words(error.smtp_code, error.smtp_error))) from error
        except (OSError, ValueError) as error:
            raise Unreachable(clean(str(error) or type(error).__name__)) from error
        self._connection = connection
        return connection

    def _handed_over(self, parcel: Parcel) -> Receipt:
        connection = self._opened()
        line: Line = connection.host
        try:
            with self._app.app_context():
                connection.send(StoredMessage(parcel))
        except smtplib.SMTPRecipientsRefused as error:
            raise self._broken(line, _nobody(parcel, error.recipients)) from error
        except smtplib.SMTPResponseException as error:
            raise self._broken(line, Receipt.none(parcel, _refusal(error.smtp_code, error.smtp_error))) from error
        except OSError as error:
            raise self._broken(line, Receipt.none(parcel, Refusal(False, clean(str(error) or type(error).__name__)))) from error
        except (flask_mail.BadHeaderError, ValueError):
            return Receipt.none(parcel, Refusal(True, "Not sent: the stored message or its envelope is not fit for SMTP."))
        return Receipt(clean(line.words), {address: _refusal(*answer) for address, answer in line.refused.items()})

    def _broken(self, line: Line, receipt: Receipt) -> "_Broken":
        dropped = line.sock is None and not line.told
        self.close()
        return _Broken(receipt, before_the_text=dropped)


class _Broken(Exception):
    """Nobody got a message, and its connection is not used again."""

    def __init__(self, receipt: Receipt, *, before_the_text: bool) -> None:
        super().__init__(receipt.words)
        self.receipt = receipt
        self.before_the_text = before_the_text


def _nobody(parcel: Parcel, answers: Mapping[str, tuple[int, bytes]]) -> Receipt:
    """Tell that nobody got it: some were refused, and for others the server had no ear any more."""
    refused = {address: _refusal(*answer) for address, answer in answers.items()}
    unheard = Refusal(False, next(iter(refused.values())).words if refused else "")
    return Receipt(unheard.words, {address: refused.get(address, unheard) for address in parcel.recipients})


def _refusal(code: int, words: bytes | str) -> Refusal:
    return Refusal(500 <= code < 600 and code not in OURS_TO_MEND, clean(_words(code, words)))


def _words(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
