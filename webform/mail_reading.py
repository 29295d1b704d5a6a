"""Reading a stored mail again: as text, HTML, JSON and raw, to be shown to staff."""

import json
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file in a mail."""

    filename: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as its reader sees it: what a part would have held is empty when it has none.

    :ivar headers: decoded, in their order.
    :ivar html: as it was composed; to be shown only where no script can run.
    :ivar json: indented, as a person reads it.
    :ivar raw: exactly what goes over the line.
    """

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    json: str
    attachments: tuple[Enclosure, ...]
    raw: str


def read(mime: bytes) -> Letter:
    """Take a mail apart; whatever is wrong with one, it is shown as far as it can be read."""
    message = message_from_bytes(mime, policy=default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    files = [part for part in parts if part.get_content_disposition() == "attachment"]
    bodies = [part for part in parts if part.get_content_disposition() != "attachment"]
    return Letter(
        headers=tuple((name, _one_line(value)) for name, value in message.items()),
        text=_first(bodies, "text/plain"),
        html=_first(bodies, "text/html"),
        json=_indented(_first(parts, "application/json")),
        attachments=tuple(Enclosure(part.get_filename() or "", part.get_content_type(), len(_bytes(part))) for part in files),
        raw=mime.decode("utf-8", "replace"),
    )


def _first(parts: list[EmailMessage], content_type: str) -> str:
    part = next((part for part in parts if part.get_content_type() == content_type), None)
    if part is None:
        return ""
    try:
        text = _bytes(part).decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # A character set that nobody knows.
        text = _bytes(part).decode("utf-8", "replace")
    return text.replace("\r\n", "\n")


def _bytes(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return text


def _one_line(value: object) -> str:
    return " ".join(str(value).split())
