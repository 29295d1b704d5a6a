"""The shelf: directories of generations on disk, one of them current, whatever is killed or damaged.

A generation is built aside, forced to disk and made current by renaming one small file. Its ``manifest.json`` lists the
checksum of every file, so that damage is seen before anything is believed. Everything here can be deleted at any time.
"""

import fcntl
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from kb.thesaurus import thesaurus_mark

CURRENT, MANIFEST, LOCK, LESSON_LOCK, BUILDER_LOCK = "CURRENT", "manifest.json", "build.lock", "lesson.lock", "builder.lock"
KEPT = 3
FORMAT = 14
_BUILDING, _READY = "building-", "generation-"

MOST_CHECKED = 10_000

Stamp = tuple[tuple[str, int, int], ...]
Mark = tuple[int, int, int, int]


class Damaged(Exception):
    """A generation on disk is missing or is not what was written."""


class Shelf:
    """The folder of generations of one node."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when the first generation is."""
        self.folder = folder

    @contextmanager
    def locked(self, *, wait: bool, name: str = LOCK) -> Iterator[bool]:
        """Be the only builder of this node; the kernel gives the lock back when a process dies.

        :param name: which lock: of the shelf itself, or of the lesson, which is learned before it is put there.
        :return: False if another one is building and waiting was not wanted.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        with (self.folder / name).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True

    def is_attended(self) -> bool:
        """Tell whether a process of this node does nothing but build, so that those who answer need not."""
        try:
            with (self.folder / BUILDER_LOCK).open("r") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def current(self) -> Path:
        """Name the directory of the current generation.

        :raises Damaged: if there is none.
        """
        try:
            name = (self.folder / CURRENT).read_text("ascii").strip()
        except (OSError, ValueError) as error:
            raise Damaged("no generation is current") from error
        if not name.startswith(_READY) or "/" in name or not (self.folder / name).is_dir():
            raise Damaged("the current generation is missing")
        return self.folder / name

    def begin(self) -> Path:
        """Make an empty directory to build in; only under the lock. What killed builders left is removed."""
        for left in self.folder.glob(f"{_BUILDING}*"):
            shutil.rmtree(left, ignore_errors=True)
        aside = self.folder / f"{_BUILDING}{uuid4().hex[:12]}"
        aside.mkdir(mode=0o700, parents=True)
        return aside

    def publish(self, aside: Path, facts: dict[str, Any]) -> Path:
        """Make what was built aside the current generation.

        :param facts: what the manifest says besides the checksums.
        """
        files = {str(path.relative_to(aside)): _checksum(path) for path in sorted(aside.rglob("*")) if path.is_file()}
        (aside / MANIFEST).write_text(json.dumps({"format": _kind(), "files": files, **facts}), "utf-8")
        for path in aside.rglob("*"):
            _sync(path)
        _sync(aside)
        ready = aside.with_name(aside.name.replace(_BUILDING, _READY))
        aside.rename(ready)
        fresh = self.folder / f"{CURRENT}.tmp"
        fresh.write_text(ready.name, "ascii")
        _sync(fresh)
        fresh.replace(self.folder / CURRENT)
        _sync(self.folder)
        self._forget_old(ready)
        return ready

    def stamp(self) -> Stamp:
        """Tell the state of the current generation's files: it changes when one is replaced, damaged or deleted."""
        try:
            current = self.current()
            paths = [self.folder / CURRENT, *sorted(path for path in current.rglob("*") if path.is_file())]
            return tuple((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths)
        except (OSError, Damaged):
            return ()

    def _forget_old(self, ready: Path) -> None:
        others = sorted((path for path in self.folder.glob(f"{_READY}*") if path != ready), key=_age)
        for path in others[KEPT - 1 :]:
            shutil.rmtree(path, ignore_errors=True)


def _kind() -> str:
    """Tell what a generation has to be to be read: in today's format, and analysed with today's thesaurus."""
    return f"{FORMAT}.{thesaurus_mark():08x}"


def read_manifest(generation: Path) -> dict[str, Any]:
    """Read what a generation says of itself, and check every file it names.

    :raises Damaged: if anything is missing or differs.
    """
    try:
        manifest = json.loads((generation / MANIFEST).read_text("utf-8"))
        if manifest["format"] != _kind():
            raise Damaged("another version wrote this generation")
        for name, checksum in manifest["files"].items():
            if _checksum(generation / name) != checksum:
                raise Damaged(f"{name} is not what was written")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(f"a generation cannot be read ({type(error).__name__})") from error
    return dict(manifest)


def adopt(source: Path, target: Path) -> None:
    """Take files that never change over into another generation, without copying their content."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in source.iterdir():
        if path.is_file():
            try:
                os.link(path, target / path.name)
            except OSError:
                shutil.copyfile(path, target / path.name)


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0


def mark(path: Path) -> Mark:
    """Tell one state of a file from every other; a file that is linked into the next generation keeps its mark."""
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


_checked: dict[Mark, int] = {}


def _checksum(path: Path) -> int:
    """Work out the checksum of a file, once as long as nobody writes to it."""
    known = mark(path)
    if (value := _checked.get(known)) is not None:
        return value
    value = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            value = zlib.crc32(block, value)
    if len(_checked) >= MOST_CHECKED:
        _checked.clear()
    _checked[known] = value
    return value


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
