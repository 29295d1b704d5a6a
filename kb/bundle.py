"""Bundles: the files of an import, in a folder, in a zip, or one alone; nothing outside of them is ever read."""

import hashlib
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from kb.import_report import Failure
from kb.sentences import Sentence

MOST_FILES = 200_000
MOST_BYTES = 200_000_000
"""Of one file."""
MOST_TOGETHER = 4_000_000_000
"""Of all files of a zip when unpacked."""
MOST_PACKED = 200
"""How many times larger than packed a file of more than a megabyte may be: texts reach about 20, bombs 1000."""
_SMALL = 1_000_000
_IGNORED = {"__MACOSX"}
_LINK = Sentence("is a symbolic link, which may lead anywhere")
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


class BundleError(Exception):
    """Files cannot be read; the message says why."""


class Bundle:
    """Files by their names, in order, as ``folder/file.md``; ``refused`` are those that are not safe to read."""

    def __init__(self, names: dict[str, str], refused: list[Failure]) -> None:
        """Take the names with a mark of each that changes with the file."""
        self._marks = dict(sorted(names.items()))
        self.names = tuple(self._marks)
        self.refused = refused
        self._known = frozenset(self.names)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is a file of this name."""
        return name in self._known

    @property
    def fingerprint(self) -> str:
        """Tell this state of the files from every other."""
        digest = hashlib.sha256()
        for name, mark in self._marks.items():
            digest.update(f"{name}\0{mark}\0".encode(errors="surrogateescape"))
        return digest.hexdigest()

    def read(self, name: str, most: int = MOST_BYTES) -> bytes:
        """Read one file.

        :raises BundleError: if it is too large or cannot be read.
        """
        try:
            content = self._read(name, most + 1)
        except _BROKEN as error:
            raise BundleError(_words(error)) from error
        if len(content) > most:
            raise BundleError(_too_large(most))
        return content

    def _read(self, name: str, most: int) -> bytes:
        raise NotImplementedError

    def with_ending(self, *endings: str) -> list[str]:
        """List the files whose names end so, in whatever case."""
        return [name for name in self.names if name.lower().endswith(endings)]


class FolderBundle(Bundle):
    """The files below a folder; a symbolic link is not followed."""

    def __init__(self, folder: Path, only: str = "") -> None:
        """Look through a folder, or at one file of it."""
        self._folder = folder
        refused: list[Failure] = []
        super().__init__(dict(_marked(folder, refused, only)), refused)

    def _read(self, name: str, most: int) -> bytes:
        handle = os.open(self._folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            return file.read(most)


class ZipBundle(Bundle):
    """The files of a zip, read one by one and never unpacked to a disk."""

    def __init__(self, path: Path) -> None:
        """Look at what a zip says is in it.

        :raises BundleError: if it is no zip.
        """
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise BundleError(Sentence("is not a zip that can be read: %(fault)s", fault=_words(error))) from error
        refused: list[Failure] = []
        self._members: dict[str, zipfile.ZipInfo] = {}
        together = 0
        for member in self._zip.infolist()[: MOST_FILES + 1]:
            if member.is_dir() or _is_hidden(member.filename):
                continue
            together += member.file_size
            if reason := _unsafe(member) or (Sentence("is one file too many") if len(self._members) >= MOST_FILES or together > MOST_TOGETHER else ""):
                refused.append(Failure.because(_shown(member.filename), reason))
            elif member.filename in self._members:
                refused.append(Failure.because(_shown(member.filename), Sentence("is there twice")))
            else:
                self._members[member.filename] = member
        super().__init__({name: f"{member.CRC} {member.file_size}" for name, member in self._members.items()}, refused)

    def _read(self, name: str, most: int) -> bytes:
        with self._zip.open(self._members[name]) as file:
            return file.read(most)


def open_bundle(path: Path) -> Bundle:
    """Open a folder, a zip, or one file; the pictures that one file names are looked for beside it.

    :raises BundleError: if there is nothing to read.
    """
    if path.is_dir():
        return FolderBundle(path)
    if not path.is_file():
        raise BundleError("No such file or directory")
    return ZipBundle(path) if path.suffix.lower() == ".zip" else FolderBundle(path.parent, path.name)


def _marked(folder: Path, refused: list[Failure], only: str) -> Iterator[tuple[str, str]]:
    for place, folders, files in os.walk(folder):
        relative = Path(place).relative_to(folder)
        linked = [name for name in sorted(folders) if (Path(place) / name).is_symlink() and not name.startswith(".") and not only]
        refused += [Failure.because(_shown((relative / name).as_posix()), _LINK) for name in linked]
        folders[:] = [] if only else sorted(name for name in folders if not name.startswith(".") and name not in _IGNORED)
        for name in files:
            if name.startswith(".") or (only and name != only):
                continue
            file = (relative / name).as_posix()
            known = (Path(place) / name).lstat()
            if reason := _unreadable(known.st_mode):
                refused.append(Failure.because(_shown(file), reason))
            else:
                yield file, f"{known.st_size} {known.st_mtime_ns}"


def _unreadable(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return _LINK
    return "" if stat.S_ISREG(mode) else Sentence("is not a file")


def _unsafe(member: zipfile.ZipInfo) -> str:
    parts = PurePosixPath(member.filename).parts
    if member.filename.startswith("/") or ".." in parts or "\\" in member.filename or ":" in parts[0]:
        return Sentence("leads out of the zip")
    if stat.S_ISLNK(member.external_attr >> 16):
        return _LINK
    if member.flag_bits & 1:
        return Sentence("is encrypted")
    if member.file_size > max(_SMALL, MOST_PACKED * max(1, member.compress_size)):
        return Sentence("is packed more densely than any text or picture")
    return ""


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") and part != ".." for part in parts) or bool(_IGNORED.intersection(parts))


def _shown(name: str) -> str:
    return name.encode(errors="replace").decode()[:300]


def _words(error: Exception) -> str:
    return (getattr(error, "strerror", "") or str(error) or type(error).__name__)[:200]


def _too_large(most: int) -> Sentence:
    return Sentence("is larger than %(size)s MB", size=most // 1_000_000) if most >= 1_000_000 else Sentence("is larger than %(size)s kB", size=most // 1_000)
