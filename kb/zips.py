"""Zips written while they are read: one file after another, whatever the whole comes to."""

import io
import zipfile
from collections.abc import Iterable, Iterator

from kb.outgoing import File

_DAY = (1980, 1, 1, 0, 0, 0)
"""The same files are the same zip, whenever it is made."""
_PACKED_ALREADY = (".png", ".jpg", ".webp")


class _Pipe(io.RawIOBase):
    """Keeps what is written until it is taken; nobody can go back in it."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        self._waiting += memoryview(part)  # type: ignore[arg-type]
        return len(memoryview(part))  # type: ignore[arg-type]

    def take(self) -> bytes:
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken


def zipped(files: Iterable[File]) -> Iterator[bytes]:
    """Give a zip in parts, one or more for each file."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            entry = zipfile.ZipInfo(file.name, _DAY)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, file.content, zipfile.ZIP_STORED if file.name.endswith(_PACKED_ALREADY) else zipfile.ZIP_DEFLATED)
            yield pipe.take()
    yield pipe.take()
