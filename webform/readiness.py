"""Readiness: whether this process can take requests, and how far what it depends on is behind."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from kb.database import Database
from kb.generations import current_generation
from webform import migration, outbox

LATE_MAIL_SECONDS = 900


class State(StrEnum):
    """``degraded`` takes requests, but an operator should look: mail is late or was given up, or the index is old."""

    READY = "ready"
    DEGRADED = "degraded"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found; figures are ``None`` where the database does not tell or nothing is there."""

    database: bool = False
    tables: bool = False
    generation: int | None = None
    index_generation: int | None = None
    mail_waiting: int | None = None
    mail_failed: int | None = None
    oldest_mail_seconds: float | None = None

    @property
    def is_behind(self) -> bool:
        """Tell whether this process suggests from an older publication than the last one."""
        return self.index_generation is not None and self.index_generation != self.generation

    @property
    def status(self) -> State:
        """Sum it up."""
        if not (self.database and self.tables):
            return State.UNAVAILABLE
        late = (self.oldest_mail_seconds or 0) > LATE_MAIL_SECONDS
        return State.DEGRADED if self.is_behind or late or self.mail_failed else State.READY


def look(database: Database, index_generation: int | None, now: datetime) -> Readiness:
    """Look at everything; a database that does not answer is a finding, not an error.

    :param index_generation: what this process suggests from, if it has loaded anything yet.
    """
    try:
        tables = migration.is_current(database)
    except SQLAlchemyError:
        return Readiness(index_generation=index_generation)
    if not tables:
        return Readiness(database=True, index_generation=index_generation)
    try:
        with database.reading() as session:
            mail = outbox.summary(session, now)
            generation = current_generation(session)
    except SQLAlchemyError:
        return Readiness(database=True, index_generation=index_generation)
    oldest = (now - mail.oldest_waiting_at).total_seconds() if mail.oldest_waiting_at else None
    return Readiness(True, True, generation, index_generation, mail.waiting, mail.failed, None if oldest is None else max(0.0, oldest))
