"""Parts of picture files: what draws the picture is told from what is only said about it, without decoding anything."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_PARTS = 200_000
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"}
_WEBP_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_WEBP_HAS_EXIF, _WEBP_HAS_XMP = 0x08, 0x04
_LOOPS = {b"NETSCAPE2.0", b"ANIMEXTS1.0"}
_MARKER = re.compile(rb"\xff+([^\xff])")
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SOS, _EOI, _APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_EXIF = b"Exif\0\0"


class PartsBroken(ValueError):
    """A file ends too early, or is no picture of its kind."""


@dataclass(slots=True)
class Parts:
    """A picture by its parts: those that draw it, the largest drawing in it, what it said of itself, and whether it moves."""

    kept: list[bytes] = field(default_factory=list)
    width: int = 0
    height: int = 0
    exif: bytes = b""
    moves: bool = False

    def measure(self, width: int, height: int) -> None:
        """Note the size of a drawing."""
        self.width, self.height = max(self.width, width), max(self.height, height)


def take_apart(content: bytes, content_type: str) -> Parts:
    """Take a picture apart, in time and memory that grow with its bytes and not with its pixels.

    :param content_type: one of PNG, JPEG, GIF and WebP.
    :raises PartsBroken: if it is no whole picture of that kind.
    """
    try:
        parts = {"image/png": _png, "image/jpeg": _jpeg, "image/gif": _gif, "image/webp": _webp}[content_type](content)
    except (IndexError, struct.error) as fault:
        raise PartsBroken from fault
    if not parts.width or not parts.height:
        raise PartsBroken
    return parts


def _png(content: bytes) -> Parts:
    parts, place = Parts([PNG_SIGNATURE]), len(PNG_SIGNATURE)
    for _number in range(MOST_PARTS):
        length, name = struct.unpack_from(">I4s", content, place)
        chunk = content[place : place + 12 + length]
        if len(chunk) < 12 + length or (place == len(PNG_SIGNATURE)) != (name == b"IHDR"):
            raise PartsBroken
        place += len(chunk)
        if name in (b"IHDR", b"fcTL"):
            parts.measure(*struct.unpack_from(">II", chunk, 8 if name == b"IHDR" else 12))
        parts.moves = parts.moves or name == b"acTL"
        if name == b"eXIf":
            parts.exif = chunk[8:-4]
        if name in _PNG_CHUNKS:
            parts.kept.append(chunk)
        if name == b"IEND":
            return parts
    raise PartsBroken


def _jpeg(content: bytes) -> Parts:
    parts, place = Parts([b"\xff\xd8"]), 2
    for _number in range(MOST_PARTS):
        found = _MARKER.match(content, place)
        if found is None:
            raise PartsBroken
        marker, place = found[1][0], found.end()
        if marker == _EOI:
            parts.kept.append(b"\xff\xd9")
            return parts
        end = place + struct.unpack_from(">H", content, place)[0]
        body = content[place:end]
        if end > len(content) or len(body) < 2:
            raise PartsBroken
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", body, 3)
            parts.measure(width, height)
        if marker == _APP1 and body[2:8] == _EXIF:
            parts.exif = parts.exif or body[8:]
        parts.kept.append(_segment(marker, body))
        place = end
        if marker == _SOS:
            scan = _AFTER_SCAN.search(content, place)
            if scan is None:
                raise PartsBroken
            parts.kept.append(content[place : scan.start()])
            place = scan.start()
    raise PartsBroken


def _segment(marker: int, body: bytes) -> bytes:
    """Give a segment if it draws: of what applications add, only the mark of the format without its small copy, and what tells colours."""
    if marker == _APP0:
        return b"\xff\xe0\0\x10" + body[2:14] + b"\0\0" if body[2:7] == b"JFIF\0" and len(body) >= 16 else b""
    colours = (marker == _APP2 and body[2:14] == b"ICC_PROFILE\0") or (marker == _APP14 and body[2:7] == b"Adobe")
    if (_APP0 <= marker <= _APP15 and not colours) or marker == _COMMENT:
        return b""
    return bytes((0xFF, marker)) + body


def _gif(content: bytes) -> Parts:
    width, height, flags = struct.unpack_from("<HHB", content, 6)
    place = 13 + _colours(flags)
    parts, frames = Parts([content[:place]]), 0
    parts.measure(width, height)
    room = iter(range(MOST_PARTS * 5))
    while True:
        kind, start = content[place], place
        if kind == 0x3B:
            parts.kept.append(b"\x3b")
            parts.moves = frames > 1
            return parts
        if kind == 0x2C:
            left, top, wide, high, flags = struct.unpack_from("<HHHHB", content, place + 1)
            parts.measure(left + wide, top + high)
            place, frames, kept = _behind_blocks(content, place + 11 + _colours(flags), room), frames + 1, True
        elif kind == 0x21:
            label = content[place + 1]
            kept = label == 0xF9 or (label == 0xFF and content[place + 3 : place + 14] in _LOOPS)
            place = _behind_blocks(content, place + 2, room)
        else:
            raise PartsBroken
        if kept:
            parts.kept.append(content[start:place])


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _behind_blocks(content: bytes, place: int, room: Iterator[int]) -> int:
    """Find the end of a row of blocks, each led by its length; ``room`` is how many a whole file may have."""
    while length := content[place]:
        if next(room, None) is None:
            raise PartsBroken
        place += 1 + length
    return place + 1


def _webp(content: bytes) -> Parts:
    parts, place, end = Parts(), 12, struct.unpack_from("<I", content, 4)[0] + 8
    if end > len(content):
        raise PartsBroken
    while place + 8 <= end and len(parts.kept) < MOST_PARTS:
        name, length = struct.unpack_from("<4sI", content, place)
        chunk = content[place : place + 8 + length + length % 2]
        if place + 8 + length > end:
            raise PartsBroken
        place += len(chunk)
        _measure_webp(parts, name, chunk)
        if name == b"EXIF":
            parts.exif = chunk[8 : 8 + length].removeprefix(_EXIF)
        if name == b"VP8X":
            chunk = chunk[:8] + bytes((chunk[8] & ~(_WEBP_HAS_EXIF | _WEBP_HAS_XMP),)) + chunk[9:]
        if name in _WEBP_CHUNKS:
            parts.kept.append(chunk + b"\0" * (len(chunk) % 2))
    body = b"".join(parts.kept)
    parts.kept = [b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP", body]
    return parts


def _measure_webp(parts: Parts, name: bytes, chunk: bytes) -> None:
    if name == b"VP8X":
        parts.measure(1 + int.from_bytes(chunk[12:15], "little"), 1 + int.from_bytes(chunk[15:18], "little"))
    elif name == b"VP8L":
        bits = struct.unpack_from("<I", chunk, 9)[0]
        parts.measure(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    elif name == b"VP8 ":
        width, height = struct.unpack_from("<HH", chunk, 14)
        parts.measure(width & 0x3FFF, height & 0x3FFF)
    elif name == b"ANMF":
        parts.moves = True
        parts.measure(1 + int.from_bytes(chunk[14:17], "little"), 1 + int.from_bytes(chunk[17:20], "little"))
