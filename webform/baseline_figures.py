"""Figures of a baseline: for what share an article is shown, how often it is right, by language and month, when people ask, and what that would save."""

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
    """For how many of some questions an article passes the gate; without ``articles`` there was none that could have."""

    answered: int
    questions: int
    articles: bool = True

    @property
    def share(self) -> float | None:
        """The share; nothing where there are no questions, or no articles."""
        return self.answered / self.questions if self.questions and self.articles else None

    @property
    def interval(self) -> Interval | None:
        """Between which bounds the share lies that would be found in as much more mail of the kind, at 95 % (Wilson)."""
        return wilson(self.answered, self.questions) if self.share is not None else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share and its bounds, at 95 %."""

    share: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Savings:
    """What answering would save in 30.44 days, in the currency of the settings, with its bounds; the volume is taken as known.

    ``share`` is that of the questions answered rightly, as far as our people have looked; ``looked`` says whether they have.
    """

    monthly: float
    interval: Interval
    questions_monthly: float
    share: float
    looked: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What a baseline has come to. ``hours`` counts questions by weekday (Monday is 0) and hour of its zone; undated ones are in no hour and no month.

    ``looked`` and ``right`` say how many of the articles that pass the gate our people have judged, and how many of them were right.
    ``learned`` questions are part of no share: suggestions had learned from them before they were asked.
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
    learned: int = 0

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
    def rightly(self) -> Estimate | None:
        """The share of questions for which the right article is shown, by those looked at; nothing before anybody has looked.

        Its bounds are the products of both intervals' bounds, at 97.5 % each, so that both hold at once with 95 % (Bonferroni).
        """
        if not self.looked or self.whole.share is None:
            return None
        shown = wilson(self.whole.answered, self.whole.questions, confidence=_BOTH)
        right = wilson(self.right, self.looked, confidence=_BOTH)
        return Estimate(self.whole.share * self.right / self.looked, Interval(shown.low * right.low, shown.high * right.high))

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
    place = (BaselineQuestion.language, BaselineQuestion.asked_at, BaselineQuestion.dated, BaselineQuestion.learned)
    rows = session.execute(select(*place, func.count(), answered).where(*mine).group_by(*place)).all()
    zone = zone_of(baseline.zone)
    articles = baseline.articles != 0
    languages, months, hours = _Tally(articles), _Tally(articles), Counter[tuple[int, int]]()
    undated, learned, moments = 0, 0, list[datetime]()
    for language, asked_at, dated, known, questions, met in rows:
        learned += questions if known else 0
        tested, met = (0, 0) if known else (questions, met)
        languages.add(language, met, tested)
        if dated:
            local = asked_at.astimezone(zone)
            months.add(f"{local:%Y-%m}", met, tested)
            hours[local.weekday(), local.hour] += questions
            moments.append(asked_at)
        else:
            undated += questions
    verdicts = dict(session.execute(select(BaselineQuestion.verdict, func.count()).where(*mine).group_by(BaselineQuestion.verdict)).all())
    judged = select(BaselineQuestion.verdict, func.count()).where(
        *mine, BaselineQuestion.answered.is_(True), ~BaselineQuestion.learned, BaselineQuestion.verdict.in_(_JUDGED)
    )
    told = dict(session.execute(judged.group_by(BaselineQuestion.verdict)).all())
    whole = Part(sum(row[5] for row in rows if not row[3]), sum(row[4] for row in rows if not row[3]), articles)
    return Figures(
        whole=whole, languages=languages.parts(by_size=True), months=months.parts(), hours=dict(hours), undated=undated,
        first_at=min(moments, default=None), last_at=max(moments, default=None), verdicts=verdicts,
        right=told.get(Verdict.CONFIRMED, 0), looked=sum(told.values()), learned=learned,
    )  # fmt: skip


def savings(found: Figures, cost: float) -> Savings | None:
    """Reckon what answering would save: share x questions a month x cost of one; nothing without dates or a cost.

    The share is that of questions answered rightly; as long as nobody has looked, every article shown is taken to be right.

    Mail of less than a month says what a month would bring if it went on like that.
    """
    share, interval = found.whole.share, found.whole.interval
    if not cost or not found.days or share is None or interval is None:
        return None
    if found.rightly is not None:
        share, interval = found.rightly.share, found.rightly.interval
    monthly = (found.whole.questions + found.learned - found.undated) / found.days * DAYS_OF_MONTH
    worth = monthly * cost
    return Savings(share * worth, Interval(interval.low * worth, interval.high * worth), monthly, share, found.rightly is not None)


def difference(one: Figures, other: Figures) -> tuple[float, Interval] | None:
    """Compare the shares of two baselines, the first minus the second, with the 95 % interval of Newcombe; nothing where one has no questions."""
    if one.whole.share is None or other.whole.share is None:
        return None
    bounds = newcombe((one.whole.answered, one.whole.questions), (other.whole.answered, other.whole.questions))
    return one.whole.share - other.whole.share, bounds


_BOTH = 0.975
_JUDGED = (Verdict.CONFIRMED, Verdict.CORRECTED, Verdict.UNANSWERED)


class _Tally:
    """Counts answered questions and all of them, by a word."""

    def __init__(self, articles: bool) -> None:
        self._articles = articles
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, word: str, answered: int, questions: int) -> None:
        self._counts[word][0] += answered
        self._counts[word][1] += questions

    def parts(self, *, by_size: bool = False) -> dict[str, Part]:
        ordered: Iterable[str] = sorted(self._counts, key=lambda word: (-self._counts[word][1], word) if by_size else (0, word))
        return {word: Part(self._counts[word][0], self._counts[word][1], self._articles) for word in ordered}


def kinds_in_order(kinds: Mapping[str, int]) -> dict[str, int]:
    """Give how many mails there are of each kind, those that there are, the most frequent first."""
    return {kind: count for kind, count in sorted(kinds.items(), key=lambda each: (-each[1], each[0])) if count > 0}
