"""Chunks of picture files: whether there is anything in a file but the picture."""

import struct
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_WEBP_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
_SOI, _EOI, _SOS, _APP0 = 0xD8, 0xD9, 0xDA, 0xE0
# Tables, frames and scans; of what applications may add, only the mark of the format itself.
_JPEG_SEGMENTS = {_APP0, 0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDD, _SOS}
_STUFFING = {0x00, *range(0xD0, 0xD8)}
_JFIF_LENGTH = 16


def is_bare(content: bytes) -> bool:
    """Tell whether a PNG, JPEG or WebP file has only what draws it: no metadata, no comment, nothing behind its end."""
    try:
        if content.startswith(_PNG):
            names = list(_png(content))
            return names[-1] == b"IEND" and set(names) <= _PNG_CHUNKS
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return struct.unpack_from("<I", content, 4)[0] + 8 == len(content) and set(_webp(content)) <= _WEBP_CHUNKS
        return content.startswith(b"\xff\xd8") and _is_bare_jpeg(content)
    except (IndexError, struct.error):
        return False


def _png(content: bytes) -> Iterator[bytes]:
    place = len(_PNG)
    while place < len(content):
        length, name = struct.unpack_from(">I4s", content, place)
        place += 12 + length
        if place > len(content):
            raise IndexError
        yield name


def _webp(content: bytes) -> Iterator[bytes]:
    place = 12
    while place < len(content):
        name, length = struct.unpack_from("<4sI", content, place)
        place += 8 + length + length % 2
        if place > len(content):
            raise IndexError
        yield name


def _is_bare_jpeg(content: bytes) -> bool:
    place = 2
    while True:
        if content[place] != 0xFF:
            return False
        marker = content[place + 1]
        if marker == _EOI:
            return place + 2 == len(content)
        length = struct.unpack_from(">H", content, place + 2)[0]
        if marker not in _JPEG_SEGMENTS or (marker == _APP0 and length != _JFIF_LENGTH):
            return False
        place += 2 + length
        if marker == _SOS:
            place = _end_of_scan(content, place)


def _end_of_scan(content: bytes, place: int) -> int:
    while True:
        place = content.find(b"\xff", place)
        if place < 0:
            raise IndexError
        if content[place + 1] not in _STUFFING:
            return place
        place += 2
