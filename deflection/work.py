"""Work: what deserves a writer's hour, and how many more customers a month it would help.

What an article could solve is believed, not known: its own counts of the last weeks, drawn to those of all articles
(see ``deflection.shrinkage``). What a good article solves is taken to be the upper quartile of what articles solve here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from deflection.article_health import FEWEST
from deflection.article_weeks import WEEK, ArticleWeek, Figures, beginning, monday, summed
from deflection.decay import LOOKS, WINDOWS, Decay, alarm
from deflection.shrinkage import Belief, Estimate, fit, improvement, monthly, product, rise_to
from kb.articles import Status, Translation
from kb.lags import Lag
from kb.publications import Publication

WEEKS = 13
"""Weeks whose visits tell what a month brings."""
GOOD = 0.75
FEWEST_SHOWN = 30
REVIEW_FINDS = 0.25
"""Share of reviews that are taken to find what keeps an article from being good."""
Key = tuple[int, str]


class WorkKind(StrEnum):
    """What is to be done."""

    FAILING = "failing"
    DECAYED = "decayed"
    PASSED_OVER = "passed-over"
    OUTDATED = "outdated"
    REVIEW = "review"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Item:
    """Something to do. ``helped`` are customers a month more; the counts are of the last weeks, those ``before`` of the text that is held against."""

    kind: WorkKind
    helped: Estimate
    article_id: int = 0
    language: str = ""
    gap_id: int = 0
    figures: Figures = field(default_factory=Figures)
    before: Figures | None = None
    before_language: str = ""
    decay: Decay | None = None
    since: datetime | None = None
    requests: int = 0

    @property
    def key(self) -> str:
        """Name the work, so that it can be put aside."""
        return f"{self.kind}:{self.gap_id}" if self.gap_id else f"{self.kind}:{self.article_id}:{self.language}"


@dataclass(frozen=True, slots=True)
class Ground:
    """What all estimates stand on: the counts of each published translation and article, and what is believed of articles in general."""

    figures: Mapping[Key, Figures]
    articles: Mapping[int, Figures]
    days: float
    solve: Belief
    open: Belief
    answer: Belief

    @property
    def good(self) -> float:
        """The solve rate that three of four articles do not reach."""
        return self.solve.quantile(GOOD)

    def belief(self, figures: Figures) -> Belief:
        """Tell what is believed of the solve rate behind some counts."""
        return self.solve.after(figures.solved, figures.opened)


def ground(session: Session, *, now: datetime) -> Ground:
    """Count what the last weeks brought."""
    since = monday(now.date()) - (WEEKS - 1) * WEEK
    names = ("shown", "elsewhere", "opened", "solved", "declined", "sent", "out_of_date")
    public = and_(Translation.article_id == ArticleWeek.article_id, Translation.language == ArticleWeek.language, Translation.status == Status.PUBLISHED)
    query = select(ArticleWeek.article_id, ArticleWeek.language, func.min(ArticleWeek.week).label("first"), *summed(*names))
    query = query.join(Translation, public).where(ArticleWeek.week >= since).group_by(ArticleWeek.article_id, ArticleWeek.language)
    rows = session.execute(query).all()
    figures = {(article, language): Figures(**dict(zip(names, counts, strict=True))) for article, language, _, *counts in rows}
    first = min((first for _, _, first, *_ in rows), default=since)
    known = figures.values()
    articles: defaultdict[int, Figures] = defaultdict(Figures)
    for key, each in figures.items():
        articles[key[0]].opened += each.opened
        articles[key[0]].solved += each.solved
    return Ground(
        figures,
        articles,
        max((now - beginning(first)) / timedelta(days=1), 7.0),
        fit((each.solved, each.opened) for each in known),
        fit((each.opened - each.elsewhere, each.shown) for each in known),
        fit((each.solved, each.met) for each in known),
    )


def items(session: Session, ground: Ground, *, now: datetime) -> list[Item]:
    """List what is to be done about articles, in no order."""
    found = [item for key, figures in ground.figures.items() for item in _weak(ground, key, figures)]
    return [*found, *_decayed(session, ground, now), *_outdated(session, ground)]


def review(ground: Ground, article_id: int, due: datetime) -> Item:
    """Tell what looking again at an article is worth: that it reaches what a good one solves, if the review finds why it does not."""
    figures = ground.articles.get(article_id, Figures())
    helped = _worth_of_review(ground.solve, ground.days, figures.solved, figures.opened)
    return Item(WorkKind.REVIEW, helped, article_id, figures=figures, since=due)


@lru_cache(maxsize=4096)
def _worth_of_review(solve: Belief, days: float, solved: int, opened: int) -> Estimate:
    """Work it out once for all articles of the same counts: most of those that are due were hardly opened."""
    return product(monthly(opened, days), rise_to(solve.after(solved, opened), solve.quantile(GOOD))).times(REVIEW_FINDS)


def gap(ground: Ground, gap_id: int, language: str, requests: int, days: float) -> Item:
    """Tell what an article is worth that answers a group of requests: as many as articles help of those they are shown to."""
    answer = Estimate(ground.answer.mean, ground.answer.quantile(0.025), ground.answer.quantile(0.975))
    return Item(WorkKind.GAP, product(monthly(requests, days), answer), language=language, gap_id=gap_id, requests=requests)


def _weak(ground: Ground, key: Key, figures: Figures) -> Iterable[Item]:
    """Tell what solves less, or is opened less, than nine in ten would if it were like all."""
    belief = ground.belief(figures)
    if figures.opened >= FEWEST and belief.quantile(0.9) < ground.solve.mean:
        yield Item(WorkKind.FAILING, product(monthly(figures.opened, ground.days), rise_to(belief, ground.good)), *key, figures=figures)
    opened = ground.open.after(figures.opened - figures.elsewhere, figures.shown)
    if figures.shown >= FEWEST_SHOWN and opened.quantile(0.9) < ground.open.mean:
        more = product(monthly(figures.shown, ground.days), rise_to(opened, ground.open.mean))
        yield Item(WorkKind.PASSED_OVER, more.times(belief.mean), *key, figures=figures)


def _decayed(session: Session, ground: Ground, now: datetime) -> Iterable[Item]:
    opened = {number for (number, _), figures in ground.figures.items() if figures.opened >= FEWEST}
    counted: defaultdict[Key, dict[date, tuple[int, int]]] = defaultdict(dict)
    for article, language, week, *counts in session.execute(_by_week(opened, monday(now.date()) - (LOOKS + max(WINDOWS) + 1) * WEEK)):
        counted[article, language][week] = counts[0], counts[1]
    public: defaultdict[int, dict[str, datetime]] = defaultdict(dict)
    for row in session.execute(_present(opened)):
        public[row.article_id][row.language] = row.public_from
    for key, figures in ground.figures.items():
        languages = public.get(key[0], {})
        if figures.opened >= FEWEST and key[1] in languages:
            decay = alarm(counted[key], today=now.date(), revised=languages[key[1]].date(), languages=len(languages))
            if decay is not None:
                lately, before = (ground.solve.after(rate.count, rate.of) for rate in (decay.lately, decay.before))
                yield Item(WorkKind.DECAYED, product(monthly(figures.opened, ground.days), improvement(lately, before)), *key, figures=figures, decay=decay)


def _outdated(session: Session, ground: Ground) -> Iterable[Item]:
    for row in session.execute(_lags()):
        figures = ground.figures.get((row.article_id, row.language), Figures())
        source = ground.figures.get((row.article_id, row.source), Figures())
        gain = improvement(ground.belief(figures), ground.belief(source))
        helped = product(monthly(figures.opened, ground.days), gain)
        yield Item(WorkKind.OUTDATED, helped, row.article_id, row.language, figures=figures, before=source, before_language=row.source, since=row.since)


def _by_week(articles: Collection[int], since: date) -> Select[*tuple[Any, ...]]:
    columns = (ArticleWeek.article_id, ArticleWeek.language, ArticleWeek.week)
    wanted = select(*columns, *summed("solved", "opened")).where(ArticleWeek.article_id.in_(articles), ArticleWeek.week >= since, ArticleWeek.opened > 0)
    return wanted.group_by(*columns)


def _present(articles: Collection[int]) -> Select[*tuple[Any, ...]]:
    public = select(Translation.article_id, Translation.language, Publication.public_from).join(Publication, Publication.translation_id == Translation.id)
    return public.where(Publication.public_until.is_(None), Translation.article_id.in_(articles))


def _lags() -> Select[*tuple[Any, ...]]:
    source = select(Translation.id, Translation.language).subquery()
    query = select(Translation.article_id, Translation.language, source.c.language.label("source"), Lag.since)
    query = query.join(Lag, Lag.translation_id == Translation.id).join(source, source.c.id == Lag.source_id)
    return query.where(Translation.status == Status.PUBLISHED)
