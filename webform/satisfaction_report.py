"""What customers said of how it was, counted: in all, by topic, by language and by week."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kb.database import Database
from kb.inserts import dialect_of
from kb.intervals import Interval, wilson
from webform.satisfaction import Satisfaction, Score
from webform.tickets import Ticket

BATCH = 500
Name = TypeVar("Name")


@dataclass(frozen=True, slots=True)
class Tally:
    """Questions that were asked, and what came of them until now."""

    asked: int = 0
    good: int = 0
    middling: int = 0
    bad: int = 0

    @property
    def answered(self) -> int:
        """How many answered."""
        return self.good + self.middling + self.bad

    @property
    def share(self) -> float | None:
        """The share of answers that are good; nothing as long as there is none."""
        return self.good / self.answered if self.answered else None

    @property
    def answered_share(self) -> float | None:
        """The share of those asked who answered."""
        return self.answered / self.asked if self.asked else None

    @property
    def interval(self) -> Interval:
        """Between which bounds the share of good answers lies (95 %, Wilson)."""
        return wilson(self.good, self.answered)

    def __add__(self, other: "Tally") -> "Tally":
        """Count two tallies together."""
        return Tally(self.asked + other.asked, self.good + other.good, self.middling + other.middling, self.bad + other.bad)


@dataclass(frozen=True, slots=True)
class Report:
    """Questions asked in a time: in all, and by topic, language and the Monday of the week in which they were asked."""

    total: Tally
    topics: dict[str, Tally]
    languages: dict[str, Tally]
    weeks: dict[date, Tally]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, with the request it is about."""

    reference: str
    topic: str
    language: str
    score: str
    comment: str
    asked_at: datetime | None
    answered_at: datetime | None


def satisfaction_between(session: Session, since: datetime, until: datetime) -> Tally:
    """Count the questions asked from one moment until before another, with the answers they have got by now."""
    counted = select(Satisfaction.score, func.count()).where(Satisfaction.asked_at >= since, Satisfaction.asked_at < until)
    return sum((_tally(score, count) for score, count in session.execute(counted.group_by(Satisfaction.score))), Tally())


def report(session: Session, since: datetime, until: datetime) -> Report:
    """Count the questions asked from one moment until before another, by what they were about."""
    on = func.date(func.timezone("UTC", Satisfaction.asked_at) if dialect_of(session) == "postgresql" else Satisfaction.asked_at)
    place = (Satisfaction.topic, Satisfaction.language, on, Satisfaction.score)
    asked = select(*place, func.count()).where(Satisfaction.asked_at >= since, Satisfaction.asked_at < until).group_by(*place)
    counted = [(topic, language, _monday(day), _tally(score, count)) for topic, language, day, score, count in session.execute(asked)]
    weeks = _sums((week, tally) for _, _, week, tally in counted)
    return Report(
        total=sum((tally for *_, tally in counted), Tally()),
        topics=_sums((topic, tally) for topic, _, _, tally in counted),
        languages=_sums((language, tally) for _, language, _, tally in counted),
        weeks=dict(sorted(weeks.items(), reverse=True)),
    )


def comments(session: Session, since: datetime, until: datetime, *, most: int = 50) -> list[Said]:
    """List answers with a comment, the last one first."""
    wanted = _answers(since, until).where(Satisfaction.comment != "").order_by(Satisfaction.answered_at.desc(), Satisfaction.id.desc()).limit(most)
    return [Said(*row) for row in session.execute(wanted)]


def stream(database: Database, since: datetime, until: datetime) -> Iterator[Said]:
    """Give every answer, the first one first, in short transactions: a slow reader holds nothing up."""
    last = 0
    while True:
        with database.reading() as session:
            wanted = _answers(since, until).add_columns(Satisfaction.id).where(Satisfaction.id > last).order_by(Satisfaction.id).limit(BATCH)
            rows = session.execute(wanted).all()
        for *fields, number in rows:
            last = number
            yield Said(*fields)
        if len(rows) < BATCH:
            return


def _answers(since: datetime, until: datetime) -> Select[str, str, str, str, str, datetime | None, datetime | None]:
    named = (
        Ticket.reference,
        Satisfaction.topic,
        Satisfaction.language,
        Satisfaction.score,
        Satisfaction.comment,
        Satisfaction.asked_at,
        Satisfaction.answered_at,
    )
    joined = select(*named).join(Ticket, Ticket.id == Satisfaction.ticket_id)
    return joined.where(Satisfaction.asked_at >= since, Satisfaction.asked_at < until, Satisfaction.answered_at.is_not(None))


def _tally(score: str, count: int) -> Tally:
    return Tally(count, *(count if score == said else 0 for said in (Score.GOOD, Score.MIDDLING, Score.BAD)))


def _sums(counted: Iterable[tuple[Name, Tally]]) -> dict[Name, Tally]:
    found: dict[Name, Tally] = {}
    for name, tally in counted:
        found[name] = found.get(name, Tally()) + tally
    return found


def _monday(on: date | str) -> date:
    day = on if isinstance(on, date) else date.fromisoformat(on)
    return day - timedelta(days=day.weekday())
