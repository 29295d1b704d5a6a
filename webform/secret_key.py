"""The secret key: made at the first start, readable by its owner only."""

import os
import secrets
from pathlib import Path


def secret_key(folder: Path) -> str:
    """Give the installation's own key, making it when there is none.

    Two processes that start at once agree: the file is created exclusively and whoever comes second reads it.
    """
    path = folder / "secret_key"
    folder.mkdir(parents=True, exist_ok=True)
    candidate = folder / f"secret_key.{os.getpid()}"
    if not path.exists():
        with os.fdopen(os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(candidate, path)
        except FileExistsError:
            pass
        finally:
            candidate.unlink()
    return path.read_text("ascii").strip()
