"""Article months: the days of articles added up by whole months, so that a year of them is read at once.

They are a cache: a month counts only as long as none of its days was counted anew since, and can be deleted at any time.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Column, Date, Index, Integer, String, Table, delete, func, insert, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from deflection.day_counts import MEETING_COUNTS, PLACE, CountedDay, article_day
from deflection.rewriting import Row
from deflection.slices import DAY, Dimension, Slice
from deflection.visits import Arm
from kb.database import Database
from kb.schema import Base

SETTLED = timedelta(days=10)
"""How long after its end a month is left alone: visits change for a week."""
KEY = ("article_id", *(dimension.value for dimension in Dimension))
Days = tuple[date, date]
"""The first of some days, and the first day after them."""
Added = tuple[datetime, list[Row]]
"""When the days of a month were counted at the latest, and what they come to."""

article_month = Table(
    "article_month",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("month", Date, nullable=False),
    Column("article_id", Integer, nullable=False),
    *(Column(dimension.value, String(PLACE[dimension.value]), nullable=False) for dimension in Dimension),
    *(Column(count, Integer, nullable=False) for count in MEETING_COUNTS),
    Index("ix_article_month_month", "month"),
)
"""What visits with answers that began in a month did with an article."""


class CountedMonth(Base):
    """A month that was added up, of days that were counted at ``counted_at`` at the latest."""

    __tablename__ = "counted_month"

    month: Mapped[date] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime]


def add_up(database: Database, now: datetime) -> int:
    """Add up the months that are settled and are not added up yet, or not any more.

    :return: how many.
    """
    with database.reading() as session:
        wanted = [month for month in _counted(session) if after(month) + SETTLED <= now.date()]
        missing = set(wanted) - set(_valid(session))
    for month in sorted(missing):
        with database.reading() as session:
            added = _added_up(session, month)
        with database.counting(patience=5.0) as session:
            _keep(session, month, added)
    return len(missing)


def split(session: Session, wanted: Slice) -> tuple[list[date], list[Days]]:
    """Divide the days of a slice into whole months that are added up, and days that are left."""
    months = [month for month in sorted(_valid(session)) if month >= wanted.since and after(month) <= wanted.until]
    left, since = [], wanted.since
    for month in months:
        left += [(since, month)] if since < month else []
        since = after(month)
    return months, left + ([(since, wanted.until)] if since < wanted.until else [])


def after(month: date) -> date:
    """Give the first day of the next month."""
    return (month.replace(day=28) + 4 * DAY).replace(day=1)


def _counted(session: Session) -> dict[date, datetime]:
    """Tell for each month when one of its days was last counted."""
    last: dict[date, datetime] = {}
    for day, at in session.execute(select(CountedDay.day, CountedDay.counted_at)):
        month = day.replace(day=1)
        last[month] = max(at, last.get(month, at))
    return last


def _valid(session: Session) -> Iterator[date]:
    last = _counted(session)
    for month, at in session.execute(select(CountedMonth.month, CountedMonth.counted_at)):
        if last.get(month) == at:
            yield month


def _added_up(session: Session, month: date) -> Added:
    """Add the days of a month up while nobody waits."""
    at = _counted(session)[month]
    within = article_day.c.day >= month, article_day.c.day < after(month), article_day.c.arm == Arm.TREATMENT
    counts = (func.sum(article_day.c[name]).label(name) for name in MEETING_COUNTS)
    place = [article_day.c[name] for name in KEY]
    summed = session.execute(select(literal(month, Date()).label("month"), *place, *counts).where(*within).group_by(*place))
    return at, [dict(row) for row in summed.mappings()]


def _keep(session: Session, month: date, added: Added) -> None:
    """Keep a month; one that was counted anew meanwhile is added up again the next time."""
    at, rows = added
    session.execute(delete(article_month).where(article_month.c.month == month))
    session.execute(delete(CountedMonth).where(CountedMonth.month == month))
    if rows:
        session.execute(insert(article_month), rows)
    session.add(CountedMonth(month=month, counted_at=at))
