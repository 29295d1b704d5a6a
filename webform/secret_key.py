"""The secret key: made at the first start, readable by its owner only."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def secret_key(folder: Path) -> str:
    """Give the installation's own key, making it when there is none.

    Two processes that start at once agree: the file gets its name in one step and whoever comes second reads it.
    """
    path = folder / "secret_key"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        handle, candidate = tempfile.mkstemp(dir=folder)  # Only its owner may read such a file.
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(candidate, path)
        Path(candidate).unlink()
    return path.read_text("ascii").strip()
