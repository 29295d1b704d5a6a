"""Kinds of files: which ones customers may attach, told by what is in them and not by what they are called."""

import re
from dataclasses import dataclass

import puremagic

from webform.lines import one_line

NAME_LETTERS = 100
LOOKED_AT = 64 * 1024

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MARKUP = re.compile(rb"\s*(<\?xml|<!--|<!doctype|<(svg|html|head|body|script|iframe|math|xsl:))", re.IGNORECASE)
_ENDING = re.compile(r"\w{1,10}")
_UNNAMEABLE = re.compile(r'[<>:"/\\|?*]')


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is accepted: the endings a name may have, the first one where it has another."""

    content_type: str
    endings: tuple[str, ...]


PNG = FileKind("image/png", ("png",))
JPEG = FileKind("image/jpeg", ("jpg", "jpeg"))
GIF = FileKind("image/gif", ("gif",))
WEBP = FileKind("image/webp", ("webp",))
HEIC = FileKind("image/heic", ("heic", "heif"))
PDF = FileKind("application/pdf", ("pdf",))
ZIP = FileKind("application/zip", ("zip",))
TEXT = FileKind("text/plain", ("txt", "log"))
CSV = FileKind("text/csv", ("csv",))
DOCX = FileKind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
XLSX = FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
ODT = FileKind("application/vnd.oasis.opendocument.text", ("odt",))
ODS = FileKind("application/vnd.oasis.opendocument.spreadsheet", ("ods",))

KINDS = (PNG, JPEG, GIF, WEBP, HEIC, PDF, ZIP, TEXT, CSV, DOCX, XLSX, ODT, ODS)
ENDINGS = tuple(ending for kind in KINDS for ending in kind.endings)
OFFERED = ",".join(f".{ending}" for kind in KINDS if kind is not HEIC for ending in kind.endings)
"""What a browser offers to choose. A phone that keeps photographs as HEIC then gives them as JPEG, which everybody can open."""
_BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings}
_BY_TYPE = {kind.content_type: kind for kind in (PNG, JPEG, GIF, WEBP, PDF)}
_ZIPPED = (ZIP, DOCX, XLSX, ODT, ODS)
_WRITTEN = (TEXT, CSV)


def tell(filename: str, content: bytes) -> FileKind | None:
    """Tell what a file is, or nothing if its kind is not accepted.

    A name with an ending that is not accepted is refused whatever is in the file. A picture under another picture's
    ending is what it is. Packed documents share one signature; there the ending chooses, and nothing is unpacked.
    """
    ending = _ending(filename)
    named = _BY_ENDING.get(ending)
    if ending and named is None:
        return None
    head = content[:LOOKED_AT]
    if head.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return named if named in _ZIPPED else None
    if head[4:8] == b"ftyp":
        return HEIC if head[8:12] in _HEIC_BRANDS else None
    if kind := _by_magic(head):
        return kind
    return named if named in _WRITTEN and _is_text(head) else None


def clean_name(filename: str, kind: FileKind) -> str:
    """Make a file name that is safe to save and to show: its last part, visible characters, an ending that is true."""
    last = one_line(re.split(r"[/\\]", filename)[-1], 10 * NAME_LETTERS)
    last = _UNNAMEABLE.sub("_", last).strip(" .")
    stem, _, ending = last.rpartition(".")
    if not stem or ending.lower() not in kind.endings:
        stem, ending = last or "file", kind.endings[0]
    return f"{stem[:NAME_LETTERS].rstrip(' .') or 'file'}.{ending.lower()}"


def _ending(filename: str) -> str:
    last = one_line(re.split(r"[/\\]", filename)[-1], 10 * NAME_LETTERS).strip(" .")
    ending = last.rpartition(".")[2].lower() if "." in last else ""
    return ending if _ENDING.fullmatch(ending) else ""


def _by_magic(head: bytes) -> FileKind | None:
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    return _BY_TYPE.get(found[0].mime_type) if found else None


def _is_text(head: bytes) -> bool:
    """Tell writing in any encoding from other bytes; pages and drawings that a browser would run are no text here."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    head = head.removeprefix(b"\xef\xbb\xbf")
    controls = sum(byte < 32 and byte not in b"\t\n\r\x0c\x1b" for byte in head)
    return b"\0" not in head and controls <= len(head) // 100 and not _MARKUP.match(head)
