from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from deflection.article_weeks import WEEK
from deflection.decay import FALSE_ALARMS, alarm, chance_of_so_few

TODAY = date(2026, 11, 18)
THIS_WEEK = date(2026, 11, 16)
Counts = dict[date, tuple[int, int]]


def weeks(*runs: tuple[int, int, int]) -> Counts:
    """Give runs of weeks, the last one ending last Sunday: how many, and solved and opened of each."""
    listed = [(solved, opened) for number, solved, opened in runs for _ in range(number)]
    return {THIS_WEEK - (len(listed) - place) * WEEK: pair for place, pair in enumerate(listed)}


def first_alarm(rng: np.random.Generator, before: float, after: float, volume: float) -> int | None:
    """Live through a year in which nothing was changed by anybody, with a look each week; give the week of the first alarm."""
    opened = rng.poisson(volume, 104)
    solved = rng.binomial(opened, np.where(np.arange(104) < 52, before, after))
    counted = {THIS_WEEK + number * WEEK: (int(solved[number]), int(opened[number])) for number in range(104)}
    for look in range(53, 105):
        today = THIS_WEEK + look * WEEK
        if alarm({week: pair for week, pair in counted.items() if week < today}, today=today):
            return look - 52
    return None


def test_of_articles_that_do_not_change_at_most_one_in_twenty_ever_alarms_in_a_year_of_weekly_looks() -> None:
    rng = np.random.default_rng(20261122)
    years = 300
    rates, volumes = rng.uniform(0.1, 0.9, years), rng.choice([3, 15, 60, 200], years)
    alarms = sum(first_alarm(rng, rate, rate, volume) is not None for rate, volume in zip(rates, volumes, strict=True))
    assert alarms <= FALSE_ALARMS * years


@pytest.mark.parametrize(("volume", "after", "within"), [(50, 0.45, 13), (10, 0.3, 13), (5, 0.3, 26)])
def test_a_true_loss_is_found_while_it_still_matters(volume: int, after: float, within: int) -> None:
    rng = np.random.default_rng(7)
    found = [first_alarm(rng, 0.6, after, volume) for _ in range(30)]
    assert sum(week is not None and week <= within for week in found) >= 27


def test_an_alarm_says_against_what_it_is_held() -> None:
    found = alarm(weeks((20, 12, 20), (4, 6, 20)), today=TODAY)
    assert found
    assert (found.weeks, found.since, found.lately.count, found.lately.of) == (4, THIS_WEEK - 4 * WEEK, 24, 80)
    assert (found.before.count, found.before.of) == (240, 400)
    assert found.chance <= found.allowed == FALSE_ALARMS / 104


def test_a_loss_too_small_to_matter_is_no_alarm_however_sure() -> None:
    assert alarm(weeks((48, 6000, 10000), (4, 5600, 10000)), today=TODAY) is None


def test_the_languages_of_an_article_share_its_allowance() -> None:
    counted = weeks((20, 12, 20), (4, 7, 20))
    alone = alarm(counted, today=TODAY)
    assert alone
    enough = int(alone.allowed / alone.chance)
    assert alarm(counted, today=TODAY, languages=enough) is not None
    assert alarm(counted, today=TODAY, languages=enough + 1) is None


def test_what_was_before_a_revision_is_no_witness_of_it() -> None:
    counted = weeks((20, 12, 20), (4, 4, 20))
    assert alarm(counted, today=TODAY)
    assert alarm(counted, today=TODAY, revised=THIS_WEEK - timedelta(days=2)) is None
    later = alarm(counted, today=TODAY, revised=THIS_WEEK - 2 * WEEK - timedelta(days=2))
    assert later
    assert (later.weeks, later.lately.of, later.before.of) == (2, 40, 420)


@pytest.mark.parametrize("counted", [{}, weeks((4, 0, 50)), weeks((20, 12, 20), (4, 0, 0)), {THIS_WEEK: (0, 500)}])
def test_without_both_sides_nothing_is_said(counted: Counts) -> None:
    assert alarm(counted, today=TODAY) is None


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 300), st.integers(0, 300))
def test_the_chance_is_that_of_the_hypergeometric_distribution(solved: int, failed: int, solved_before: int, failed_before: int) -> None:
    opened, before = solved + failed, solved_before + failed_before
    expected = float(hypergeom.cdf(solved, opened + before, solved + solved_before, opened)) if opened + before else 1.0
    assert chance_of_so_few(solved, opened, solved_before, before) == pytest.approx(expected, rel=1e-6, abs=1e-12)
