"""The mailer: what hands one message over, and the words in which it tells how that went.

There are two: :class:`webform.smtp_mailer.SmtpMailer` speaks to a server, :class:`webform.mail_folder.MailFolder`
writes files where no server was named.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Parcel:
    """One stored message with its envelope and what it is called."""

    reference: str
    kind: str
    sender: str
    recipients: tuple[str, ...]
    mime: bytes
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a recipient did not get a message, and whether asking again may help."""

    permanent: bool
    words: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message: everybody who is not refused has it."""

    words: str = ""
    refused: Mapping[str, Refusal] = field(default_factory=dict)

    @classmethod
    def none(cls, parcel: Parcel, refusal: Refusal) -> "Receipt":
        """Tell that nobody got the message, all for the same reason."""
        return cls(refusal.words, dict.fromkeys(parcel.recipients, refusal))


class Unreachable(Exception):
    """No message can be handed over at the moment, whatever it is: no connection, no TLS, no sign-in. Passes by itself or by a person."""


class Mailer(Protocol):
    """Hands messages over, one at a time; what it opens for that it keeps until it is closed."""

    def send(self, parcel: Parcel) -> Receipt:
        """Hand a message over.

        :raises Unreachable: if nothing was tried with this message.
        """

    def close(self) -> None:
        """Let go of what was opened; the next message opens it again."""


def clean(words: str) -> str:
    """Make a server's words fit to keep and to show: one line, bounded, printable."""
    printable = "".join(character if character.isprintable() else " " for character in words)
    line = " ".join(printable.split())
    return line if len(line) <= MOST_WORDS else line[: MOST_WORDS - 1] + "…"
