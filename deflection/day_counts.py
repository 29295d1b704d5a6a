"""Day counts: how many visits of a day, told apart by what they are, came to what. They outlive the visits."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import TypeEngine

from deflection.counted import RULES, hour_name
from kb.schema import Base

HOURS = tuple(hour_name(hour) for hour in range(24))
COUNTS = (*RULES, "under_way", "timed", "log_seconds", "log_squares", *HOURS)
"""The counts of `RULES`, times as sums of logarithms, and visits by hour of the day."""
MEETING_COUNTS = ("shown", "opened", "read", "solved", "declined", "sent", "returned")
"""What the visits that met an article did with it, as a `Meeting` says."""
VISIT_COUNTS = ("engaged", "confirmed", "presumed", "submitted_after_help", "submitted", "abandoned", "requests", "taken_back")
"""What the visits that met an article came to: each is a count of whole visits, whatever else they met."""
ARTICLE_COUNTS = (*MEETING_COUNTS, *VISIT_COUNTS)
PLACE = {"arm": 16, "language": 16, "topic": 64, "device": 16, "site": 255, "release": 32, "channel": 16}
"""What tells the rows of a day apart, and how long it may be."""
KEY = ("day", *PLACE)
ARTICLE_KEY = ("article_id", *KEY)


def _counts(name: str, key: tuple[str, ...], counts: tuple[str, ...], *more: Index) -> Table:
    kinds: dict[str, TypeEngine[Any]] = {"day": Date(), "article_id": Integer(), **{name: String(length) for name, length in PLACE.items()}}
    return Table(
        name,
        Base.metadata,
        Column("id", Integer, primary_key=True),
        *(Column(place, kinds[place], nullable=False) for place in key),
        Column("definitions", Integer, nullable=False),
        *(Column(count, BigInteger if count.startswith("log_") else Integer, nullable=False, server_default="0") for count in counts),
        Index(f"uq_{name}", *key, unique=True),
        *more,
    )


day_count = _counts("day_count", KEY, COUNTS)
"""Visits of one day and kind."""
article_day = _counts("article_day", ARTICLE_KEY, ARTICLE_COUNTS, Index("ix_article_day_day", "day"))
"""Visits of one day and kind that met an article, shown or opened; in the holdout those from which it was withheld.

The articles come first in its index: figures of all articles are then added up without sorting.
"""


class CountedDay(Base):
    """A day that was counted: by which definitions, when, and whether something happened since that only a rebuild will count."""

    __tablename__ = "counted_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    definitions: Mapped[int]
    counted_at: Mapped[datetime]
    waiting: Mapped[bool] = mapped_column(default=False)


class Ledger(Base):
    """The single row that says as of when days are counted, from which day on the visits themselves are kept, and how often a day was written."""

    __tablename__ = "ledger"

    id: Mapped[int] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime | None]
    kept_from: Mapped[date | None]
    written: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


def counted_at(session: Session) -> datetime | None:
    """Tell as of when days are counted; nothing if they never were."""
    ledger = session.get(Ledger, 1)
    return ledger.counted_at if ledger else None


def kept_from(session: Session) -> date | None:
    """Tell from which day on visits are kept; nothing while none was forgotten."""
    ledger = session.get(Ledger, 1)
    return ledger.kept_from if ledger else None


def written(session: Session) -> int:
    """Tell how often a day was written: unchanged, every row of a day is as it was."""
    ledger = session.get(Ledger, 1)
    return ledger.written if ledger else 0
