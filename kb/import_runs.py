"""Import runs: how far an import has come, kept with every batch, so that a killed one goes on where it was."""

import hashlib
from datetime import datetime

from sqlalchemy import JSON, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.import_report import Report
from kb.schema import Base


class ImportRun(Base):
    """An import that has begun and not ended; ``position`` is how many of its articles were dealt with."""

    __tablename__ = "import_run"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    public: Mapped[bool] = mapped_column(default=False)
    report: Mapped[dict[str, object]] = mapped_column(JSON)
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]


def fingerprint_of(*facts: str) -> str:
    """Tell an import from every other: by its files, its format and its language."""
    return hashlib.sha256("\0".join(facts).encode(errors="surrogateescape")).hexdigest()


def begun(session: Session, fingerprint: str) -> ImportRun | None:
    """Find an import of the same files that was not finished."""
    return session.scalar(select(ImportRun).where(ImportRun.fingerprint == fingerprint))


def keep_position(session: Session, fingerprint: str, position: int, report: Report, *, public: bool, now: datetime) -> None:
    """Note how far an import has come, in the transaction that brought it there."""
    run = begun(session, fingerprint)
    if run is None:
        run = ImportRun(fingerprint=fingerprint, started_at=now)
        session.add(run)
    run.position, run.report, run.public, run.touched_at = position, report.plain(), public, now


def end(session: Session, fingerprint: str) -> None:
    """Forget an import that has come to its end."""
    session.execute(delete(ImportRun).where(ImportRun.fingerprint == fingerprint))
