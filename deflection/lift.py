"""Lift: what suggesting changed, held against the visits that saw a plain form, however often somebody looks.

Two intervals are given. Newcombe's is that of one look, decided on beforehand. A dashboard is looked at every day, and who
stops at the first day that looks good would be wrong far more often than once in twenty; so nothing is claimed unless the
always-valid interval leaves 0 out, which holds at all times at once.
"""

import math
from dataclasses import dataclass

from kb.intervals import Interval, newcombe

ALPHA = 0.05
PRIOR = 0.05
"""Standard deviation of the differences that are thought likely beforehand: five requests in a hundred visits."""
FEWEST = 30
"""Visits each arm must have before anything is claimed: below that, the normal approximation is not to be trusted."""
MOST_NEEDED = 10_000_000
Counted = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lift:
    """Requests per 100 engaged visits of the holdout minus those of the treatment arm.

    ``interval`` is that of a single look, ``always`` that of looking as often as one likes. ``visits_needed`` are those the
    smaller arm still needs until a difference of this size would be claimed, ``visits_needed_in_all`` those of both; 0 once
    it is, ``None`` if no number would do.
    """

    per_100_visits: float
    interval: Interval
    always: Interval
    visits_needed: int | None
    visits_needed_in_all: int | None

    @property
    def is_certain(self) -> bool:
        """Whether a difference can be claimed, whenever one looks."""
        return self.always.low > 0 or self.always.high < 0


def lift_of(holdout: Counted, treatment: Counted) -> Lift | None:
    """Compare the requests and the engaged visits of both arms; nothing while one has no visit."""
    if not (holdout[1] and treatment[1]):
        return None
    difference = holdout[0] / holdout[1] - treatment[0] / treatment[1]
    needed, in_all = _needed(holdout, treatment)
    once, always = _per_100(newcombe(holdout, treatment)), _per_100(always_valid(holdout, treatment))
    return Lift(100 * difference, once, always, needed, in_all)


def about(number: int) -> int:
    """Round a number that is only about right to two digits and noughts."""
    return int(float(f"{number:.2g}"))


def _per_100(bounds: Interval) -> Interval:
    return Interval(100 * bounds.low, 100 * bounds.high)


def always_valid(first: Counted, second: Counted) -> Interval:
    """Bound the difference between two shares, the first minus the second, at all times at once with 95 %.

    It is Newcombe's interval, drawn as wide as a normal mixture demands: the shares of small groups are skewed, and an interval
    that is as long on both sides would claim too often (up to 7 % in simulations; this one at most 4 %).

    :return: bounds in [-1, 1]; the widest possible while a group has fewer than `FEWEST` trials.

    Source: the mixture of Robbins (1970) as in Johari, Koomen, Pekelis and Walsh (2022), Always Valid Inference: Continuous
    Monitoring of A/B Tests, Operations Research 70(3):1806-1821; begun late as in Bibaut, Kallus and Lindon (2022), arXiv:2212.14411.
    """
    if min(first[1], second[1]) < FEWEST:
        return Interval(-1.0, 1.0)
    variance = _variance(*first) + _variance(*second)
    deviations = mixture_reach(variance, PRIOR) / math.sqrt(variance)
    return newcombe(first, second, confidence=math.erf(deviations / math.sqrt(2)))


def _variance(successes: float, trials: float) -> float:
    """Give the variance of a share, with one success and one failure added so that it is never 0 (Agresti and Caffo, 2000)."""
    share = (successes + 1) / (trials + 2)
    return share * (1 - share) / trials


def mixture_reach(variance: float, spread: float) -> float:
    """Tell how far an estimate may be from the truth at any time, with 95 %.

    :param variance: of the estimate, by now.
    :param spread: standard deviation of the values thought likely beforehand. The interval is narrowest for values about that large.
    """
    prior = spread**2
    return math.sqrt(variance * (variance + prior) / prior * (2 * math.log(1 / ALPHA) + math.log1p(prior / variance)))


def _needed(holdout: Counted, treatment: Counted) -> tuple[int | None, int | None]:
    """Find how many times as many visits would do if the difference stayed as it is, by halving."""
    fewer, both = min(holdout[1], treatment[1]), holdout[1] + treatment[1]

    def would_do(times: float) -> bool:
        bounds = always_valid(*((part * times, whole * times) for part, whole in (holdout, treatment)))
        return bounds.low > 0 or bounds.high < 0

    if would_do(1.0):
        return 0, 0
    low, high = 1.0, MOST_NEEDED / fewer
    if not would_do(high):
        return None, None
    while high - low > 1e-3 * low:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if would_do(middle) else (middle, high)
    return math.ceil(fewer * (high - 1)), math.ceil(both * (high - 1))
