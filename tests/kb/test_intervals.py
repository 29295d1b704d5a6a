"""Reference values: Newcombe (1998), Statistics in Medicine 17:857-872 (table I, method 3) and 17:873-890 (table II, method 10)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.intervals import newcombe, trials_needed, wilson


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    trials = draw(st.integers(1, 5000))
    return draw(st.integers(0, trials)), trials


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_agrees_with_published_bounds(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_agrees_with_published_bounds(first: tuple[int, int], second: tuple[int, int], low: float, high: float) -> None:
    assert newcombe(first, second) == pytest.approx((low, high), abs=5e-5)


@given(counts())
def test_the_share_seen_lies_within_its_bounds_and_they_within_0_and_1(counted: tuple[int, int]) -> None:
    low, high = wilson(*counted)
    assert 0 <= low <= counted[0] / counted[1] <= high <= 1


@given(counts())
def test_wilson_solves_the_equation_it_comes_from(counted: tuple[int, int]) -> None:
    """Each bound p satisfies (seen - p)^2 = z^2 p (1 - p) / n, except where it was cut at 0 or 1."""
    successes, trials = counted
    for bound in wilson(successes, trials):
        if 0 < bound < 1:
            assert (successes / trials - bound) ** 2 == pytest.approx(1.959963985**2 * bound * (1 - bound) / trials, rel=1e-6, abs=1e-12)


@given(counts(), counts())
def test_turning_the_groups_round_turns_the_bounds_round(first: tuple[int, int], second: tuple[int, int]) -> None:
    low, high = newcombe(first, second)
    turned = newcombe(second, first)
    assert (low, high) == pytest.approx((-turned.high, -turned.low))
    assert -1 <= low <= first[0] / first[1] - second[0] / second[1] <= high <= 1


def test_nothing_tried_bounds_nothing() -> None:
    assert wilson(0, 0) == (0, 1)
    assert newcombe((0, 0), (3, 5)) == (-1, 1)


def test_more_confidence_makes_wider_bounds() -> None:
    widths = [high - low for low, high in (wilson(30, 100, confidence=confidence) for confidence in (0.8, 0.9, 0.95, 0.99))]
    assert all(narrow < wide for narrow, wide in pairwise(widths))


@pytest.mark.parametrize(("successes", "trials"), [(2, 1), (-1, 3), (0, -1)])
def test_a_count_that_cannot_be_is_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="no count of successes"):
        wilson(successes, trials)


def test_30_to_25_requests_per_100_needs_about_1250_visits_in_each_arm() -> None:
    assert trials_needed(0.30, 0.25) == pytest.approx(1250, rel=0.01)


def test_no_number_of_trials_tells_equal_shares_apart() -> None:
    assert trials_needed(0.2, 0.2) is None
