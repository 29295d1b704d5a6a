"""Drawings: shapes stand where their values say."""

import pytest

from kb.intervals import Interval
from webform import drawings
from webform.drawings import Bounded, Reach


@pytest.mark.parametrize(("value", "top"), [(0, 1), (0.3, 0.4), (0.41, 0.6), (7, 8), (9, 10), (10, 10), (11, 20), (1234, 2000)])
def test_a_scale_ends_at_a_round_number(value: float, top: float) -> None:
    assert drawings.ceiling(value) == pytest.approx(top)


def test_a_curve_has_a_hole_where_nothing_is_known_and_stays_on_the_page() -> None:
    drawn = drawings.curve([Bounded(0.2, 0.1, 0.9), None, Bounded(0.1, 0.0, 0.2), Bounded(0.15, 0.1, 0.2)], top=0.4)
    assert drawn.lines == ["0.0,120.0", "480.0,180.0 720.0,150.0"]
    assert drawn.bands[0] == "0.0,0.0 0.0,180.0"
    assert drawn.points == [(0.0, 120.0), (480.0, 180.0), (720.0, 150.0)]
    assert [value for _, value in drawn.up] == pytest.approx([0.4, 0.3, 0.2, 0.1, 0.0])
    assert drawn.across == [0, 1, 2, 3]
    assert drawings.curve([]).lines == []
    assert drawings.curve([Bounded(1.0, 0.2, 1.0)]).points == [(360.0, 0.0)]


def test_bars_laid_side_by_side_fill_the_width() -> None:
    laid = drawings.stack([447, 212, 264, 905, 356])
    assert laid[0] == (0.0, 147.4)
    assert sum(width for _, width in laid) == pytest.approx(720, abs=0.3)
    assert drawings.stack([0, 0]) == [(0.0, 0.0), (0.0, 0.0)]


def test_an_interval_is_cut_off_at_the_ends_of_its_scale() -> None:
    assert drawings.reach(5, Interval(-30, 10), low=-20, high=20) == Reach(0.0, 540.0, 450.0, 360.0)
    assert drawings.reach(0.2, Interval(0.1, 0.3), low=0.1, high=1).zero is None


def test_the_busiest_hour_is_darkest_and_one_visit_is_seen() -> None:
    assert drawings.shades([[0, 1], [50, 100]]) == [[0, 1], [3, 5]]
    assert drawings.shades([[0]]) == [[0]]
