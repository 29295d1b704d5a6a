"""The dashboard: everything that the page about deflection tells of an inquiry, read from the days that were counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deflection import figures as figured
from deflection.article_figures import ArticleFigures, by_article
from deflection.day_counts import counted_at, day_count
from deflection.figures import Figures, Period
from deflection.guards import Guard, guards
from deflection.slices import Dimension
from kb.articles import Status, Translation
from webform import gap_lists, gap_texts
from webform.annotations import Annotation, annotations
from webform.gap_lists import ListedGap, Sort, Wanted
from webform.gaps import GapState
from webform.inquiry import Grain, Inquiry
from webform.tile_words import FEWEST_OPENED

FEWEST = 100
"""Engaged visits from which on a rate is told as one; below, both counts are."""
LISTED = 8
GAPS = 5
SMALL = 6
GROUPS = {"topics": Dimension.TOPIC, "languages": Dimension.LANGUAGE, "devices": Dimension.DEVICE, "sites": Dimension.SITE, "releases": Dimension.RELEASE}


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap with the words of customers that stand for it."""

    standing: ListedGap
    title: str


@dataclass(frozen=True, slots=True)
class Age:
    """How far an installation is: the first day that was counted, when it was counted last, and engaged visits with answers since."""

    first: date | None
    counted_at: datetime | None
    engaged: int

    def days_until(self, visits: int, today: date) -> int | None:
        """Reckon at the pace so far in how many days there will be so many engaged visits; nothing without a pace."""
        if self.first is None or not self.engaged:
            return None
        return max(0, round((visits - self.engaged) * ((today - self.first).days + 1) / self.engaged))


def age(session: Session) -> Age:
    """Tell how far this installation is."""
    table = day_count
    first, engaged = session.execute(select(func.min(table.c.day), func.sum(table.c.engaged)).where(table.c.arm == "treatment")).one()
    return Age(first, counted_at(session), int(engaged or 0))


def trend(session: Session, inquiry: Inquiry) -> list[Period]:
    """Give the points of the trend."""
    return figured.by_period(session, inquiry.slice, weekly=inquiry.grain is Grain.WEEK)


def groups(session: Session, inquiry: Inquiry, name: str) -> dict[str, Figures]:
    """Give the figures of each topic, language, device, site or release."""
    return figured.by_dimension(session, inquiry.slice, GROUPS[name])


def articles(session: Session, inquiry: Inquiry) -> list[ArticleFigures]:
    """Give what came of each article."""
    return by_article(session, inquiry.slice)


def solving(found: Sequence[ArticleFigures]) -> list[ArticleFigures]:
    """Choose the articles that solve most surely, the surest first."""
    opened = [each for each in found if each.opened >= FEWEST_OPENED]
    return sorted(opened, key=lambda each: (-(each.solve_rate.interval or (0.0, 1.0))[0], each.article_id))[:LISTED]


def failing(found: Sequence[ArticleFigures]) -> list[ArticleFigures]:
    """Choose the articles that fail most surely, the surest first."""
    opened = [each for each in found if each.opened >= FEWEST_OPENED and each.failed]
    return sorted(opened, key=lambda each: (-(each.fail_rate.interval or (0.0, 1.0))[0], each.article_id))[:LISTED]


def gaps(session: Session, now: datetime, most: int = GAPS) -> list[Gap]:
    """Give the largest gaps that wait."""
    found = gap_lists.page(session, Wanted(GapState.OPEN, "", Sort.COUNT, 28), now=now, per_page=most).gaps
    texts = gap_texts.typical(session, [gap.id for gap in found], 3)
    return [Gap(gap, gap_texts.name(texts.get(gap.id, []))) for gap in found]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What the page shows. Of an inquiry into one article the steps before it, other articles and hours are not known."""

    age: Age
    figures: Figures
    before: Figures | None
    trend: list[Period]
    trend_before: list[Period]
    guards: list[Guard]
    groups: Mapping[str, Mapping[str, Figures]]
    small: Mapping[str, list[Period]]
    articles: list[ArticleFigures]
    hours: list[list[int]]
    gaps: list[Gap]
    annotations: list[Annotation]
    published: int


def read(session: Session, inquiry: Inquiry, now: datetime) -> Dashboard:
    """Read everything that the page shows; the days are added up by places once, and by days once."""
    weekly, compared = inquiry.grain is Grain.WEEK, inquiry.compared
    places, days = figured.sums(session, inquiry.slice, *Dimension), figured.sums(session, inquiry.slice, "day", Dimension.TOPIC)
    earlier = figured.sums(session, compared, "day") if compared else None
    found = places.whole()
    grouped = {name: places.groups(dimension) for name, dimension in GROUPS.items()}
    shown = list(grouped["topics"])[:SMALL] if inquiry.period.days.number > 7 else []
    return Dashboard(
        age(session),
        found,
        earlier.whole() if earlier else None,
        days.periods(inquiry.slice, weekly=weekly),
        earlier.periods(compared, weekly=weekly) if earlier and compared else [],
        guards(found),
        grouped,
        {topic: days.periods(inquiry.slice, weekly=True, topic=topic) for topic in shown},
        articles(session, inquiry),
        figured.demand(session, inquiry.slice) if inquiry.article is None else [],
        gaps(session, now),
        annotations(session, inquiry.period.days),
        session.scalar(select(func.count()).select_from(Translation).where(Translation.status == Status.PUBLISHED)) or 0,
    )
