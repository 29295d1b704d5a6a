"""Heads of old mails: who wrote when about what, in answer to what; read from bytes that may be anything."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import blake2b

from webform.mailbox_charsets import decode
from webform.mailbox_files import Letter

MOST_OF_HEAD = 64 * 1024
MOST_OF_FIELD = 4000
MOST_FIELDS = 300
MOST_PARENTS = 60
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"^([!-9;-~]{1,80})[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.MULTILINE)
_FOLD = re.compile(rb"\r?\n[ \t]+")
_ID = re.compile(rb"<([^<>\s]{1,300})>")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
_PREFIX = re.compile(
    r"^\s*(?:\[[^\]]{0,40}\]\s*)*(?:(?:re|aw|antw|sv|vs|odp|fwd?|fw|wg|tr|ответ|отв|на|пересл|回复|回覆|答复|答覆|转发|轉寄)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*)",
    re.IGNORECASE,
)
_MARK = re.compile(r"\[[^\]]{1,40}\]|\(#?\w*\d{3,}\)|#\d{3,}")
_DAYS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%m/%d/%Y %H:%M")


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a mail says.

    ``key`` and ``parents`` are numbers that stand for the Message-IDs of it and of the mails it answers; ``fields`` are its fields
    by their small-lettered names, each as the first of that name stands there, unfolded.
    """

    fields: Mapping[str, bytes]
    key: int
    parents: tuple[int, ...]
    sender: str
    name: str
    to: tuple[str, ...]
    subject: str
    sent_at: datetime | None

    @property
    def replies(self) -> bool:
        """Whether it says of itself that it answers another."""
        return bool(self.parents) or bool(_PREFIX.match(self.subject))

    @property
    def topic(self) -> str:
        """The subject without what mail programs put in front of it."""
        return bare(self.subject)


def read(letter: Letter, now: datetime) -> Head:
    """Read the head of a mail; whatever is wrong with it, something comes of it.

    :param now: a mail from later than a day after it has no date.
    """
    fields = fields_of(head_of(letter.content))
    named = _people(fields.get("from", b"") or fields.get("sender", b""))
    name, sender = named[0] if named else ("", "")
    written = _ID.search(fields.get("message-id", b""))
    key = number_of(written[1]) if written else number_of(letter.content[:MOST_OF_HEAD])
    answered = [*_ID.findall(fields.get("references", b""))[-MOST_PARENTS:], *_ID.findall(fields.get("in-reply-to", b""))]
    to = tuple(address for _, address in _people(fields.get("to", b"") + b"," + fields.get("cc", b"")))
    parents = tuple(dict.fromkeys(number for number in map(number_of, answered) if number != key))
    return Head(fields, key, parents, sender, name, to, words(fields.get("subject", b""))[:500], _moment(fields, letter.envelope, now))


def head_of(content: bytes) -> bytes:
    """Give the bytes of a mail, or of a part of one, that come before its text."""
    if content.startswith((b"\n", b"\r\n")):
        return b""
    end = _END.search(content, 0, MOST_OF_HEAD)
    return content[: end.start()] if end else content[:MOST_OF_HEAD]


def fields_of(head: bytes) -> dict[str, bytes]:
    """Read the fields of a head."""
    found: dict[str, bytes] = {}
    for count, field in enumerate(_FIELD.finditer(head)):
        if count >= MOST_FIELDS:
            break
        found.setdefault(field[1].decode("ascii").lower(), _FOLD.sub(b" ", field[2])[:MOST_OF_FIELD].strip())
    return found


def words(field: bytes) -> str:
    """Read what a field says, encoded words and bare bytes alike."""
    text = decode(field, "")[0]
    if "=?" in text:
        with suppress(ValueError, LookupError, ArithmeticError, HeaderParseError):  # Half an encoded word is read as it stands.
            text = "".join(decode(piece, charset or "")[0] if isinstance(piece, bytes) else piece for piece, charset in decode_header(text))
    return " ".join(text.replace("\0", "").split())


def bare(subject: str) -> str:
    """Take from a subject what mail programs and ticket systems put in front of it or into it."""
    for _ in range(8):
        shorter = _PREFIX.sub("", subject, count=1)
        if shorter == subject:
            break
        subject = shorter
    return " ".join(_MARK.sub(" ", subject).split())


def number_of(*words: bytes | str) -> int:
    """Give a number of 64 bits that stands for some words."""
    joined = b"\0".join(word if isinstance(word, bytes) else word.encode(errors="replace") for word in words)
    return int.from_bytes(blake2b(joined, digest_size=8).digest(), "big", signed=True)


def is_of(address: str, ours: Iterable[str]) -> bool:
    """Tell whether an address is one of ours.

    :param ours: addresses and domains, in small letters; a domain means those under it too.
    """
    domain = address.rpartition("@")[2]
    return any(address == mine or domain == mine or domain.endswith(f".{mine}") for mine in ours if mine) and bool(address)


def _people(field: bytes) -> list[tuple[str, str]]:
    text = words(field[:2000])
    try:
        found = [(name, address.lower()) for name, address in getaddresses([text]) if "@" in address]
    except Exception:  # noqa: BLE001 - what a hostile field does to a parser
        found = []
    if not found and (bare_address := _ADDRESS.search(text)):
        found = [(text[: bare_address.start()].strip(" <\"'"), bare_address[0].lower().rstrip("."))]
    return [(name[:200], address[:255]) for name, address in found[:50]]


def _moment(fields: Mapping[str, bytes], envelope: bytes, now: datetime) -> datetime | None:
    """Tell when a mail was sent: by itself, by who received it, or by the mailbox."""
    received = fields.get("received", b"").rpartition(b";")[2]
    for said in (fields.get("date", b""), received, envelope.partition(b" ")[2].partition(b" ")[2]):
        found = _parsed(said.decode("ascii", "replace").strip()[:100])
        if found is not None and _EARLIEST <= found <= now + timedelta(days=1):
            return found
    return None


def _parsed(text: str) -> datetime | None:
    if not text:
        return None
    found = None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        for attempt in (datetime.fromisoformat, *(_reader(form) for form in _DAYS)):
            try:
                found = attempt(text)
                break
            except (ValueError, OverflowError):
                continue
    try:
        return None if found is None else found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _reader(form: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, form)  # noqa: DTZ007 - what has no zone is taken to be in UTC
