"""Article figures: what came of each article in a slice, added up from the days that were counted."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deflection.day_counts import MEETING_COUNTS, article_day
from deflection.figures import within
from deflection.reports import Rate
from deflection.slices import Slice
from deflection.visits import Arm


@dataclass(frozen=True, slots=True)
class ArticleFigures:
    """Visits of the treatment arm that met an article. ``failed`` opened it and led to a request, at once or within days."""

    article_id: int
    shown: int = 0
    opened: int = 0
    read: int = 0
    solved: int = 0
    declined: int = 0
    failed: int = 0
    returned: int = 0

    @property
    def solve_rate(self) -> Rate:
        """Visits that said it solved the problem, of those that opened it."""
        return Rate(self.solved, self.opened)

    @property
    def fail_rate(self) -> Rate:
        """Visits that led to a request all the same, of those that opened it."""
        return Rate(self.failed, self.opened)


def by_article(session: Session, wanted: Slice) -> list[ArticleFigures]:
    """Add up what came of each article in a slice, the most opened first. Which help or fail best is for who reads to sort by."""
    table = article_day
    columns = [func.sum(table.c[name]).label(name) for name in MEETING_COUNTS]
    query = select(table.c.article_id, *columns).where(within(table, wanted), table.c.arm == Arm.TREATMENT).group_by(table.c.article_id)
    found = [
        ArticleFigures(row.article_id, *(int(row._mapping[name]) for name in ("shown", "opened", "read", "solved", "declined", "sent", "returned")))
        for row in session.execute(query)
    ]
    return sorted(found, key=lambda each: (-each.opened, -each.shown, each.article_id))


def is_met(session: Session, wanted: Slice) -> bool:
    """Tell whether any visit of the slice met its article."""
    return session.execute(select(article_day.c.id).where(within(article_day, wanted), article_day.c.arm == Arm.TREATMENT).limit(1)).first() is not None
