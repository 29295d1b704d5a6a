"""The census: counting visits into weeks of articles, so that a figure of any age is there at once and outlives the visits.

What is old is never counted again. A visit can still change for seven days, when the same person comes back; so the
weeks that reach into these days are counted anew each time, and replace what was counted of them before.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from deflection.article_weeks import COUNTS, REASONS, WEEK, ArticleWeek, beginning, monday
from deflection.day_counts import kept_from
from deflection.facts import RETURN
from deflection.meetings import Meeting, meetings
from deflection.visits import IDLE, Visit
from kb.articles import Translation
from kb.database import Database
from kb.inserts import insert_into
from kb.publications import Publication
from kb.schema import Base

BATCH = 1000
CHANGEABLE = RETURN + IDLE + timedelta(days=1)
"""How long after its last word a visit may still come to something else, and a day for forms that stay open."""
LATE = timedelta(minutes=1)
"""What was seen this long before a count may have been written after it."""
Place = tuple[date, int, str, int, str]


class Census(Base):
    """The single row that says as of when visits are counted."""

    __tablename__ = "census"

    id: Mapped[int] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime | None]


class Editions:
    """Which revision of each article customers could read at a moment."""

    def __init__(self, session: Session) -> None:
        """Read every publication."""
        self._known: defaultdict[int, dict[str, tuple[list[datetime], list[int]]]] = defaultdict(dict)
        rows = select(Translation.article_id, Translation.language, Publication.public_from, Publication.revision_id)
        for article, language, since, revision in session.execute(
            rows.join(Publication, Publication.translation_id == Translation.id).order_by(Publication.id)
        ):
            begun, revisions = self._known[article].setdefault(language, ([], []))
            begun.append(since)
            revisions.append(revision)

    def of(self, meeting: Meeting) -> tuple[str, int]:
        """Give the language and the revision of the text that a visit met: told, or that of the visit, or the only one there is."""
        known = self._known.get(meeting.article_id, {})
        language = meeting.language or (meeting.visit_language if meeting.visit_language in known or len(known) != 1 else next(iter(known)))
        begun, revisions = known.get(language, ([], []))
        place = bisect_right(begun, meeting.at)
        return language, revisions[place - 1] if place else 0


def counted_at(session: Session) -> datetime | None:
    """Tell as of when visits are counted; nothing if they never were."""
    return session.scalar(select(Census.counted_at).where(Census.id == 1))


def count(database: Database, now: datetime) -> bool:
    """Bring the counts up to date; several processes at once make the same of it.

    :return: whether anything had happened.
    """
    with database.reading() as session:
        last = counted_at(session)
        newest = session.scalar(select(func.max(Visit.last_seen_at)))
        if newest is None or (last is not None and newest < last - LATE):
            return False
        earliest = session.scalar(select(func.min(Visit.started_at))) if last is None else last - CHANGEABLE
        kept = kept_from(session) or date.min
        weeks = [week for week in _weeks(monday((earliest or newest).date()), max(now, newest)) if week >= kept]  # Of others some visits are forgotten.
    with database.reading() as session:
        editions = Editions(session)
    for week in weeks:
        with database.reading() as session:
            rows = _rows(session, editions, week)
        with database.counting(patience=5.0) as session:
            _lock(session)
            session.execute(delete(ArticleWeek).where(ArticleWeek.week == week))
            for start in range(0, len(rows), BATCH):
                session.execute(insert(ArticleWeek), rows[start : start + BATCH])
            if week == weeks[-1]:
                session.get_one(Census, 1).counted_at = now
    return True


def _weeks(first: date, until: datetime) -> Iterator[date]:
    while beginning(first) <= until:
        yield first
        first += WEEK


def _lock(session: Session) -> None:
    """Have everybody else who counts wait until this is written."""
    session.execute(insert_into(session, Census).values(id=1).on_conflict_do_nothing(index_elements=["id"]))
    session.execute(select(Census).where(Census.id == 1).with_for_update())


def _rows(session: Session, editions: Editions, week: date) -> list[dict[str, object]]:
    counts: defaultdict[Place, Counter[str]] = defaultdict(Counter)
    for meeting in meetings(session, since=beginning(week), until=beginning(week + WEEK)):
        language, revision = editions.of(meeting)
        counts[week, meeting.article_id, language, revision, meeting.topic].update(_facts(meeting))
    names = ("week", "article_id", "language", "revision_id", "topic")
    return [dict(zip(names, place, strict=True)) | {name: found[name] for name in COUNTS} for place, found in sorted(counts.items())]


def _facts(meeting: Meeting) -> dict[str, int]:
    happened = {
        "shown": meeting.shown,
        "elsewhere": meeting.opened and not meeting.shown,
        "opened": meeting.opened,
        "read": meeting.read,
        "solved": meeting.solved,
        "sent": meeting.sent,
        "returned": meeting.returned,
        "declined": meeting.declined,
        "silent": meeting.opened and not (meeting.solved or meeting.declined or meeting.sent),
    }
    if meeting.reason is not None:
        happened[REASONS[meeting.reason]] = True
    return {name: 1 for name, value in happened.items() if value}
