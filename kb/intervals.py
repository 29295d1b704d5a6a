"""Intervals: between which bounds the truth behind a count lies."""

import math
from statistics import NormalDist
from typing import NamedTuple


class Interval(NamedTuple):
    """Two bounds, the lower first."""

    low: float
    high: float


def wilson(successes: float, trials: float, *, confidence: float = 0.95) -> Interval:
    """Bound the share behind a count of successes.

    :param successes: at most ``trials``; neither need be whole, where a trial counts for less than one.
    :param confidence: share of intervals that cover the truth, in (0, 1).
    :return: lower and upper bound, shares in [0, 1]; (0, 1) when there are no trials.
    :raises ValueError: if ``successes`` exceeds ``trials`` or either is negative.

    Source: Wilson (1927), without continuity correction.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is no count of successes")
    if trials == 0:
        return Interval(0.0, 1.0)
    z = _quantile(confidence)
    share = successes / trials
    middle = share + z**2 / (2 * trials)
    reach = z * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    scale = 1 + z**2 / trials
    low = 0.0 if successes == 0 else (middle - reach) / scale
    high = 1.0 if successes == trials else (middle + reach) / scale
    return Interval(max(0.0, low), min(1.0, high))


def newcombe(first: tuple[float, float], second: tuple[float, float], *, confidence: float = 0.95) -> Interval:
    """Bound the difference between two shares, the first minus the second.

    :param first: successes and trials of one group; ``second`` likewise of the other, independent of it.
    :return: bounds in [-1, 1]; the widest possible while a group has no trials.
    :raises ValueError: as `wilson`.

    Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 10: hybrid score, without continuity correction.
    """
    bounds_1, bounds_2 = wilson(*first, confidence=confidence), wilson(*second, confidence=confidence)
    if first[1] == 0 or second[1] == 0:
        return Interval(-1.0, 1.0)
    share_1, share_2 = first[0] / first[1], second[0] / second[1]
    below = math.hypot(share_1 - bounds_1.low, bounds_2.high - share_2)
    above = math.hypot(bounds_1.high - share_1, share_2 - bounds_2.low)
    return Interval(max(-1.0, share_1 - share_2 - below), min(1.0, share_1 - share_2 + above))


def trials_needed(first: float, second: float, *, confidence: float = 0.95, power: float = 0.8) -> int | None:
    """Tell how many trials each of two equal groups needs until a difference between their shares would be seen.

    :param first: the share expected in one group; ``second`` that in the other.
    :param power: chance that a true difference of that size is seen.
    :return: nothing if the shares are equal: no number would do.

    Source: the usual normal approximation for two proportions, unpooled.
    """
    if first == second:
        return None
    reach = (_quantile(confidence) + NormalDist().inv_cdf(power)) ** 2
    return math.ceil(reach * (first * (1 - first) + second * (1 - second)) / (first - second) ** 2)


def _quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"{confidence} is no confidence: it lies between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)
