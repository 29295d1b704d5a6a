"""Parts of an old mail: the text in it found among everything that mail programs pack around it, at a cost that is bounded."""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from webform.mailbox_charsets import decode
from webform.mailbox_heads import fields_of, head_of
from webform.mailbox_html import plain

DEEPEST = 8
MOST_PARTS = 60
MOST_OF_TEXT = 200_000
"""Bytes of a part that are read."""
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_HTML_ONLY = 30
"""Characters under which a plain text only says that the mail program cannot show the other one."""


@dataclass(slots=True)
class _Budget:
    parts: int = MOST_PARTS


@dataclass(frozen=True, slots=True)
class _Leaf:
    kind: str
    text: str


def text_of(content: bytes) -> str:
    """Give the text of a mail: what is plain in it, or else its HTML without the tags; attached files are passed over."""
    plains, pages = list[str](), list[str]()
    for leaf in _leaves(content, 0, _Budget()):
        (pages if leaf.kind == "text/html" else plains).append(leaf.text)
    text = "\n".join(part for part in plains if part.strip())
    if pages and len(text.strip()) < _HTML_ONLY:
        made = plain(max(pages, key=len))
        text = made if len(made.strip()) > len(text.strip()) else text
    return text


def _leaves(content: bytes, depth: int, budget: _Budget) -> Iterator[_Leaf]:
    if budget.parts <= 0 or depth > DEEPEST:
        return
    budget.parts -= 1
    head = head_of(content)
    fields, body = fields_of(head), content[len(head) :].lstrip(b"\r\n") if head else content
    message = _message(fields.get("content-type", b"text/plain"))
    kind, boundary = _kind(message), _parameter(message, "boundary")
    if _attached(fields):
        return
    if kind.startswith("multipart/") and boundary and kind != "multipart/report":
        for part in _split(body, boundary.encode("utf-8", "surrogateescape")):
            yield from _leaves(part, depth + 1, budget)
    elif kind == "message/rfc822" and depth == 0:
        yield from _leaves(body, depth + 1, budget)
    elif kind in {"text/plain", "text/html"} or (kind.startswith("multipart/") and depth == 0):
        yield _Leaf(kind, decode(_opened(body, fields.get("content-transfer-encoding", b"")), _parameter(message, "charset"))[0])


def _split(body: bytes, boundary: bytes) -> list[bytes]:
    """Cut a body at its boundary; what comes before the first and after the last is for programs that know no parts."""
    pieces = re.split(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(?:--)?[ \t]*(?:\r?\n|\Z)", body, maxsplit=MOST_PARTS + 1)
    return [piece if piece.strip() else b"" for piece in pieces[1 : MOST_PARTS + 1]] if len(pieces) > 1 else [body]


def _opened(body: bytes, encoding: bytes) -> bytes:
    match encoding.strip().lower():
        case b"base64":
            letters = _NOT_BASE64.sub(b"", body[: MOST_OF_TEXT * 4 // 3])
            try:
                return binascii.a2b_base64(letters[: len(letters) - (len(letters) % 4 == 1)] + b"==")
            except (binascii.Error, ValueError):
                return b""
        case b"quoted-printable":
            return quopri.decodestring(body[: MOST_OF_TEXT * 3])[:MOST_OF_TEXT]
        case _:
            return body[:MOST_OF_TEXT]


def _attached(fields: dict[str, bytes]) -> bool:
    return fields.get("content-disposition", b"").lower().lstrip().startswith(b"attachment")


def _message(kind: bytes) -> Message:
    message = Message()
    message["Content-Type"] = kind.decode("utf-8", "replace").replace("\n", " ").replace("\r", " ")[:1000]
    return message


def _kind(message: Message) -> str:
    try:
        return message.get_content_type()
    except Exception:  # noqa: BLE001 - what a hostile field does to a parser
        return "text/plain"


def _parameter(message: Message, name: str) -> str:
    try:
        value = message.get_param(name)
    except Exception:  # noqa: BLE001 - what a hostile field does to a parser
        return ""
    return str(value[2] if isinstance(value, tuple) else value or "")[:200].strip()
