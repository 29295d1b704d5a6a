"""Article figures: what came of each article in a slice, added up from the days that were counted."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, func, select
from sqlalchemy.orm import Session

from deflection.article_months import article_month, split
from deflection.day_counts import MEETING_COUNTS, article_day
from deflection.figures import within
from deflection.reports import Rate
from deflection.slices import Slice
from deflection.visits import Arm
from kb.articles import Article

FIELDS = tuple({"sent": "failed"}.get(name, name) for name in MEETING_COUNTS)


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
    months, days = split(session, wanted)
    counts: defaultdict[int, list[int]] = defaultdict(lambda: [0] * len(MEETING_COUNTS))
    parts = [_of(article_month, wanted).where(article_month.c.month.in_(months))] if months else []
    for since, until in days:
        within = article_day.c.arm == Arm.TREATMENT, article_day.c.day >= since, article_day.c.day < until
        parts.append(_of(article_day, wanted).where(*within))
    for part in parts:
        for article, *numbers in session.execute(part):
            counts[article] = [one + int(other) for one, other in zip(counts[article], numbers, strict=True)]
    found = [ArticleFigures(article, **dict(zip(FIELDS, numbers, strict=True))) for article, numbers in counts.items()]
    return sorted(found, key=lambda each: (-each.opened, -each.shown, each.article_id))


def _of(table: Table, wanted: Slice) -> Select[*tuple[Any, ...]]:
    """Add up each article of a table of days or of months, within the slice but for its days."""
    chosen = [table.c[dimension.value] == value for dimension, value in wanted.chosen.items()]
    if wanted.article is not None:
        chosen.append(table.c.article_id == wanted.article)
    return select(table.c.article_id, *(func.sum(table.c[name]) for name in MEETING_COUNTS)).where(*chosen).group_by(table.c.article_id)


def is_met(session: Session, wanted: Slice) -> bool:
    """Tell whether any visit of the slice met its article."""
    return session.execute(select(article_day.c.id).where(within(article_day, wanted), article_day.c.arm == Arm.TREATMENT).limit(1)).first() is not None


def articles_met(session: Session, wanted: Slice, most: int) -> list[int]:
    """List articles that visits of these days met, whatever else is asked of them; the newest if there are more."""
    met = select(article_day.c.id).where(article_day.c.article_id == Article.id, article_day.c.day >= wanted.since, article_day.c.day < wanted.until)
    return list(session.scalars(select(Article.id).where(met.exists()).order_by(Article.id.desc()).limit(most)))
