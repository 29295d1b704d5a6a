"""Events: facts about what happened in a visit, never what was typed.

A fact is kept once for each visit, kind and article, however often it is told. The last word about an article
stands: ``declined`` after ``solved`` takes the solution back (the row says so as its reason unless the customer gave
one), and ``solved`` after ``declined`` takes that back. ``declined`` of no article takes back every solution.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter

from sqlalchemy import BigInteger, ForeignKey, Integer, String, UniqueConstraint, bindparam, case, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from deflection.visits import Visit
from kb.inserts import insert_for
from kb.ready import Line, Ready
from kb.reasons import Reason as Reason
from kb.schema import Base

NO_ARTICLE = 0
MOST_AT_ONCE = 4
"""Facts in one statement."""
_TOLD = ("visit_id", "kind", "article_id", "rank", "seconds", "reason", "language", "recorded_at")


class Kind(StrEnum):
    """What can happen in a visit."""

    SHOWN = "shown"
    WITHHELD = "withheld"
    OPENED = "opened"
    READ = "read"
    SOLVED = "solved"
    DECLINED = "declined"
    SUBMITTED = "submitted"


class Event(Base):
    """One fact of a visit; several articles shown at once are one event each. ``language`` is that of the text that was shown."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("visit_id", "kind", "article_id", name="uq_event_visit_kind_article"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)  # A repeat uses up a number, too.
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    article_id: Mapped[int] = mapped_column(default=0)
    rank: Mapped[int | None]
    seconds: Mapped[float | None]
    reason: Mapped[str] = mapped_column(String(32), default="")
    language: Mapped[str] = mapped_column(String(16), default="", server_default="")
    recorded_at: Mapped[datetime] = mapped_column(index=True)


def record(
    session: Session,
    visit: Visit,
    kind: Kind,
    *,
    articles: Sequence[int] = (),
    languages: Sequence[str] = (),
    reason: str = "",
    seconds: float | None = None,
    now: datetime,
) -> None:
    """Note a fact of a visit. Telling it again changes nothing but what got larger or better known.

    A repeat keeps the first time, the best rank, the longest ``seconds`` and the last reason given.

    :param articles: in the order they stood on the page: they get ranks from 1. None means the visit as a whole.
    :param languages: of the texts that were shown, article by article, where that is known.
    :param reason: one of `Reason`, or nothing.
    :param seconds: how long an article was in view.
    """
    if kind is Kind.DECLINED and _take_back(session, visit, Kind.SOLVED, articles):
        reason = reason or Reason.TAKEN_BACK
    if kind is Kind.SOLVED:
        _take_back(session, visit, Kind.DECLINED, articles)
    note(session.connection(), visit, kind, articles=articles, languages=languages, reason=reason, seconds=seconds, now=now)
    if now > visit.last_seen_at:  # Whoever has just seen the visit has said so already.
        visit.last_seen_at = now
        session.flush()


def note(
    line: Line,
    visit: Visit,
    kind: Kind,
    *,
    articles: Sequence[int] = (),
    languages: Sequence[str] = (),
    reason: str = "",
    seconds: float | None = None,
    now: datetime,
) -> None:
    """Note a fact that takes nothing back, of a visit that has just been seen; else as `record` does."""
    ranked = kind in {Kind.SHOWN, Kind.WITHHELD}
    told = {"visit_id": visit.id, "kind": kind, "seconds": seconds, "reason": reason, "recorded_at": now}
    written = dict(zip(articles, languages, strict=False))
    rows = [
        told | {"article_id": article, "rank": rank if ranked else None, "language": written.get(article, "")}
        for rank, article in enumerate(dict.fromkeys(articles or (NO_ARTICLE,)), 1)
    ]
    rows.sort(key=itemgetter("article_id"))  # Two processes that tell the same facts at once lock them in the same order.
    for some in (rows[at : at + MOST_AT_ONCE] for at in range(0, len(rows), MOST_AT_ONCE)):
        _kept(len(some)).rows(line, {f"fact{number}_{name}": value for number, row in enumerate(some) for name, value in row.items()})


def was_offered(session: Session, visit: int) -> bool:
    """Tell whether anything was shown in a visit, or withheld from it for comparison."""
    return session.scalars(select(Event.id).where(Event.visit_id == visit, Event.kind.in_([Kind.SHOWN, Kind.WITHHELD])).limit(1)).first() is not None


def _take_back(session: Session, visit: Visit, kind: Kind, articles: Sequence[int]) -> bool:
    taken = delete(Event).where(Event.visit_id == visit.id, Event.kind == kind)
    if articles:
        taken = taken.where(Event.article_id.in_(articles))
    return bool(session.execute(taken.returning(Event.id)).all())


@lru_cache(maxsize=MOST_AT_ONCE)
def _kept(many: int) -> Ready:
    """Put together how so many facts are kept, new or told again, in one statement."""
    return Ready(lambda dialect: _keeping(dialect, many))


def _keeping(dialect: str, many: int) -> ReturningInsert[int]:
    columns = Event.__table__.c
    rows = [{name: bindparam(f"fact{number}_{name}", type_=columns[name].type) for name in _TOLD} for number in range(many)]
    statement = insert_for(dialect, Event).values(rows)
    new = statement.excluded
    merged = {
        "rank": case((new.rank < Event.rank, new.rank), else_=func.coalesce(Event.rank, new.rank)),
        "seconds": case((new.seconds > Event.seconds, new.seconds), else_=func.coalesce(Event.seconds, new.seconds)),
        "reason": case((new.reason != "", new.reason), else_=Event.reason),
        "language": case((new.language != "", new.language), else_=Event.language),
    }
    return statement.on_conflict_do_update(index_elements=["visit_id", "kind", "article_id"], set_=merged).returning(Event.id)
