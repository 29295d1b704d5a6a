"""Openings: how often articles were opened in the help centre, by day and article, and nothing about by whom."""

import logging
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import String, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.articles import Translation
from kb.categories import Entry
from kb.database import Database
from kb.inserts import insert_into
from kb.schema import Base
from kb.visibility import readable

PAUSE_SECONDS = 10.0
"""How long counts wait to be written together: a reader hardly ever waits for the database."""
PATIENCE = 1.0
POPULAR_DAYS = 28
POPULAR_KEPT_SECONDS = 60.0
log = logging.getLogger(__name__)


class Opening(Base):
    """How often an article was opened in one language on one day (UTC)."""

    __tablename__ = "opening"

    opened_on: Mapped[date] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    times: Mapped[int]


@dataclass(frozen=True, slots=True)
class _Popular:
    entries: tuple[Entry, ...]
    known_at: float


class Openings:
    """Counts in this process, and writes down every few seconds what was counted; a killed process loses those few."""

    def __init__(self, database: Database) -> None:
        """Begin with nothing counted."""
        self._database = database
        self._lock = threading.Lock()
        self._counted: Counter[tuple[date, int, str]] = Counter()
        self._written_at = time.monotonic()
        self._popular: dict[tuple[str, int], _Popular] = {}

    def note(self, article_id: int, language: str, now: datetime) -> None:
        """Count one opening."""
        with self._lock:
            self._counted[now.date(), article_id, language] += 1
        if time.monotonic() - self._written_at > PAUSE_SECONDS:
            self.write_down()

    def write_down(self) -> None:
        """Write what was counted; what cannot be written is counted on."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
            self._written_at = time.monotonic()
        if not counted:
            return
        try:
            with self._database.counting(patience=PATIENCE) as session:
                keys = ["opened_on", "article_id", "language"]
                rows = [dict(zip((*keys, "times"), (*each, times), strict=True)) for each, times in sorted(counted.items())]
                statement = insert_into(session, Opening).values(rows)
                session.execute(statement.on_conflict_do_update(index_elements=keys, set_={"times": Opening.times + statement.excluded.times}))
        except SQLAlchemyError as fault:
            log.warning("openings of articles could not be counted: %s", type(fault).__name__)
            with self._lock:
                self._counted.update(counted)

    def popular(self, session: Session, language: str, limit: int, now: datetime) -> tuple[Entry, ...]:
        """Give the articles of a language that were opened most in the last four weeks; at most a minute old, but never one that was closed."""
        known = self._popular.get((language, limit))
        if known is None or time.monotonic() - known.known_at > POPULAR_KEPT_SECONDS:
            known = _Popular(popular(session, language, limit, now), time.monotonic())
            self._popular[language, limit] = known
        slugs = [entry.slug for entry in known.entries]
        still = set(session.scalars(select(Translation.slug).where(Translation.language == language, Translation.slug.in_(slugs), readable())))
        return tuple(entry for entry in known.entries if entry.slug in still)


def popular(session: Session, language: str, limit: int, now: datetime) -> tuple[Entry, ...]:
    """Give the articles of a language that were opened most in the last four weeks, those that anybody may read."""
    times = (
        select(Opening.article_id, func.sum(Opening.times).label("times"))
        .where(Opening.opened_on > now.date() - timedelta(days=POPULAR_DAYS), Opening.language == language)
        .group_by(Opening.article_id)
        .subquery()
    )
    columns = (Translation.language, Translation.slug, Translation.title, Translation.summary)
    query = select(*columns).join(times, times.c.article_id == Translation.article_id).where(Translation.language == language, readable())
    return tuple(Entry(*row) for row in session.execute(query.order_by(times.c.times.desc(), Translation.article_id).limit(limit)))


def openings_by_day(session: Session, article_id: int, *, since: date) -> dict[date, int]:
    """Tell how often an article was opened in the help centre on each day, in all languages together."""
    query = select(Opening.opened_on, func.sum(Opening.times)).where(Opening.article_id == article_id, Opening.opened_on >= since)
    return {day: int(times) for day, times in session.execute(query.group_by(Opening.opened_on).order_by(Opening.opened_on))}
