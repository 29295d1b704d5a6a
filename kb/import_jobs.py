"""Import jobs: exports that somebody sent on the page, looked through first, and brought in by a worker when that was confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, LargeBinary, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from kb import jobs
from kb.import_report import Report
from kb.jobs import LEASE as LEASE
from kb.jobs import Job

MOST_BYTES = 50_000_000
ENDINGS = (".zip", ".json", ".jsonl", ".html", ".htm", ".md")
KEPT = timedelta(days=30)
FORGOTTEN = timedelta(days=2)
"""After which an export that nobody has confirmed is given up."""
_LISTED = 30


class Stage(StrEnum):
    """How far a job is."""

    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"


WORKED_ON = (Stage.CHECKING, Stage.IMPORTING)


class ImportJob(Job):
    """One export; its bytes go when it is done."""

    __tablename__ = "import_job"

    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    size: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20), default="")
    language: Mapped[str] = mapped_column(String(16))
    report: Mapped[dict[str, object]] = mapped_column(JSON)

    @property
    def told(self) -> Report:
        """What the look or the import has come to so far."""
        return Report.of(self.report)


@dataclass(frozen=True, slots=True)
class Export:
    """What somebody sent."""

    name: str
    content: bytes
    kind: str
    language: str


def submit(session: Session, export: Export, author: str, now: datetime) -> ImportJob:
    """Take an export, to be looked through by a worker."""
    job = ImportJob(name=export.name, content=export.content, size=len(export.content), kind=export.kind, language=export.language, author=author)
    job.stage, job.report, job.created_at, job.touched_at = Stage.CHECKING, Report().plain(), now, now
    session.add(job)
    session.flush()
    return job


def decide(session: Session, number: int, stage: Stage, now: datetime) -> bool:
    """Confirm what was looked through, or give it up.

    :param stage: ``IMPORTING`` or ``DISCARDED``.
    :return: whether there was anything to decide; not if somebody else was faster.
    """
    values: dict[str, object] = {"stage": stage, "position": 0, "touched_at": now}
    if stage is Stage.IMPORTING:
        values["report"] = Report().plain()
    else:
        values["content"] = b""
    found = session.execute(update(ImportJob).where(ImportJob.id == number, ImportJob.stage == Stage.CHECKED).values(values).returning(ImportJob.id))
    return found.first() is not None


def find(session: Session, number: int) -> ImportJob | None:
    """Find a job, without its bytes."""
    return session.get(ImportJob, number)


def latest(session: Session) -> Sequence[ImportJob]:
    """List the last jobs, the newest first."""
    return session.scalars(select(ImportJob).order_by(ImportJob.id.desc()).limit(_LISTED)).all()


def claim(session: Session, worker: str, now: datetime) -> ImportJob | None:
    """Take the oldest job that is nobody's, for a while."""
    return jobs.claim(session, ImportJob, ImportJob.stage.in_(WORKED_ON), worker, now)


def keep_going(session: Session, number: int, worker: str, now: datetime, *, position: int, total: int, report: Report) -> bool:
    """Note how far a job is, and keep it for another while.

    :return: whether it is still this worker's.
    """
    return jobs.keep_going(session, ImportJob, number, worker, now, position=position, total=total, report=report.plain())


def close(session: Session, number: int, worker: str, stage: Stage, report: Report, kind: str, now: datetime) -> None:
    """End a step of a job; only one that waits to be confirmed keeps its bytes."""
    values: dict[str, object] = {} if stage is Stage.CHECKED else {"content": b""}
    jobs.close(session, ImportJob, number, worker, now, stage=stage, report=report.plain(), kind=kind, **values)


def release(session: Session, worker: str) -> None:
    """Give back what a worker that ends has claimed."""
    jobs.release(session, ImportJob, worker)


def prune(session: Session, now: datetime) -> None:
    """Give up what nobody has confirmed, and forget old jobs."""
    session.execute(
        update(ImportJob).where(ImportJob.stage == Stage.CHECKED, ImportJob.touched_at < now - FORGOTTEN).values(stage=Stage.DISCARDED, content=b"")
    )
    session.execute(delete(ImportJob).where(ImportJob.touched_at < now - KEPT, ImportJob.stage.not_in(WORKED_ON)))
