"""File contents: what the files of a folder hold, read once as long as nobody writes to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kb.shelf import Mark, mark


@dataclass(frozen=True, slots=True)
class FileContent:
    """The content of a file that never changes once it is written, and the state in which it was read."""

    mark: Mark
    content: bytes


def read_folder(folder: Path, before: Mapping[str, FileContent]) -> dict[str, FileContent]:
    """Read the files of a folder.

    :param before: files that were read already, perhaps from another folder into which they are linked: they are not read again.
    """
    found = {}
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        state, known = mark(path), before.get(path.name)
        found[path.name] = known if known and known.mark == state else FileContent(state, path.read_bytes())
    return found
