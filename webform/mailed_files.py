"""Mailed files: which files of a request go inside the team's mail, and which as links because it would become too large."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from webform.attachments import Attachment, Scan
from webform.terms import Terms


@dataclass(frozen=True, slots=True)
class MailedFile:
    """A file as a mail names it; ``url`` gives it until ``until`` where the mail does not carry it: too large for it, or held."""

    file: Attachment
    url: str = ""
    until: datetime | None = None

    @property
    def filename(self) -> str:
        """Its name."""
        return self.file.filename

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self.file.size

    @property
    def held(self) -> bool:
        """Whether it waits for the scanner."""
        return self.file.scan == Scan.WAITING

    @property
    def infected(self) -> bool:
        """Whether a virus was found in it, so that it has no content any more."""
        return self.file.scan == Scan.INFECTED

    def facts(self) -> dict[str, object]:
        """Say for a program what it is and where; ``url`` is nothing for one that the mail carries."""
        until = self.until.isoformat() if self.until else None
        return {"name": self.filename, "type": self.file.content_type, "bytes": self.size, "url": self.url or None, "until": until, "held": self.held}


def divide(files: Sequence[Attachment], terms: Terms, now: datetime) -> list[MailedFile]:
    """Tell of each file, in its order, whether it goes inside: each that there is still room for does, unless it is held."""
    room, mailed = terms.mail_bytes, []
    for file in files:
        if file.scan == Scan.INFECTED:
            mailed.append(MailedFile(file))
        elif file.size <= room and not file.scan:
            room -= file.size
            mailed.append(MailedFile(file))
        else:
            mailed.append(MailedFile(file, terms.links.file(terms.tokens.file_key(file.id)), now + timedelta(days=terms.file_days)))
    return mailed


def put_inside(message: EmailMessage, files: Sequence[MailedFile]) -> None:
    """Attach the files that go inside."""
    for mailed in files:
        if not mailed.url and not mailed.infected:
            maintype, _slash, subtype = mailed.file.content_type.partition("/")
            message.add_attachment(mailed.file.content, maintype=maintype, subtype=subtype, filename=mailed.filename)
