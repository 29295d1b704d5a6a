"""Bytes of a posted form: read even where they are not of the encoding that the page asked for."""

import re
from io import BytesIO
from typing import IO

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

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


class FormRequest(Request):
    """A request whose form is read leniently."""

    form_data_parser_class = LenientParser
