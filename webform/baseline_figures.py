"""Figures of a baseline: what share an article answers, by language and month, when people ask, and what that would save."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from kb.intervals import Interval, newcombe, wilson
from webform.baselines import Baseline, BaselineQuestion, Verdict

DAYS_OF_MONTH = 30.44
HOURS = tuple((weekday, hour) for weekday in range(7) for hour in range(24))


@dataclass(frozen=True, slots=True)
class Part:
    """How many of some questions an article answers at the gate."""

    answered: int
    questions: int

    @property
    def share(self) -> float | None:
        """The share; nothing where there are no questions."""
        return self.answered / self.questions if self.questions else None

    @property
    def interval(self) -> Interval | None:
        """Between which bounds the share lies that would be found in as much more mail of the kind, at 95 % (Wilson)."""
        return wilson(self.answered, self.questions) if self.questions else None


@dataclass(frozen=True, slots=True)
class Savings:
    """What answering that share would save in 30.44 days, in the currency of the settings, with its bounds; the volume is taken as known."""

    monthly: float
    interval: Interval
    questions_monthly: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What a baseline has come to. ``hours`` counts questions by weekday (Monday is 0) and hour of its zone; undated ones are in no hour and no month.

    ``looked`` and ``right`` say how many of the articles that pass the gate our people have judged, and how many of them were right.
    """

    whole: Part
    languages: dict[str, Part]
    months: dict[str, Part]
    hours: dict[tuple[int, int], int]
    undated: int
    first_at: datetime | None
    last_at: datetime | None
    verdicts: dict[str, int]
    right: int
    looked: int

    @property
    def days(self) -> int:
        """How many days lie between the first and the last question, both counted; 0 without dates."""
        return (self.last_at - self.first_at).days + 1 if self.first_at and self.last_at else 0

    @property
    def busiest(self) -> tuple[int, int] | None:
        """The weekday and hour in which most was asked."""
        place = max(HOURS, key=lambda each: self.hours.get(each, 0))
        return place if self.hours.get(place) else None

    @property
    def precision(self) -> Interval | None:
        """Between which bounds the share of right ones lies, of the articles that pass the gate."""
        return wilson(self.right, self.looked) if self.looked else None


def zone_of(name: str) -> tzinfo:
    """Give a time zone by its name.

    :raises ValueError: if there is none of that name.
    """
    if name.upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone: write for example Europe/Berlin, Asia/Shanghai or UTC") from error


def figures(session: Session, baseline: Baseline) -> Figures:
    """Count what a baseline has come to so far; two grouped queries, whatever its size."""
    answered = func.coalesce(func.sum(case((BaselineQuestion.answered.is_(True), 1), else_=0)), 0)
    mine = (BaselineQuestion.baseline_id == baseline.id, BaselineQuestion.answered.is_not(None))
    counted = select(BaselineQuestion.language, BaselineQuestion.asked_at, BaselineQuestion.dated, func.count(), answered).where(*mine)
    rows = session.execute(counted.group_by(BaselineQuestion.language, BaselineQuestion.asked_at, BaselineQuestion.dated)).all()
    zone = zone_of(baseline.zone)
    languages, months, hours = _Tally(), _Tally(), Counter[tuple[int, int]]()
    undated, moments = 0, list[datetime]()
    for language, asked_at, dated, questions, met in rows:
        languages.add(language, met, questions)
        if dated:
            local = asked_at.astimezone(zone)
            months.add(f"{local:%Y-%m}", met, questions)
            hours[local.weekday(), local.hour] += questions
            moments.append(asked_at)
        else:
            undated += questions
    verdicts = dict(session.execute(select(BaselineQuestion.verdict, func.count()).where(*mine).group_by(BaselineQuestion.verdict)).all())
    judged = select(BaselineQuestion.verdict, func.count()).where(*mine, BaselineQuestion.answered.is_(True), BaselineQuestion.verdict.in_(_JUDGED))
    told = dict(session.execute(judged.group_by(BaselineQuestion.verdict)).all())
    whole = Part(sum(row[4] for row in rows), sum(row[3] for row in rows))
    return Figures(
        whole=whole, languages=languages.parts(by_size=True), months=months.parts(), hours=dict(hours), undated=undated,
        first_at=min(moments, default=None), last_at=max(moments, default=None), verdicts=verdicts,
        right=told.get(Verdict.CONFIRMED, 0), looked=sum(told.values()),
    )  # fmt: skip


def savings(found: Figures, cost: float) -> Savings | None:
    """Reckon what answering would save: share x questions a month x cost of one; nothing without dates or a cost.

    Mail of less than a month says what a month would bring if it went on like that.
    """
    share, interval = found.whole.share, found.whole.interval
    if not cost or not found.days or share is None or interval is None:
        return None
    monthly = (found.whole.questions - found.undated) / found.days * DAYS_OF_MONTH
    worth = monthly * cost
    return Savings(share * worth, Interval(interval.low * worth, interval.high * worth), monthly)


def difference(one: Figures, other: Figures) -> tuple[float, Interval] | None:
    """Compare the shares of two baselines, the first minus the second, with the 95 % interval of Newcombe; nothing where one has no questions."""
    if one.whole.share is None or other.whole.share is None:
        return None
    bounds = newcombe((one.whole.answered, one.whole.questions), (other.whole.answered, other.whole.questions))
    return one.whole.share - other.whole.share, bounds


_JUDGED = (Verdict.CONFIRMED, Verdict.CORRECTED, Verdict.UNANSWERED)


class _Tally:
    """Counts answered questions and all of them, by a word."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, word: str, answered: int, questions: int) -> None:
        self._counts[word][0] += answered
        self._counts[word][1] += questions

    def parts(self, *, by_size: bool = False) -> dict[str, Part]:
        ordered: Iterable[str] = sorted(self._counts, key=lambda word: (-self._counts[word][1], word) if by_size else (0, word))
        return {word: Part(*self._counts[word]) for word in ordered}


def kinds_in_order(kinds: Mapping[str, int]) -> dict[str, int]:
    """Give how many mails there are of each kind, those that there are, the most frequent first."""
    return {kind: count for kind, count in sorted(kinds.items(), key=lambda each: (-each[1], each[0])) if count > 0}
