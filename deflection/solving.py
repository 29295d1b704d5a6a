"""Solving: how often each article was shown, opened, and solved the problem, counted so that it stays cheap at any age.

What is older than a day is added up once and kept by article; only the last day's events are counted when somebody
asks. A solution that is taken back after more than a day stays counted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Subquery, case, func, select, union_all
from sqlalchemy.orm import Mapped, Session, mapped_column

from deflection.events import NO_ARTICLE, Event, Kind
from kb.inserts import insert_into
from kb.schema import Base

SETTLED = timedelta(days=1)
"""Age from which an event is no longer expected to be taken back."""
BEGINNING = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
COUNTED = (Kind.SHOWN, Kind.OPENED, Kind.SOLVED, Kind.DECLINED)


class ArticleCount(Base):
    """Visits in which an article was shown, opened, solved or declined, up to the moment that all counts share."""

    __tablename__ = "article_count"

    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shown: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    solved: Mapped[int] = mapped_column(default=0)
    declined: Mapped[int] = mapped_column(default=0)


class CountState(Base):
    """The single row that says up to when events are in the counts."""

    __tablename__ = "count_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    until: Mapped[datetime]


def settle(session: Session, now: datetime) -> int:
    """Add the events that have become older than a day to the counts; each once, however many workers do it.

    :return: how many articles they were about.
    """
    session.execute(insert_into(session, CountState).values(id=1, until=BEGINNING).on_conflict_do_nothing(index_elements=["id"]))
    state = session.scalars(select(CountState).where(CountState.id == 1).with_for_update().execution_options(populate_existing=True)).one()
    if now - SETTLED <= state.until:
        return 0
    since, state.until = state.until, now - SETTLED
    settled = _counted(Event.recorded_at >= since, Event.recorded_at < state.until)
    rows = [dict(row._mapping) for row in session.execute(select(settled).order_by(settled.c.article_id))]
    if rows:
        statement = insert_into(session, ArticleCount)
        added = {kind: getattr(ArticleCount, kind) + statement.excluded[kind] for kind in COUNTED}
        session.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_=added), rows)
    session.flush()
    return len(rows)


def counts(session: Session, articles: Sequence[int] | None = None) -> Subquery:
    """Give the counts of some articles, or of every one that was ever shown, as a table: ``article_id, shown, opened, solved, declined``."""
    until = session.scalar(select(CountState.until).where(CountState.id == 1)) or BEGINNING
    fresh = _counted(Event.recorded_at >= until, *([Event.article_id.in_(articles)] if articles is not None else []))
    kept = select(ArticleCount.article_id, *(getattr(ArticleCount, kind) for kind in COUNTED))
    if articles is not None:
        kept = kept.where(ArticleCount.article_id.in_(articles))
    both = union_all(select(fresh), kept).subquery()
    return select(both.c.article_id, *(func.sum(both.c[kind]).label(kind) for kind in COUNTED)).group_by(both.c.article_id).subquery("counts")


def _counted(*conditions: ColumnElement[bool]) -> Subquery:
    sums = (func.sum(case((Event.kind == kind, 1), else_=0)).label(kind) for kind in COUNTED)
    wanted = (*conditions, Event.article_id != NO_ARTICLE, Event.kind.in_(COUNTED))
    return select(Event.article_id, *sums).where(*wanted).group_by(Event.article_id).subquery()
