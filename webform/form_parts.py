"""Parts of a posted form: werkzeug's decoder, which here reads on where a part is named in a wrong encoding or not at all."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from werkzeug.datastructures import FileStorage, Headers, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has begun: what was said of it, and where its content goes."""

    said: Field | File
    content: IO[bytes]

    def text(self, charset: str) -> str:
        """Give a field's text."""
        self.content.seek(0)
        return self.content.read().decode(charset, "replace")

    def file(self) -> FileStorage:
        """Give a file, at its beginning."""
        self.content.seek(0)
        return FileStorage(self.content, getattr(self.said, "filename", None), self.said.name, headers=self.said.headers)


class LenientDecoder(MultipartDecoder):
    """Reads the headers of a part whatever bytes stand in them: a file name in a wrong encoding takes no other field with it."""

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        return super()._parse_headers(bytes(data).decode("utf-8", "replace").encode())


class LenientParts(MultiPartParser):
    """Reads the parts of a form; one without a name is passed over."""

    def parse(self, stream: IO[bytes], boundary: bytes, content_length: int | None) -> tuple[MultiDict[str, str], MultiDict[str, FileStorage]]:
        """Read all parts.

        :raises ValueError: if the form is broken off, or no form.
        :raises RequestEntityTooLarge: if it has too many parts or too long a field.
        """
        parts: list[Part] = []
        with ExitStack() as begun:
            for event in self._events(stream, boundary):
                if isinstance(event, Data):
                    parts[-1].content.write(event.data)
                    self._bound(parts[-1])
                else:
                    into = self.start_file_streaming(event, content_length) if isinstance(event, File) else BytesIO()
                    parts.append(Part(event, begun.enter_context(closing(into))))
            begun.pop_all()
        for part in parts:
            if not part.said.name:
                part.content.close()
        named = [part for part in parts if part.said.name]
        fields = [(part.said.name, part.text(self.get_part_charset(part.said.headers))) for part in named if isinstance(part.said, Field)]
        return self.cls(fields), self.cls([(part.said.name, part.file()) for part in named if isinstance(part.said, File)])

    def _bound(self, part: Part) -> None:
        if isinstance(part.said, Field) and self.max_form_memory_size is not None and part.content.tell() > self.max_form_memory_size:
            raise RequestEntityTooLarge

    def _events(self, stream: IO[bytes], boundary: bytes) -> Iterator[Field | File | Data]:
        decoder = LenientDecoder(boundary, max_form_memory_size=self.max_form_memory_size, max_parts=self.max_form_parts)
        more = True
        while more:
            data = stream.read(self.buffer_size)
            more = bool(data)
            decoder.receive_data(data or None)
            event = decoder.next_event()
            while not isinstance(event, (Epilogue, NeedData)):
                if isinstance(event, (Field, File, Data)):
                    yield event
                event = decoder.next_event()
