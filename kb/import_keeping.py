"""Carrying out import jobs: a thread of the worker, beside the mail; a job of a worker that was killed is gone on with by another."""

import os
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from kb import import_jobs
from kb.attendance import attending
from kb.bundle import BundleError, open_bundle
from kb.database import Database
from kb.import_formats import Format
from kb.import_jobs import ImportJob, Stage
from kb.import_report import Failure, Report
from kb.imports import Import

LOOK_SECONDS = 1.0
Clock = Callable[[Session], datetime]


class Keeping:
    """Does one job after another, a batch at a time."""

    def __init__(self, database: Database, clock: Clock, name: str) -> None:
        """Take what it works with.

        :param name: one that no other process has.
        """
        self._database, self._clock, self._name = database, clock, name
        self._stopped = False

    def attempt(self) -> bool:
        """Do a job, if one is to be done.

        :return: whether there was one.
        """
        with self._database.writing() as session:
            job = import_jobs.claim(session, self._name, self._clock(session))
            content = job.content if job is not None else b""
        if job is None:
            return False
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"export{Path(job.name).suffix.lower()}"
            path.write_bytes(content)
            # The same bytes are the same import, whenever they are written: it goes on where it was.
            os.utime(path, (job.created_at.timestamp(), job.created_at.timestamp()))
            self._carry_out(job, path)
        return True

    def stop(self) -> None:
        """End after the batch in hand."""
        self._stopped = True

    def _carry_out(self, job: ImportJob, path: Path) -> None:
        checking = job.stage == Stage.CHECKING
        chosen = Format(job.kind) if job.kind else None
        try:
            work = Import(self._database, open_bundle(path), kind=chosen, language=job.language, dry_run=checking, author=job.author, name=job.name)
        except BundleError as error:
            report = Report()
            report.refuse(Failure.because(job.name, error))
            self._close(job, Stage.FAILED, report, job.kind)
            return
        complete = False
        try:
            complete = self._step_through(job, work)
        finally:
            with self._database.reading() as session:
                now = self._clock(session)
            work.finish(now, complete=complete)
        if complete:
            self._close(job, Stage.CHECKED if checking else Stage.DONE, work.report, work.kind)

    def _step_through(self, job: ImportJob, work: Import) -> bool:
        while not self._stopped:
            with self._database.writing() as session:
                now = self._clock(session)
                if not import_jobs.keep_going(session, job.id, self._name, now, position=work.position, total=work.total, report=work.report):
                    return False
            if not work.step(now):
                return True
        return False

    def _close(self, job: ImportJob, stage: Stage, report: Report, kind: str) -> None:
        with self._database.writing() as session:
            import_jobs.close(session, job.id, self._name, stage, report, kind, self._clock(session))

    def leave(self) -> None:
        """Give back what is not done, so that another goes on at once."""
        with self._database.writing() as session:
            import_jobs.release(session, self._name)


def attend(database: Database, clock: Clock, name: str) -> AbstractContextManager[None]:
    """Carry out import jobs beside what else this process does; a job that failed is tried again when its lease is over."""
    keeping = Keeping(database, clock, name)
    return attending("imports", lambda _stopped: keeping.attempt(), every=LOOK_SECONDS, trouble="no import", stop=keeping.stop, leave=keeping.leave)
