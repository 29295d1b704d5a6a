"""The mail folder: where messages go while no SMTP server is named, one ``.eml`` file each."""

import os
from hashlib import sha256
from pathlib import Path

from webform.mailer import Parcel, Receipt, Refusal, clean
from webform.outbox import ABOUT


class MailFolder:
    """Hands messages over by writing them down; any mail program opens the files."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when the first message comes."""
        self._folder = folder

    def send(self, parcel: Parcel) -> Receipt:
        """Write a message down, aside and then renamed: a file with its name is complete.

        The same message has the same name, so that a repeat after a crash replaces it.
        """
        # Several people may be told the same at the same moment; the messages about one ticket have different kinds.
        which = "" if parcel.kind not in ABOUT else f"-{sha256(parcel.mime).hexdigest()[:8]}"
        name = f"{parcel.created_at:%Y-%m-%dT%H%M%SZ}-{parcel.reference}-{parcel.kind}{which}.eml"
        try:
            self._write(name, parcel.mime)
        except OSError as error:
            return Receipt.none(parcel, Refusal(False, clean(f"The file could not be written: {error.strerror or type(error).__name__}")))
        return Receipt(f"Written to {self._folder.name}/{name}")

    def close(self) -> None:
        """Nothing is kept open."""

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = self._folder / f".{name}.{os.getpid()}"
        try:
            # Customers' words are in it, so nobody else on the machine may read it.
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self._folder / name)
        finally:
            aside.unlink(missing_ok=True)
        self._settle()

    def _settle(self) -> None:
        """Make the new name outlive a power cut, where folders can be synchronised."""
        if hasattr(os, "O_DIRECTORY"):
            folder = os.open(self._folder, os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
