"""Helpfulness: what readers of the help centre say of an article, without a trace of who they are.

A vote carries a mark by which a network that votes again on the same day changes its own vote instead of adding one. The mark is a
keyed hash of network, article and day; it is taken away once the day is over, so that nothing is left that belongs to anybody.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, String, case, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.articles import Translation
from kb.inserts import insert_into
from kb.publications import public_revision
from kb.reasons import Reason
from kb.schema import Base


class Vote(Base):
    """One answer to "Was this helpful?" about the revision that was public then; ``reason`` may follow a *No*."""

    __tablename__ = "vote"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(String(16))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", ondelete="SET NULL"))
    helpful: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(32), default="")
    voted_on: Mapped[date] = mapped_column(index=True)
    mark: Mapped[str | None] = mapped_column(String(64), unique=True)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What readers said of one revision of an article in one language; ``reasons`` counts those that were given."""

    article_id: int
    language: str
    revision_id: int | None
    helpful: int
    unhelpful: int
    reasons: Mapping[Reason, int] = field(default_factory=dict)


def vote(session: Session, found: Translation, *, helpful: bool, reason: Reason | None = None, mark: str, now: datetime) -> None:
    """Count what somebody says of an article; said again under the same mark it takes the place of what was said before.

    :param mark: 64 letters at most that differ by network, article and day.
    """
    today = now.date()
    forgotten = update(Vote).where(Vote.mark.is_not(None), Vote.voted_on < today - timedelta(days=1)).values(mark=None)
    session.execute(forgotten)
    said = {"helpful": helpful, "reason": "" if helpful or reason is None else reason.value}
    row = insert_into(session, Vote).values(
        article_id=found.article_id, language=found.language, revision_id=public_revision(session, found.id), voted_on=today, mark=mark, **said
    )
    session.execute(row.on_conflict_do_update(index_elements=["mark"], set_=said))


def verdicts(session: Session, *, articles: Collection[int] | None = None, since: date | None = None) -> list[Verdict]:
    """Sum up what readers said, for each revision that anything was said of, in the order of articles.

    :param articles: these alone; all unless given.
    :param since: votes from this day on.
    """
    columns = (Vote.article_id, Vote.language, Vote.revision_id)
    counts = [func.sum(case((Vote.helpful, 1), else_=0)), func.sum(case((Vote.helpful, 0), else_=1))]
    counts += [func.sum(case((Vote.reason == reason, 1), else_=0)) for reason in Reason]
    query = select(*columns, *counts).group_by(*columns).order_by(*columns)
    if articles is not None:
        query = query.where(Vote.article_id.in_(articles))
    if since is not None:
        query = query.where(Vote.voted_on >= since)
    found = []
    for article, language, revision, helpful, unhelpful, *given in session.execute(query):
        found.append(Verdict(article, language, revision, helpful, unhelpful, {reason: count for reason, count in zip(Reason, given, strict=True) if count}))
    return found
