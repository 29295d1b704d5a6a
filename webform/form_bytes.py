"""Bytes of a posted form: read even where they are not of the encoding that the page asked for, or are more than will be kept."""

import re
from dataclasses import dataclass
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

from webform.form_parts import LenientParts

IN_MEMORY = 500 * 1024
URLENCODED = "application/x-www-form-urlencoded"
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


def escaped(body: bytes) -> bytes:
    """Give a form's body as it is if it is UTF-8; else with every other byte written as ``%F6``, as a browser would have."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], body)
    return body


class LenientParser(FormDataParser):
    """Keeps every field of a form in a wrong encoding, where otherwise one such byte empties all of them."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        """Parse a form; its size is bounded by the stream."""
        if mimetype == URLENCODED:
            stream = BytesIO(escaped(stream.read()))
        return super().parse(stream, mimetype, content_length, options)

    def _parse_multipart(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        boundary = options.get("boundary", "").encode("ascii")
        if not boundary:
            raise ValueError("Missing boundary")
        parts = LenientParts(
            stream_factory=self.stream_factory, max_form_memory_size=self.max_form_memory_size, max_form_parts=self.max_form_parts, cls=self.cls
        )
        return stream, *parts.parse(stream, boundary, content_length)


@dataclass(slots=True)
class Room:
    """How many bytes of files a post may still bring: ``left`` in all, ``each`` in one file."""

    left: int
    each: int


class BoundedFile(SpooledTemporaryFile[bytes]):
    """A file of a post, read to its end and kept while there is room; of one that is too large nothing is kept, and ``is_cut`` says so."""

    def __init__(self, room: Room) -> None:
        """Begin an empty file."""
        super().__init__(max_size=IN_MEMORY, mode="rb+")
        self._room, self._size, self.is_cut = room, 0, False

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Keep more of it, or give its room to the files that come."""
        if self.is_cut or self._size + len(data) > min(self._room.each, self._room.left + self._size):
            self._room.left += self._size
            self._size, self.is_cut = 0, True
            self.seek(0)
            self.truncate()
            return len(data)
        self._room.left -= len(data)
        self._size += len(data)
        return super().write(data)


class FormRequest(Request):
    """A request whose form is read leniently; with a ``room`` files beyond it are passed over, where otherwise the form is refused unread."""

    form_data_parser_class = LenientParser
    room: Room | None = None

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None, content_length: int | None = None
    ) -> IO[bytes]:
        if self.room is None:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        return cast("IO[bytes]", BoundedFile(self.room))
