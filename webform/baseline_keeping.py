"""Carrying out baselines: a thread of the worker that reads the mail which somebody sent on the page, and asks what is left to ask."""

import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from kb.attendance import attending
from kb.database import Database
from kb.suggest import Suggester
from webform import baselines
from webform.baseline_runs import Clock, Run
from webform.baselines import Baseline, Stage
from webform.mailbox_files import Mailbox, MailboxError

LOOK_SECONDS = 1.5


class Keeping:
    """Does one baseline after another, a batch at a time; one of a worker that was killed goes on where it was."""

    def __init__(self, database: Database, suggester: Suggester, clock: Clock, name: str) -> None:
        """Take what it works with.

        :param name: one that no other process has.
        """
        self._database, self._suggester, self._clock, self._name = database, suggester, clock, name
        self._run: Run | None = None
        self._stopped = False

    def attempt(self) -> bool:
        """Do a baseline, if one is to be done.

        :return: whether there was one.
        """
        with self._database.writing() as session:
            found = baselines.claim(session, self._name, self._clock(session))
            content = found.content if found is not None and found.stage == Stage.READING else b""
        if found is None or self._stopped:
            return False
        self._run = Run(self._database, self._clock, self._name)
        if found.stage == Stage.ASKING or self._read(self._run, found, content):
            self._run.ask(found.id, self._suggester)
        return True

    def stop(self) -> None:
        """End after the batch in hand."""
        self._stopped = True
        if self._run is not None:
            self._run.stop()

    def leave(self) -> None:
        """Give back what is not done, so that another goes on at once."""
        with self._database.writing() as session:
            baselines.release(session, self._name)

    def _read(self, run: Run, found: Baseline, content: bytes) -> bool:
        """Read mail from a file that is there only so long."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"mail{Path(found.name).suffix.lower()}"
            path.write_bytes(content)
            try:
                mailbox = Mailbox(path)
            except MailboxError as error:
                with self._database.writing() as session:
                    baselines.close(session, found.id, self._name, Stage.FAILED, self._clock(session), fault=str(error))
                return False
            return run.read(found, mailbox)


def attend(database: Database, suggester: Suggester, clock: Clock, name: str) -> AbstractContextManager[None]:
    """Carry out baselines beside what else this process does; one that failed is tried again when its lease is over."""
    keeping = Keeping(database, suggester, clock, name)
    return attending("baselines", lambda _stopped: keeping.attempt(), every=LOOK_SECONDS, trouble="no baseline", stop=keeping.stop, leave=keeping.leave)
