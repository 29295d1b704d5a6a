"""The health of an article: what visits came to that met it, for each revision, week, topic and language."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from deflection.article_weeks import ArticleWeek, Figures, first_week, total, weeks_of
from deflection.census import counted_at
from deflection.decay import Decay, alarm
from kb.articles import Translation
from kb.intervals import Interval, newcombe, trials_needed
from kb.publications import Publication
from kb.revisions import Revision

Key = TypeVar("Key", bound=Hashable)
FEWEST = 10
"""Openings under which a share is not worth telling."""


class Change(StrEnum):
    """What a revision did to the solve rate."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The solve rate of a revision minus that of the one before, with its 95 % bounds; ``needed`` openings more would tell."""

    change: Change
    difference: float | None = None
    interval: Interval | None = None
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """A revision while it was public: from when, until when (nothing: still), what came of it, and against the one before."""

    revision_id: int
    language: str
    author: str
    note: str
    public_from: datetime
    public_until: datetime | None
    figures: Figures
    against: Comparison


@dataclass(frozen=True, slots=True)
class Health:
    """Everything that is counted of an article since a Monday; alarms are by language."""

    article_id: int
    since: date
    counted_at: datetime | None
    figures: Figures
    weeks: list[tuple[date, Figures]]
    editions: list[Edition]
    topics: list[tuple[str, Figures]]
    languages: list[tuple[str, Figures]]
    alarms: dict[str, Decay]

    @property
    def has_enough(self) -> bool:
        """Whether enough visits opened it for a share to mean something."""
        return self.figures.opened >= FEWEST


def health(session: Session, article_id: int, *, weeks: int, language: str = "", now: datetime) -> Health:
    """Tell how an article does.

    :param weeks: how far back the figures go; those of revisions go back to their first day.
    :param language: of the translation that is meant; empty for all.
    """
    rows = weeks_of(session, article_id)
    meant = [row for row in rows if language in {"", row.language}]
    since = first_week(now, weeks)
    recent = [row for row in meant if row.week >= since]
    by_week = _grouped(recent, lambda row: row.week)
    return Health(
        article_id,
        since,
        counted_at(session),
        total(recent),
        [(week, by_week.get(week, Figures())) for week in (since + timedelta(weeks=number) for number in range(weeks))],
        _editions(session, article_id, meant, language),
        _most_met(_grouped(recent, lambda row: row.topic)),
        _most_met(_grouped([row for row in rows if row.week >= since], lambda row: row.language)),
        alarms_of(session, article_id, rows, now=now),
    )


def alarms_of(session: Session, article_id: int, rows: Sequence[ArticleWeek], *, now: datetime) -> dict[str, Decay]:
    """Tell which translations of an article solve less than they did."""
    revised = dict(session.execute(_present(article_id)).all())
    counted: defaultdict[str, dict[date, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        if row.language in revised:
            solved, opened = counted[row.language].get(row.week, (0, 0))
            counted[row.language][row.week] = solved + row.solved, opened + row.opened
    found = {name: alarm(weeks, today=now.date(), revised=revised[name].date(), languages=len(revised)) for name, weeks in counted.items()}
    return {name: decay for name, decay in found.items() if decay is not None}


def compare(figures: Figures, before: Figures | None) -> Comparison:
    """Hold the solve rate of a revision against that of the one before."""
    if before is None:
        return Comparison(Change.FIRST)
    first, second = (figures.solved, figures.opened), (before.solved, before.opened)
    shares = figures.solve_rate.share, before.solve_rate.share
    if shares[0] is None or shares[1] is None:
        return Comparison(Change.UNCLEAR)
    interval = newcombe(first, second)
    if interval.low > 0 or interval.high < 0:
        return Comparison(Change.BETTER if interval.low > 0 else Change.WORSE, shares[0] - shares[1], interval)
    needed = trials_needed(shares[0], shares[1]) if min(figures.opened, before.opened) >= FEWEST else None
    return Comparison(Change.UNCLEAR, shares[0] - shares[1], interval, max(0, needed - figures.opened) if needed else None)


def _editions(session: Session, article_id: int, rows: Sequence[ArticleWeek], language: str) -> list[Edition]:
    """List the revisions that were public, each language by itself, the newest first; one that was public twice is one."""
    counted = _grouped(rows, lambda row: (row.language, row.revision_id))
    wanted = select(Translation.language, Publication, Revision.author).join(Publication, Publication.translation_id == Translation.id)
    wanted = wanted.join(Revision, Revision.id == Publication.revision_id).where(Translation.article_id == article_id)
    made: dict[tuple[str, int], Edition] = {}
    last: dict[str, Figures] = {}
    for spoken, public, author in session.execute(wanted.order_by(Translation.language, Publication.id)):
        key = spoken, public.revision_id
        if key in made:
            made[key] = replace(made[key], public_until=public.public_until)
        elif language in {"", spoken}:
            figures = counted.get(key, Figures())
            against = compare(figures, last.get(spoken))
            made[key] = Edition(*key[::-1], public.published_by or author, public.note, public.public_from, public.public_until, figures, against)
            last[spoken] = figures
    return list(made.values())[::-1]


def _present(article_id: int) -> Select[str, datetime]:
    """Ask since when each language's present text is public; what is not public is not watched."""
    public = select(Translation.language, Publication.public_from).join(Publication, Publication.translation_id == Translation.id)
    return public.where(Translation.article_id == article_id, Publication.public_until.is_(None))


def _grouped(rows: Iterable[ArticleWeek], key: Callable[[ArticleWeek], Key]) -> dict[Key, Figures]:
    groups: defaultdict[Key, list[ArticleWeek]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return {name: total(group) for name, group in groups.items()}


def _most_met(groups: dict[str, Figures]) -> list[tuple[str, Figures]]:
    return sorted(groups.items(), key=lambda group: (-group[1].met, group[0]))
