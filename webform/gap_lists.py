"""Lists of gaps: how many requests each has, how it grows, since when it waits, found and ordered as staff ask for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select
from sqlalchemy.orm import Session

from webform.gap_members import members
from webform.gaps import Gap, GapRequest, GapState, Reason

DAYS = 7
"""Days of a period that growth is told of."""


class Sort(StrEnum):
    """By what gaps are ordered: how many requests, how many more than before, who waits longest, which were begun last."""

    COUNT = "count"
    GROWTH = "growth"
    WAITING = "waiting"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which gaps are asked for; empty means all. ``days`` is how long a period is."""

    state: str = ""
    language: str = ""
    sort: Sort = Sort.COUNT
    days: int = DAYS


@dataclass(frozen=True, slots=True)
class ListedGap:
    """A gap with its figures: requests in all, in this period and in the one before; the first and the last one."""

    id: int
    language: str
    state: str
    article_id: int | None
    answered_share: float | None
    count: int
    lately: int
    before: int
    first_at: datetime
    last_at: datetime

    @property
    def growth(self) -> int:
        """How many more requests came in this period than in the one before."""
        return self.lately - self.before


@dataclass(frozen=True, slots=True)
class GapPage:
    """Some of the gaps that were asked for: page ``number`` of ``pages``, of ``total`` gaps."""

    gaps: list[ListedGap]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Extent:
    """How many requests there are, how many of them met nothing good, and how many of these stand alone or wait to be grouped."""

    requests: int
    wanting: int
    alone: int
    waiting: int


def page(session: Session, wanted: Wanted, *, now: datetime, number: int = 1, per_page: int = 50) -> GapPage:
    """List gaps.

    :param number: page asked for, from 1; beyond the last one the last is given.
    """
    conditions = _conditions(wanted)
    total = session.scalar(select(func.count()).select_from(Gap).where(*conditions)) or 0
    pages = max(1, -(-total // per_page))
    number = min(max(1, number), pages)
    tallies = _tallies(now, wanted.days)
    rows = _rows(tallies).where(*conditions).order_by(*_order(wanted.sort, tallies)).offset((number - 1) * per_page).limit(per_page)
    return GapPage([ListedGap(**row._mapping) for row in session.execute(rows)], total, number, pages)


def standing(session: Session, gap: int, *, now: datetime, days: int = DAYS) -> ListedGap | None:
    """Give the figures of one gap; nothing if it has no requests any more."""
    row = session.execute(_rows(_tallies(now, days, gap)).where(Gap.id == gap)).one_or_none()
    return ListedGap(**row._mapping) if row else None


def since(session: Session, gap: int, moment: datetime) -> int:
    """Count the requests of a gap that came after a moment."""
    member = members()
    return session.scalar(select(func.count()).where(member.c.gap_id == gap, member.c.sent_at > moment)) or 0


def states(session: Session, language: str = "") -> dict[str, int]:
    """Count the gaps of each state."""
    counted = select(Gap.state, func.count()).where(*_conditions(Wanted(language=language))).group_by(Gap.state)
    return {state.value: 0 for state in GapState if state != GapState.MERGED} | dict(session.execute(counted).all())


def languages(session: Session) -> dict[str, int]:
    """Count the gaps of each language, the most frequent first."""
    counted = select(Gap.language, func.count()).where(Gap.state != GapState.MERGED).group_by(Gap.language).order_by(func.count().desc(), Gap.language)
    return dict(session.execute(counted).all())


def extent(session: Session) -> Extent:
    """Count the requests that were looked at, so that an empty page can say why it is empty."""
    met = GapRequest.reason != Reason.NONE
    alone, new = GapRequest.gap_id.is_(None), GapRequest.nearness.is_(None)
    counts = (func.count(), *(func.coalesce(func.sum(case((each, 1), else_=0)), 0) for each in (met, met & alone & ~new, met & alone & new)))
    return Extent(*session.execute(select(*counts).select_from(GapRequest)).one())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [Gap.state == wanted.state if wanted.state else Gap.state != GapState.MERGED, Gap.counted > 0]
    return [*conditions, Gap.language == wanted.language] if wanted.language else conditions


def _tallies(now: datetime, days: int, gap: int | None = None) -> Subquery:
    member = members()
    begin, earlier = now - timedelta(days=days), now - timedelta(days=2 * days)
    lately, before = (member.c.sent_at >= begin) & (member.c.sent_at <= now), (member.c.sent_at >= earlier) & (member.c.sent_at < begin)
    return (
        select(
            member.c.gap_id,
            func.count().label("count"),
            func.sum(case((lately, 1), else_=0)).label("lately"),
            func.sum(case((before, 1), else_=0)).label("before"),
            func.min(member.c.sent_at).label("first_at"),
            func.max(member.c.sent_at).label("last_at"),
        )
        .where(member.c.gap_id.is_not(None) if gap is None else member.c.gap_id == gap)
        .group_by(member.c.gap_id)
        .subquery()
    )


def _rows(tallies: Subquery) -> Select[tuple[object, ...]]:
    figures = (tallies.c.count, tallies.c.lately, tallies.c.before, tallies.c.first_at, tallies.c.last_at)
    return select(Gap.id, Gap.language, Gap.state, Gap.article_id, Gap.answered_share, *figures).join(tallies, tallies.c.gap_id == Gap.id)


def _order(sort: Sort, tallies: Subquery) -> tuple[ColumnElement[Any], ...]:
    keys: dict[Sort, ColumnElement[Any]] = {
        Sort.COUNT: tallies.c.count.desc(),
        Sort.GROWTH: (tallies.c.lately - tallies.c.before).desc(),
        Sort.WAITING: tallies.c.first_at.asc(),
        Sort.NEW: Gap.begun_at.desc(),
    }
    return keys[sort], tallies.c.count.desc(), Gap.id.asc()
