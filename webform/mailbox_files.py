"""Mailboxes as files: the mails of an mbox, a Maildir, a folder of ``.eml`` or a table, one after the other, however large it is."""

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from webform.mailbox_tables import TABLES, rows

MOST_OF_MAIL = 512 * 1024
"""Bytes of a mail that are read; what comes after them are attached files."""
LONGEST_LINE = 64 * 1024
MBOXES = (".mbox", ".mbx")
MAIL = ".eml"
UPLOADS = (*MBOXES, MAIL, *TABLES)

Progress = Callable[[int, int], None]

# What a new mail of an mbox begins with: its sender and a moment, or what mail programs write instead.
_BEGIN = re.compile(rb"From (?:- |\S*\s?.{0,200}\d\d?:\d\d)")
_QUOTED_BEGIN = re.compile(rb"(?m)^>(>*From )")
_IN_MAILDIR = {"cur", "new"}


class MailboxError(Exception):
    """A file or folder is no mailbox; the message says why."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it stands in a mailbox, not longer than `MOST_OF_MAIL`; ``envelope`` is the line that begins it in an mbox."""

    content: bytes
    envelope: bytes = b""


class Mailbox:
    """A mailbox that can be read as often as needed, each time in the same order; at no time more than a mail of it is in memory."""

    def __init__(self, path: Path) -> None:
        """Look what it is.

        :raises MailboxError: if there is nothing, or it is none.
        """
        self._path = path
        try:
            self._files = [path] if path.is_file() else list(_walk(path))
        except OSError as error:
            raise MailboxError(f"cannot be opened ({error.strerror})") from error
        if not self._files:
            raise MailboxError("has no mail in it: give an mbox, a Maildir, a folder of .eml files, or a .csv")
        if path.is_file() and path.suffix.lower() not in (*TABLES, MAIL):
            _look(path)

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.lstat().st_size for file in self._files)

    @property
    def fingerprint(self) -> str:
        """Tell it from every other, and from itself after a change."""
        facts = [str(self._path.resolve()), str(len(self._files)), str(self.size), str(max(file.lstat().st_mtime_ns for file in self._files))]
        return sha256("\0".join(facts).encode(errors="surrogateescape")).hexdigest()

    def letters(self, progress: Progress = lambda _done, _all: None) -> Iterator[Letter]:
        """Read every mail.

        :param progress: told now and then how many bytes were read, of how many.
        """
        done, whole = 0, self.size
        for file in self._files:
            for letter, reached in _letters(file):
                progress(done + reached, whole)
                yield letter
            done += file.lstat().st_size
        progress(whole, whole)


def _letters(file: Path) -> Iterator[tuple[Letter, int]]:
    """Give the mails of a file, each with how many bytes of it were read by then; one that cannot be read is a mail without content."""
    suffix = file.suffix.lower()
    try:
        if suffix in TABLES:
            yield from ((Letter(row), reached) for row, reached in rows(file))
        elif suffix == MAIL or file.parent.name in _IN_MAILDIR:
            with file.open("rb") as opened:
                yield Letter(opened.read(MOST_OF_MAIL)), 0
        else:
            yield from _of_mbox(file)
    except OSError:
        yield Letter(b""), 0


def _of_mbox(file: Path) -> Iterator[tuple[Letter, int]]:
    envelope, lines, size, blank, reached = b"", list[bytes](), 0, True, 0
    with file.open("rb", buffering=1 << 20) as opened:
        while line := opened.readline(LONGEST_LINE):
            reached += len(line)
            if blank and line.startswith(b"From ") and _BEGIN.match(line):
                if lines or envelope:
                    yield _joined(envelope, lines), reached
                envelope, lines, size = line.rstrip(), [], 0
            elif size < MOST_OF_MAIL:
                lines.append(line)
                size += len(line)
            blank = line in (b"\n", b"\r\n")
    if lines or envelope:
        yield _joined(envelope, lines), reached


def _joined(envelope: bytes, lines: list[bytes]) -> Letter:
    return Letter(_QUOTED_BEGIN.sub(rb"\1", b"".join(lines)), envelope)


def _walk(folder: Path) -> Iterator[Path]:
    """Find the files of a folder that hold mail, always in the same order; what leads out of it is left alone."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "tmp")
        for name in sorted(names):
            file = Path(place) / name
            fits = file.parent.name in _IN_MAILDIR or file.suffix.lower() in UPLOADS
            if fits and not name.startswith(".") and stat.S_ISREG(file.lstat().st_mode):
                yield file


def _look(file: Path) -> None:
    with file.open("rb") as opened:
        first = opened.read(1024).lstrip(b"\xef\xbb\xbf\r\n")
    if not first.startswith(b"From "):
        raise MailboxError("is no mailbox: an mbox begins with “From ”; a single mail ends in .eml, a table in .csv")
