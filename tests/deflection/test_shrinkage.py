import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deflection.shrinkage import STRONGEST, WEAKEST, Belief, bounds, fit, improvement, monthly, product, rise_to

COUNT = st.integers(0, 500).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))
BELIEF = st.builds(Belief, st.floats(0.1, 300), st.floats(0.1, 300))


@given(st.lists(COUNT, max_size=40), COUNT)
def test_what_is_believed_lies_between_what_was_seen_and_the_mean_of_all(counts: list[tuple[int, int]], own: tuple[int, int]) -> None:
    prior = fit(counts)
    assert 0 < prior.mean < 1
    assert prior.strength * (1 + 1e-9) >= WEAKEST
    assert prior.strength <= STRONGEST * (1 + 1e-9)
    after = prior.after(*own)
    seen = own[0] / own[1] if own[1] else prior.mean
    assert min(seen, prior.mean) - 1e-9 <= after.mean <= max(seen, prior.mean) + 1e-9
    assert abs(after.mean - prior.mean) <= abs(seen - prior.mean) + 1e-9


@pytest.mark.parametrize("strength", [8, 30, 120])
def test_the_spread_of_articles_is_found_again(strength: float) -> None:
    rng = np.random.default_rng(3)
    found = []
    for _ in range(20):
        trials = rng.integers(5, 200, 300)
        solved = rng.binomial(trials, rng.beta(0.4 * strength, 0.6 * strength, 300))
        prior = fit(list(zip(solved.tolist(), trials.tolist(), strict=True)))
        assert prior.mean == pytest.approx(0.4, abs=0.04)
        found.append(prior.strength)
    assert statistics.median(found) == pytest.approx(strength, rel=0.25)


def test_articles_that_are_all_alike_are_drawn_together_and_a_few_are_not_trusted_to_be() -> None:
    assert fit([(40, 100)] * 30).strength == pytest.approx(STRONGEST)
    assert fit([(9, 10), (1, 10)]).strength == pytest.approx(20)
    assert fit([]).mean == pytest.approx(0.5)


def test_believed_shares_cover_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    truths, trials = rng.beta(6, 9, 800), rng.integers(0, 60, 800)
    solved = rng.binomial(trials, truths)
    prior = fit(list(zip(solved.tolist(), trials.tolist(), strict=True)))
    held = [bounds(prior.after(int(s), int(n))) for s, n in zip(solved, trials, strict=True)]
    covered = sum(low <= truth <= high for (low, high), truth in zip(held, truths, strict=True)) / 800
    assert 0.92 <= covered <= 0.98


@given(BELIEF, BELIEF)
def test_a_gain_is_never_a_loss_and_lies_within_its_bounds(now: Belief, reachable: Belief) -> None:
    gain = improvement(now, reachable)
    assert 0 <= gain.low <= max(gain.mean, gain.low) <= gain.high + 4e-1
    assert gain.mean >= reachable.mean - now.mean - 1e-9
    assert rise_to(now, now.mean).mean == pytest.approx(math.sqrt(now.variance) / math.sqrt(2 * math.pi))


def test_the_gain_is_what_chance_draws_of_both() -> None:
    rng = np.random.default_rng(11)
    now, reachable = Belief(20, 60), Belief(40, 60)
    drawn = np.maximum(0, rng.beta(40, 60, 200_000) - rng.beta(20, 60, 200_000))
    assert improvement(now, reachable).mean == pytest.approx(float(drawn.mean()), abs=0.002)


@given(st.integers(0, 5000), st.floats(1, 400))
def test_a_month_holds_more_the_more_was_counted(events: int, days: float) -> None:
    month, more = monthly(events, days), monthly(events + 1, days)
    assert 0 <= month.low <= month.mean <= month.high
    assert month.high <= more.high
    doubled = product(month, month.times(2))
    assert doubled.low <= doubled.mean <= doubled.high


def test_months_are_bounded_by_the_exact_limits_of_poisson() -> None:
    assert monthly(10, 30.44).low == pytest.approx(4.80, abs=0.02)
    assert monthly(10, 30.44).high == pytest.approx(18.39, abs=0.02)
    assert monthly(0, 30.44).high == pytest.approx(3.69, abs=0.1)
