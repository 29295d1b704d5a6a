import math

import numpy as np
import pytest
from numpy.typing import NDArray

from deflection.lift import always_valid, lift_of

SHARE, VISITS_A_DAY, DAYS = 0.05, 200, 60
Numbers = NDArray[np.int64]


def watched(rng: np.random.Generator, dashboards: int, *, requests: float, lift: float = 0.0) -> list[list[tuple[tuple[int, int], tuple[int, int]]]]:
    """Give what dashboards that are looked at every day have counted by then: requests and visits of the holdout and of the treatment arm."""
    holdout = rng.binomial(VISITS_A_DAY, SHARE, (dashboards, DAYS))
    treatment = VISITS_A_DAY - holdout
    sent = rng.binomial(holdout, requests), rng.binomial(treatment, requests - lift)
    parts = [each.cumsum(axis=1).tolist() for each in (sent[0], holdout, sent[1], treatment)]
    return [[((a, b), (c, d)) for a, b, c, d in zip(*days, strict=True)] for days in zip(*parts, strict=True)]


def ever_claims(looks: list[tuple[tuple[int, int], tuple[int, int]]]) -> bool:
    return any(bounds.low > 0 or bounds.high < 0 for bounds in (always_valid(*look) for look in looks))


@pytest.mark.parametrize("requests", [0.05, 0.3, 0.9])
def test_with_no_effect_hardly_any_dashboard_ever_claims_one_though_watched_daily(requests: float) -> None:
    claimed = sum(map(ever_claims, watched(np.random.default_rng(7), 200, requests=requests)))
    assert claimed <= 0.05 * 200


def test_a_true_effect_is_claimed_and_the_interval_covers_it_all_the_time() -> None:
    dashboards = watched(np.random.default_rng(8), 100, requests=0.5, lift=0.25)
    assert sum(map(ever_claims, dashboards)) > 90
    covered = [all(always_valid(*look).low <= 0.25 <= always_valid(*look).high for look in looks) for looks in dashboards]
    assert sum(covered) >= 95


def test_the_visits_still_needed_are_those_at_which_the_difference_would_be_claimed() -> None:
    early = lift_of((15, 50), (237, 950))
    assert early is not None
    assert early.per_100_visits == pytest.approx(30 - 24.947, abs=0.01)
    assert not early.is_certain
    assert early.visits_needed
    assert early.visits_needed_in_all == pytest.approx(20 * early.visits_needed, rel=0.01)
    times = 1 + early.visits_needed / 50
    later = lift_of((round(15 * times), round(50 * times)), (round(237 * times), round(950 * times)))
    sooner = lift_of((round(15 * times * 0.9), round(50 * times * 0.9)), (round(237 * times * 0.9), round(950 * times * 0.9)))
    assert later is not None
    assert sooner is not None
    assert math.isclose(later.always.low, 0, abs_tol=0.3)
    assert not sooner.is_certain


def test_nothing_is_claimed_of_few_visits_and_no_number_would_do_without_a_difference() -> None:
    assert always_valid((29, 29), (0, 1000)) == (-1, 1)
    same = lift_of((10, 100), (100, 1000))
    assert same is not None
    assert (same.visits_needed, same.visits_needed_in_all, same.is_certain) == (None, None, False)
    assert lift_of((0, 0), (5, 9)) is None
