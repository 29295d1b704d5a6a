"""Weeks of articles: how many visits met each revision of an article in a week, and what came of it. Counts of visits, nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Index, String, Subquery, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from deflection.events import Reason
from deflection.reports import Rate
from kb.schema import Base

WEEK = timedelta(days=7)
USUAL_WEEKS = 13
"""Weeks that are looked back unless somebody asks for others: long enough to count, short enough to speak of the present."""


class ArticleWeek(Base):
    """What visits that began in the week from a Monday came to, for one revision and topic.

    ``elsewhere`` were opened without having been shown by the form; ``silent`` ones opened it and neither said nor sent
    anything; ``revision_id`` is 0 where no text is known to have been public.
    """

    __tablename__ = "article_week"
    __table_args__ = (
        Index("uq_article_week", "week", "article_id", "language", "revision_id", "topic", unique=True),
        Index("ix_article_week_article_id_week", "article_id", "week"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    week: Mapped[date]
    article_id: Mapped[int]
    language: Mapped[str] = mapped_column(String(16))
    revision_id: Mapped[int]
    topic: Mapped[str] = mapped_column(String(64))
    shown: Mapped[int] = mapped_column(default=0)
    elsewhere: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    read: Mapped[int] = mapped_column(default=0)
    solved: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    declined: Mapped[int] = mapped_column(default=0)
    silent: Mapped[int] = mapped_column(default=0)
    not_my_case: Mapped[int] = mapped_column(default=0)
    steps_failed: Mapped[int] = mapped_column(default=0)
    out_of_date: Mapped[int] = mapped_column(default=0)
    too_long: Mapped[int] = mapped_column(default=0)
    not_understood: Mapped[int] = mapped_column(default=0)
    taken_back: Mapped[int] = mapped_column(default=0)


REASONS = {reason: reason.value.replace("-", "_") for reason in Reason}
COUNTS = ("shown", "elsewhere", "opened", "read", "solved", "sent", "returned", "declined", "silent", *REASONS.values())


@dataclass(slots=True)
class Figures:
    """Counts of visits, in the words of `ArticleWeek`."""

    shown: int = 0
    elsewhere: int = 0
    opened: int = 0
    read: int = 0
    solved: int = 0
    sent: int = 0
    returned: int = 0
    declined: int = 0
    silent: int = 0
    not_my_case: int = 0
    steps_failed: int = 0
    out_of_date: int = 0
    too_long: int = 0
    not_understood: int = 0
    taken_back: int = 0

    @property
    def met(self) -> int:
        """Visits that had the article before them: shown by the form, or opened from elsewhere."""
        return self.shown + self.elsewhere

    @property
    def solve_rate(self) -> Rate:
        """Visits that said it solved the problem, of those that opened it."""
        return Rate(self.solved, self.opened)

    @property
    def open_rate(self) -> Rate:
        """Visits that opened it, of those that it was shown to."""
        return Rate(self.opened - self.elsewhere, self.shown)

    @property
    def sent_silently(self) -> int:
        """Visits that opened it, said nothing about it, and led to a request."""
        return self.opened - self.solved - self.declined - self.silent

    @property
    def reasons(self) -> dict[Reason | None, int]:
        """How many declined for which reason, the most frequent first; under nothing those who gave none."""
        found: dict[Reason | None, int] = {reason: getattr(self, name) for reason, name in REASONS.items()}
        found[None] = self.declined - sum(found.values())
        return dict(sorted(found.items(), key=lambda entry: -entry[1]))


def monday(day: date) -> date:
    """Give the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def beginning(week: date) -> datetime:
    """Give the moment at which a week begins, in UTC."""
    return datetime.combine(week, time(), UTC)


def first_week(now: datetime, weeks: int = USUAL_WEEKS) -> date:
    """Give the Monday with which the last weeks begin, the present one among them."""
    return monday(now.date()) - (weeks - 1) * WEEK


def total(rows: Iterable[ArticleWeek]) -> Figures:
    """Add up some weeks."""
    kept = list(rows)
    return Figures(*(sum(getattr(row, name) for row in kept) for name in COUNTS))


def weeks_of(session: Session, article_id: int) -> list[ArticleWeek]:
    """List what is counted of one article, the oldest week first."""
    return list(session.scalars(select(ArticleWeek).where(ArticleWeek.article_id == article_id).order_by(ArticleWeek.week, ArticleWeek.id)))


def by_article(articles: Sequence[int] | None = None, *, since: date) -> Subquery:
    """Give what is counted of some articles, or of all, over all languages, as a table: ``article_id, shown, opened, solved``.

    :param since: a Monday; older weeks do not count.
    """
    weeks = select(ArticleWeek.article_id, *summed("shown", "opened", "solved")).where(ArticleWeek.week >= since).group_by(ArticleWeek.article_id)
    return (weeks if articles is None else weeks.where(ArticleWeek.article_id.in_(articles))).subquery("counts")


def summed(*names: str) -> list[ColumnElement[int]]:
    """Give the sums of some counts as columns of a query."""
    return [func.sum(getattr(ArticleWeek, name)).label(name) for name in names]
