"""The week in figures, as the weekly report tells it: counts of Monday to Sunday in UTC, each with its doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deflection.article_figures import ArticleFigures, by_article
from deflection.figures import Figures, Period, by_period, figures_of
from deflection.guards import Guard, guards
from deflection.lift import Lift
from deflection.reports import Rate
from deflection.slices import DAY, Slice, midnight
from kb.intervals import Interval, newcombe
from webform import dashboard, gap_lists, gap_texts
from webform.gap_lists import Wanted
from webform.gaps import GapState
from webform.links import Links
from webform.outbox import Delivery, OutboxMessage
from webform.tickets import NO_REQUESTS, Ticket
from webform.tried import translations

WEEK = timedelta(days=7)
WEEKS_SHOWN = 8
WEEKS_COMPARED = 4
MOST_LISTED = 5


@dataclass(frozen=True, slots=True)
class ListedGap:
    """What customers ask and no article answers: its masked words, how many asked this week, and in all."""

    words: str
    lately: int
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class FailingArticle:
    """An article after which many wrote all the same: ``fails`` counts them, of those who opened it in four weeks."""

    title: str
    fails: Rate
    url: str


@dataclass(frozen=True, slots=True)
class Week:
    """What a week came to.

    ``trend`` are the last eight weeks, this one last. ``long`` are the last four, in which lift and guards are told, because one
    week seldom says enough.
    """

    first: date
    last: date
    figures: Figures
    before: Figures
    long: Figures
    trend: tuple[Period, ...]
    gaps: tuple[ListedGap, ...]
    failing: tuple[FailingArticle, ...]
    undelivered: int
    requests: int

    @property
    def long_first(self) -> date:
        """The first of the days in which lift and guards are told."""
        return self.last + DAY - WEEKS_COMPARED * WEEK

    @property
    def rate(self) -> Rate:
        """The headline: confirmed of all engaged visits of the treatment arm."""
        return self.figures.deflection_rate

    @property
    def change(self) -> Interval | None:
        """By how much the headline differs from the week before: bounds of the difference of shares; nothing without visits in both."""
        now, before = self.rate, self.before.deflection_rate
        return newcombe((now.count, now.of), (before.count, before.of)) if now.of and before.of else None

    @property
    def difference(self) -> float | None:
        """The difference itself."""
        now, before = self.rate.share, self.before.deflection_rate.share
        return None if now is None or before is None else now - before

    @property
    def lift(self) -> Lift | None:
        """What suggesting changed, in four weeks."""
        return self.long.lift

    @property
    def guards(self) -> list[Guard]:
        """What must not get worse, in four weeks."""
        return guards(self.long)


def week_of(session: Session, first: date, *, language: str, links: Links) -> Week:
    """Reckon a week.

    :param first: its Monday.
    :param language: in which titles are given, where there is a choice.
    """
    until = first + WEEK
    this = Slice(first, until)
    long = Slice(until - WEEKS_COMPARED * WEEK, until)
    span = (midnight(first), midnight(until))
    failed = select(func.count()).where(OutboxMessage.status == Delivery.FAILED)
    came = select(func.count()).where(Ticket.created_at >= span[0], Ticket.created_at < span[1], Ticket.status.not_in(NO_REQUESTS))
    return Week(
        first=first,
        last=until - DAY,
        figures=figures_of(session, this),
        before=figures_of(session, this.before),
        long=figures_of(session, long),
        trend=tuple(by_period(session, Slice(until - WEEKS_SHOWN * WEEK, until), weekly=True)),
        gaps=tuple(_gaps(session, midnight(until), links)),
        failing=tuple(_failing(session, by_article(session, long), language, links)),
        undelivered=session.scalar(failed) or 0,
        requests=session.scalar(came) or 0,
    )


def _gaps(session: Session, now: datetime, links: Links) -> list[ListedGap]:
    listed = gap_lists.page(session, Wanted(state=GapState.OPEN.value, days=WEEK.days), now=now, per_page=MOST_LISTED).gaps
    words = gap_texts.typical(session, [gap.id for gap in listed], 3)
    return [ListedGap(gap_texts.name(words.get(gap.id, [])), gap.lately, gap.count, links.gap(gap.id)) for gap in listed]


def _failing(session: Session, figures: Sequence[ArticleFigures], language: str, links: Links) -> list[FailingArticle]:
    worst = dashboard.failing(figures)[:MOST_LISTED]
    titles = translations(session, [each.article_id for each in worst], [language])
    return [FailingArticle(found.title, each.fail_rate, links.health(each.article_id)) for each in worst if (found := titles.get(each.article_id)) is not None]
