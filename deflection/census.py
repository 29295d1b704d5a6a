"""The census: counting visits into weeks of articles, so that a figure of any age is there at once and outlives the visits.

Only weeks are counted again in which something happened since: a visit was seen, or the same person came back. Who counts
again and again remembers the days in which nothing has happened, so that a week costs no more than its last day.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import BigInteger, Table, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from deflection.article_weeks import COUNTS, REASONS, ArticleWeek, monday
from deflection.day_counts import kept_from
from deflection.ledger import days_changed, days_with_visits
from deflection.meetings import Meeting, meetings
from deflection.rewriting import Changes, Row, differences
from deflection.slices import DAY, midnight
from deflection.visits import Visit
from kb.articles import Translation
from kb.database import Database
from kb.inserts import insert_into
from kb.publications import Publication
from kb.schema import Base

LATE = timedelta(minutes=10)
"""What was seen this long before a count may have been written after it, or have been counted by a slower process."""
REMEMBERED = timedelta(days=28)
"""Days that are likely to be added up again."""
Place = tuple[int, str, int, str]
PLACE = ("article_id", "language", "revision_id", "topic")
NAMES = ("week", *PLACE, *COUNTS)
Counts = Mapping[Place, Counter[str]]
Published = tuple[int | None, int]
_table = cast("Table", ArticleWeek.__table__)


class Census(Base):
    """The single row that says as of when visits are counted, and how often a week was written."""

    __tablename__ = "census"

    id: Mapped[int] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime | None]
    written: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class Editions:
    """Which revision of each article customers could read at a moment."""

    def __init__(self, known: Mapping[int, Mapping[str, tuple[list[datetime], list[int]]]]) -> None:
        self._known = known

    def of(self, meeting: Meeting) -> tuple[str, int]:
        """Give the language and the revision of the text that a visit met: told, or that of the visit, or the only one there is."""
        known = self._known.get(meeting.article_id, {})
        language = meeting.language or (meeting.visit_language if meeting.visit_language in known or len(known) != 1 else next(iter(known)))
        begun, revisions = known.get(language, ([], []))
        place = bisect_right(begun, meeting.at)
        return language, revisions[place - 1] if place else 0


def editions(session: Session) -> Editions:
    """Read every publication."""
    known: defaultdict[int, dict[str, tuple[list[datetime], list[int]]]] = defaultdict(dict)
    rows = select(Translation.article_id, Translation.language, Publication.public_from, Publication.revision_id)
    for article, language, since, revision in session.execute(rows.join(Publication, Publication.translation_id == Translation.id).order_by(Publication.id)):
        begun, revisions = known[article].setdefault(language, ([], []))
        begun.append(since)
        revisions.append(revision)
    return Editions(known)


def counted_at(session: Session) -> datetime | None:
    """Tell as of when visits are counted; nothing if they never were."""
    return session.scalar(select(Census.counted_at).where(Census.id == 1))


def count(database: Database, now: datetime) -> bool:
    """Bring the counts up to date; several processes at once make the same of it.

    :return: whether anything had happened.
    """
    return Keeper(database).count(now)


class Keeper:
    """Counts again and again, and remembers each day as it was counted last, as long as it can change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._days: dict[date, Counts] = {}
        self._read_at: datetime | None = None
        self._published: Published | None = None
        self._editions = Editions({})

    def count(self, now: datetime) -> bool:
        """Bring the counts up to date.

        :return: whether anything had happened.
        """
        with self._database.reading() as session:
            newest, weeks = session.scalar(select(func.max(Visit.last_seen_at))), self._changed(session, now)
        for week in weeks:
            with self._database.reading() as session:
                compared = session.scalar(select(Census.written))
                rows = _rows(week, [self._day(session, week + place * DAY) for place in range(7)])
                changes = _changes(session, week, rows)
            with self._database.counting(patience=5.0) as session:
                census = _lock(session)
                (changes if census.written == compared else _changes(session, week, rows)).write(session)
                census.written += 1
                if week == weeks[-1]:
                    census.counted_at = now
        self._days = {day: counted for day, counted in self._days.items() if newest and day > newest.date() - REMEMBERED}
        return bool(weeks)

    def _changed(self, session: Session, now: datetime) -> list[date]:
        """Give the weeks in which something may have happened since they were counted, and forget their days that were read before it."""
        newest, number = session.execute(select(func.max(Publication.id), func.count(Publication.id))).one()
        if (newest, number) != self._published:
            self._published, self._editions, self._days = (newest, number), editions(session), {}
        last, kept = counted_at(session), kept_from(session)
        if last is None:
            days = set(days_with_visits(session))
            self._days = {}
        else:
            days = days_changed(session, min(last, self._read_at or last, now) - LATE)
            self._days = {day: counted for day, counted in self._days.items() if day not in days}
        self._read_at = now
        return sorted(week for week in {monday(day) for day in days} if kept is None or week >= kept)  # Of others some visits are forgotten.

    def _day(self, session: Session, day: date) -> Counts:
        if (counted := self._days.get(day)) is None:
            counted = self._days[day] = _counts(session, self._editions, day)
        return counted


def _lock(session: Session) -> Census:
    """Have everybody else who counts wait until this is written."""
    session.execute(insert_into(session, Census).values(id=1).on_conflict_do_nothing(index_elements=["id"]))
    return session.scalars(select(Census).where(Census.id == 1).with_for_update()).one()


def _changes(session: Session, week: date, rows: list[Row]) -> Changes:
    return differences(session, _table, _table.c.week == week, NAMES, rows)


def _counts(session: Session, known: Editions, day: date) -> Counts:
    """Count the meetings of one day by article, language, revision and topic."""
    counts: defaultdict[Place, Counter[str]] = defaultdict(Counter)
    for meeting in meetings(session, since=midnight(day), until=midnight(day + DAY)):
        language, revision = known.of(meeting)
        counts[meeting.article_id, language, revision, meeting.topic].update(_facts(meeting))
    return counts


def _rows(week: date, days: Iterable[Counts]) -> list[Row]:
    added: defaultdict[Place, Counter[str]] = defaultdict(Counter)
    for counts in days:
        for place, found in counts.items():
            added[place].update(found)
    return [{"week": week, **dict(zip(PLACE, place, strict=True)), **{name: found[name] for name in COUNTS}} for place, found in sorted(added.items())]


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
