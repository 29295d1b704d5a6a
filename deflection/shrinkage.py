"""Shrinkage: what is known of a share of which little was seen, from its own counts and from those of all like it.

Shares of articles are taken to come from one beta distribution, whose mean and spread are estimated from the counts
(empirical Bayes). An article of which much was seen keeps its own share; one of which little was seen is drawn to the mean.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

from kb.intervals import Interval

USUAL_STRENGTH = 20.0
"""How many trials the mean of all counts for where their spread cannot be told."""
WEAKEST, STRONGEST = 4.0, 400.0
FEWEST_GROUPS = 5
Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Belief:
    """A beta distribution over a share: ``successes`` and ``failures`` are its two parameters, which need not be whole."""

    successes: float
    failures: float

    @property
    def strength(self) -> float:
        """How many trials it weighs."""
        return self.successes + self.failures

    @property
    def mean(self) -> float:
        """The share that is to be expected."""
        return self.successes / self.strength

    @property
    def variance(self) -> float:
        """How unsure that is, squared."""
        return self.mean * (1 - self.mean) / (self.strength + 1)

    def quantile(self, probability: float) -> float:
        """Give the share that the truth stays under with some probability."""
        from scipy.special import betaincinv  # Loading it takes longer than most commands.

        return float(betaincinv(self.successes, self.failures, probability))

    def after(self, successes: float, trials: float) -> "Belief":
        """Tell what is believed once some trials were seen."""
        return Belief(self.successes + successes, self.failures + trials - successes)


def fit(counts: Iterable[tuple[int, int]]) -> Belief:
    """Estimate the distribution that shares come from.

    :param counts: successes and trials of each group; those without trials tell nothing.
    :return: with few groups or no spread beyond chance a cautious one around their mean.

    Source: method of moments for the beta-binomial, Kleinman (1973), JASA 68:46-54, each group weighted by its trials.
    """
    known = [(successes, trials) for successes, trials in counts if trials > 0]
    trials = sum(group[1] for group in known)
    mean = (sum(group[0] for group in known) + 0.5) / (trials + 1)  # Never 0 or 1, of which nothing could be learnt any more.
    strength = USUAL_STRENGTH
    if len(known) >= FEWEST_GROUPS:
        spread = sum(size * (successes / size - mean) ** 2 for successes, size in known) / (mean * (1 - mean))
        by_chance = len(known) - 1
        room = trials - sum(size**2 for _, size in known) / trials - by_chance
        alike = (spread - by_chance) / room if room > 0 else 0.0
        strength = min(STRONGEST, max(WEAKEST, 1 / alike - 1 if alike > 0 else STRONGEST))
    return Belief(mean * strength, (1 - mean) * strength)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with the bounds between which it lies; all are 0 or more."""

    mean: float
    low: float
    high: float

    def times(self, factor: float) -> "Estimate":
        """Multiply by a number that is known."""
        return Estimate(self.mean * factor, self.low * factor, self.high * factor)


def improvement(now: Belief, reachable: Belief) -> Estimate:
    """Tell by how much a share may rise to another one: the expected gain, which is never a loss, with its 95 % bounds.

    The difference of the two is taken to be normal, with the variances of both. What is hardly known thus keeps some
    hope, and what is known to be good has none.
    """
    return _positive(reachable.mean - now.mean, math.sqrt(now.variance + reachable.variance))


def rise_to(now: Belief, share: float) -> Estimate:
    """Tell by how much a share may rise to a fixed one."""
    return _positive(share - now.mean, math.sqrt(now.variance))


def monthly(events: int, days: float) -> Estimate:
    """Tell how many events a month has, of which some were counted in some days.

    Source: Byar's approximation to the exact Poisson limits, in Breslow and Day (1987), p. 69.
    """
    per_month = 30.44 / max(days, 1.0)
    low = events * (1 - 1 / (9 * events) - Z / (3 * math.sqrt(events))) ** 3 if events else 0.0
    more = events + 1
    high = more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3
    return Estimate(events * per_month, max(0.0, low) * per_month, high * per_month)


def product(first: Estimate, second: Estimate) -> Estimate:
    """Multiply two estimates; the bounds are those of both at their worst and at their best, so rather too wide."""
    return Estimate(first.mean * second.mean, first.low * second.low, first.high * second.high)


def bounds(belief: Belief, confidence: float = 0.95) -> Interval:
    """Give the shares between which the truth lies with some probability."""
    return Interval(belief.quantile((1 - confidence) / 2), belief.quantile((1 + confidence) / 2))


def _positive(difference: float, deviation: float) -> Estimate:
    z = difference / deviation
    mean = difference * NormalDist().cdf(z) + deviation * NormalDist().pdf(z)
    return Estimate(max(0.0, mean), max(0.0, difference - Z * deviation), max(0.0, difference + Z * deviation))
