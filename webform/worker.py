"""The worker: a process that empties the outbox, tidies up, and otherwise sleeps."""

import logging
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from kb import import_jobs, pictures
from kb.voices import forget_speakers
from webform import attachments, baselines
from webform.deliveries import Courier, Tally, deliver_due
from webform.rounds import Rounds

SECONDS_BETWEEN_LOOKS = 0.5
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 60.0
SECONDS_BETWEEN_TIDYING = 600.0
log = logging.getLogger(__name__)


def new_name() -> str:
    """Make a name for a worker that no other has, on this machine or another."""
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"


def is_orphan(parent: int) -> bool:
    """Tell whether the process that started this one is gone; never when it does not matter (0)."""
    return parent != 0 and os.getppid() != parent


class Worker:
    """Looks twice a second whether something is due: one indexed query, which costs next to nothing.

    It stops when told to by a signal, after the message in hand, and when the process that started it is gone.
    """

    def __init__(self, courier: Courier, *, rounds: Rounds | None = None, parent: int = 0) -> None:
        """Take what it works with.

        :param rounds: what is to be done on time beside sending mail.
        :param parent: id of the process without which it must not go on; 0 for none.
        """
        self._courier = courier
        self._rounds = rounds
        self._parent = parent
        # A plain flag: a signal may come at any moment, even while an Event's own lock is held.
        self._stopped = False
        self._tidied_at = 0.0
        self._troubles = 0

    def run(self, *, said: Callable[[str], None]) -> None:
        """Work until a signal stops it.

        :param said: told each fact worth a line.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        said(f"worker {self._courier.name} waits for mail")
        self.work(said)
        said(f"worker {self._courier.name} has stopped")

    def work(self, said: Callable[[str], None]) -> None:
        """Work until told to stop."""
        while not self.is_stopping():
            until = time.monotonic() + self._look(said)
            while not self.is_stopping() and (left := until - time.monotonic()) > 0:
                time.sleep(min(left, SECONDS_BETWEEN_LOOKS))

    def stop(self, *_: object) -> None:
        """Ask it to stop after the message in hand."""
        self._stopped = True

    def is_stopping(self) -> bool:
        """Tell whether it should begin nothing more."""
        if is_orphan(self._parent):
            self._stopped = True
        return self._stopped

    def _look(self, said: Callable[[str], None]) -> float:
        """Do what there is to do.

        :return: seconds until the next look. Trouble that concerns every message makes them longer, up to a minute.
        """
        try:
            tally = deliver_due(self._courier, stop=self.is_stopping)
            for fact in self._rounds.run() if self._rounds else ():
                said(fact)
            self._tidy()
        except DBAPIError as error:
            log.error("the database cannot be used", extra={"fault": type(error).__name__})
            return self._pause()
        if facts := in_words(tally):
            said(facts)
        if tally.unreachable:
            return self._pause()
        self._troubles = 0
        return SECONDS_BETWEEN_LOOKS

    def _pause(self) -> float:
        self._troubles += 1
        return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._troubles - 1, 10))

    def _tidy(self) -> None:
        """Remove, now and then, the files that nobody sent and the pictures that no text shows, and forget where old examples came from."""
        if self._tidied_at and time.monotonic() - self._tidied_at < SECONDS_BETWEEN_TIDYING:
            return
        self._tidied_at = time.monotonic()
        with self._courier.database.writing() as session:
            now = self._courier.clock(session)
            attachments.expire(session, now)
            forget_speakers(session, now)
            import_jobs.prune(session, now)
            baselines.prune(session, now)
        pictures.prune(self._courier.database, now)


def in_words(tally: Tally) -> str:
    """Put a pass in words; nothing if it did nothing."""
    counts = [f"{number} {word}" for number, word in ((tally.sent, "sent"), (tally.retried, "to be tried again"), (tally.failed, "failed")) if number]
    facts = ", ".join(counts)
    return f"{facts}; the mail server cannot be used: {tally.unreachable}" if tally.unreachable else facts
