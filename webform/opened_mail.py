"""Opened mail: a stored message as its reader sees it."""

from base64 import b64encode
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

SHOWN_HEADERS = ("From", "Reply-To", "To", "Date", "Subject")
LONGEST_SOURCE = 200_000


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """What is in a message; parts that it does not have are empty."""

    headers: list[tuple[str, str]]
    subject: str
    text: str
    html: str
    json: str
    files: list[str]
    source: str
    is_cut: bool


def open_mail(mime: bytes) -> OpenedMail:
    """Read a message.

    ``source`` is what goes over the line, cut after 200,000 characters: attached files make it long.
    """
    message = message_from_bytes(mime, policy=policy.default)
    attached = list(message.iter_attachments()) if message.is_multipart() else []
    documents = [part for part in attached if part.get_content_type() == "application/json"]
    source = mime[:LONGEST_SOURCE].decode("ascii", "replace")
    return OpenedMail(
        headers=[(name, str(message[name])) for name in SHOWN_HEADERS if message[name] is not None],
        subject=str(message["Subject"] or ""),
        text=_words(message, "plain"),
        html=_with_pictures(message, _words(message, "html")),
        json=_bytes(documents[0]).decode("utf-8", "replace") if documents else "",
        files=[part.get_filename() or part.get_content_type() for part in attached],
        source=source.replace("\r\n", "\n"),
        is_cut=len(mime) > LONGEST_SOURCE,
    )


def _words(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else _bytes(part).decode(part.get_content_charset("utf-8"), "replace").replace("\r\n", "\n")


def _with_pictures(message: EmailMessage, html: str) -> str:
    """Put the pictures that came along where the page names them: a frame can open no other part of a mail."""
    for part in message.walk() if "cid:" in html else ():
        name = str(part["Content-ID"] or "").strip().strip("<>")
        if name and part.get_content_type() == "image/png":
            html = html.replace(f'"cid:{name}"', f'"data:image/png;base64,{b64encode(_bytes(part)).decode()}"')
    return html


def _bytes(part: object) -> bytes:
    content = cast("EmailMessage", part).get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
