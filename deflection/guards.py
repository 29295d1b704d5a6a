"""Guards: what must not get worse by suggesting, each held against the visits that saw a plain form."""

import math
from dataclasses import dataclass
from enum import StrEnum

from deflection.counted import LOG_UNIT
from deflection.figures import Counts, Figures
from deflection.lift import FEWEST, always_valid, mixture_reach
from deflection.reports import Rate
from deflection.visits import Arm
from kb.intervals import Interval, newcombe

LIKELY_RATIO = 0.1
"""How much longer or shorter, as a share, sending is thought likely to take beforehand."""
FEWEST_TIMED = 30
Z = 1.959963984540054


class GuardName(StrEnum):
    """What is watched.

    - ``abandonment``: of engaged visits, those that came to nothing. Worse when higher.
    - ``time_to_send``: from the first character to sending, the geometric mean. Worse when longer.
    - ``sent_after_bad``: of visits that were shown what did not help, those that sent a request, against those of the holdout that
      would have been shown something. Worse when lower: Send must not be further away because of suggestions.
    - ``taken_back``: of visits that an article is believed to have helped, those whose person sent a request within days, against those
      of the holdout who left without sending. Worse when higher.
    """

    ABANDONMENT = "abandonment"
    TIME_TO_SEND = "time_to_send"
    SENT_AFTER_BAD = "sent_after_bad"
    TAKEN_BACK = "taken_back"


SHARES: dict[GuardName, dict[Arm, tuple[str, str]]] = {
    GuardName.ABANDONMENT: {Arm.TREATMENT: ("abandoned", "engaged"), Arm.HOLDOUT: ("abandoned", "engaged")},
    GuardName.SENT_AFTER_BAD: {Arm.TREATMENT: ("bad_sent", "bad_shown"), Arm.HOLDOUT: ("bad_sent", "bad_shown")},
    GuardName.TAKEN_BACK: {Arm.TREATMENT: ("taken_back", "helped"), Arm.HOLDOUT: ("left_returned", "left")},
}
"""The counts behind each share: the part and the whole, by their names."""


@dataclass(frozen=True, slots=True)
class Typical:
    """A typical time in seconds, of so many visits: their geometric mean, and its 95 % interval."""

    visits: int
    seconds: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard. Shares have their counts, times their typical values.

    ``difference`` is treatment minus holdout, as shares; for a time it is how many times as long, so that 1 means no
    difference. ``always`` bounds the same at all times at once, and ``is_worse`` goes by it. Without data they are ``None``.
    """

    name: GuardName
    treatment: Rate | Typical
    holdout: Rate | Typical
    difference: Interval | None = None
    always: Interval | None = None
    is_worse: bool = False

    @property
    def is_told(self) -> bool:
        """Whether there are enough visits with either form for it to say anything."""
        numbers = [side.of if isinstance(side, Rate) else side.visits for side in (self.treatment, self.holdout)]
        return self.always is not None and min(numbers) >= FEWEST


def guards(figures: Figures) -> list[Guard]:
    """Give every guard of a slice, in the order of the definition."""
    return [_time(figures) if name is GuardName.TIME_TO_SEND else _share(name, figures) for name in GuardName]


def _share(name: GuardName, figures: Figures) -> Guard:
    treatment, holdout = (Rate(*(getattr(figures.arms[arm], count) for count in SHARES[name][arm])) for arm in Arm)
    if not (treatment.of and holdout.of):
        return Guard(name, treatment, holdout)
    counted = (treatment.count, treatment.of), (holdout.count, holdout.of)
    always = always_valid(*counted)
    worse = always.high < 0 if name is GuardName.SENT_AFTER_BAD else always.low > 0
    return Guard(name, treatment, holdout, newcombe(*counted), always, worse)


def _time(figures: Figures) -> Guard:
    treatment, holdout = (typical(figures.arms[arm]) for arm in Arm)
    if min(treatment.visits, holdout.visits) < 2:
        return Guard(GuardName.TIME_TO_SEND, treatment, holdout)
    difference = _mean(figures.treatment) - _mean(figures.holdout)
    variance = _variance(figures.treatment) + _variance(figures.holdout)
    once, always = _ratios(difference, Z * math.sqrt(variance)), None
    if min(treatment.visits, holdout.visits) >= FEWEST_TIMED and variance > 0:
        always = _ratios(difference, mixture_reach(variance, LIKELY_RATIO))
    return Guard(GuardName.TIME_TO_SEND, treatment, holdout, once, always, always is not None and always.low > 1)


def typical(counts: Counts) -> Typical:
    """Tell how long it takes from the first character to sending."""
    if not counts.timed:
        return Typical(0, None, None)
    middle, reach = _mean(counts), Z * math.sqrt(_variance(counts)) if counts.timed > 1 else math.inf
    bounds = Interval(math.exp(middle - reach), math.exp(middle + reach)) if math.isfinite(reach) else None
    return Typical(counts.timed, math.exp(middle), bounds)


def _mean(counts: Counts) -> float:
    return counts.log_seconds / counts.timed / LOG_UNIT


def _variance(counts: Counts) -> float:
    """Give the variance of the mean logarithm."""
    spread = counts.log_squares - counts.log_seconds**2 / counts.timed
    return max(0.0, spread) / (counts.timed - 1) / counts.timed / LOG_UNIT**2


def _ratios(difference: float, reach: float) -> Interval:
    return Interval(math.exp(difference - reach), math.exp(difference + reach))
