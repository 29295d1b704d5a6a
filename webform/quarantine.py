"""Quarantine: files that came while the scanner for viruses could not be asked, held until it has looked at them."""

import logging
import time

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kb.database import Database
from webform import virus_scan
from webform.attachments import Attachment, Scan
from webform.virus_scan import Verdict

SECONDS_BETWEEN_TRIES = 60.0
SECONDS_TO_ANSWER = 5.0
AT_ONCE = 20
log = logging.getLogger(__name__)


def any_held(session: Session) -> bool:
    """Tell whether a file waits for the scanner."""
    return session.scalar(select(Attachment.id).where(Attachment.scan == Scan.WAITING).limit(1)) is not None


class Warden:
    """Asks the scanner again, a minute after it was silent, about the files that wait."""

    def __init__(self, database: Database, address: str) -> None:
        """Take what it works with.

        :param address: where clamd listens; where none is asked any more, the files are let go as they are.
        """
        self._database, self._address = database, address
        self._tried_at = float("-inf")

    def look(self) -> int:
        """Let the scanner look at files that wait.

        :return: about how many there is a verdict now.
        :raises sqlalchemy.exc.DBAPIError: if the database cannot be used.
        """
        if time.monotonic() - self._tried_at < SECONDS_BETWEEN_TRIES:
            return 0
        judged = 0
        for number in self._waiting():
            verdict = self._verdict(number)
            if verdict is Verdict.SILENT:
                self._tried_at = time.monotonic()
                break
            with self._database.writing() as session:
                settle(session, number, verdict)
            judged += 1
        return judged

    def _waiting(self) -> list[int]:
        with self._database.reading() as session:
            return list(session.scalars(select(Attachment.id).where(Attachment.scan == Scan.WAITING).order_by(Attachment.id).limit(AT_ONCE)))

    def _verdict(self, number: int) -> Verdict:
        """Ask outside of any transaction; the mail waits meanwhile, so not for long."""
        if not self._address:
            return Verdict.CLEAN
        with self._database.reading() as session:
            content = session.scalar(select(Attachment.content).where(Attachment.id == number)) or b""
        return virus_scan.scan(self._address, content, SECONDS_TO_ANSWER)


def settle(session: Session, number: int, verdict: Verdict) -> None:
    """Let a file go, or take out what is in it; that it was there, its request goes on telling."""
    found = update(Attachment).where(Attachment.id == number, Attachment.scan == Scan.WAITING)
    if verdict is Verdict.CLEAN:
        session.execute(found.values(scan=Scan.DONE.value))
    elif verdict is Verdict.INFECTED:
        session.execute(found.values(scan=Scan.INFECTED.value, content=b""))
        log.warning("a virus was found in a file that waited; it was deleted", extra={"file": number})
