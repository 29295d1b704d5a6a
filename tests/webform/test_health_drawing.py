from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from deflection.article_weeks import Figures
from deflection.reports import Rate
from webform.health_drawing import HEIGHT, WIDTH, bounds, part, trend

FIRST = date(2026, 9, 7)
COUNT = st.integers(0, 300).flatmap(lambda opened: st.builds(Figures, opened=st.just(opened), solved=st.integers(0, opened)))


def weeks(*counts: tuple[int, int]) -> list[tuple[date, Figures]]:
    return [(FIRST + number * timedelta(days=7), Figures(solved=solved, opened=opened)) for number, (solved, opened) in enumerate(counts)]


def test_a_week_without_openings_breaks_the_line() -> None:
    drawn = trend(weeks((5, 10), (0, 0), (10, 10), (0, 10)), [])
    assert drawn.lines == ["0.0,120.0", "480.0,0.0 720.0,240.0"]
    assert drawn.points == [(0.0, 120.0), (480.0, 0.0), (720.0, 240.0)]
    assert len(drawn.bands) == 2
    assert drawn.across == [FIRST + number * timedelta(days=7) for number in range(4)]


def test_a_revision_is_marked_on_its_day_if_it_is_within_the_weeks() -> None:
    middle = datetime(2026, 9, 17, 12, tzinfo=UTC)
    assert trend(weeks((1, 2), (1, 2), (1, 2), (1, 2)), [middle, middle - timedelta(days=30)]).marks == [360.0]


@given(st.lists(COUNT, min_size=1, max_size=53))
def test_everything_stays_within_the_drawing(figures: list[Figures]) -> None:
    drawn = trend([(FIRST + number * timedelta(days=7), each) for number, each in enumerate(figures)], [])
    places = [tuple(map(float, pair.split(","))) for path in (*drawn.lines, *drawn.bands) for pair in path.split()]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert len(drawn.points) == sum(each.opened > 0 for each in figures)


def test_an_interval_holds_its_share_and_nothing_has_none() -> None:
    found = bounds(Rate(3, 10))
    assert found
    assert found.left < found.middle == 216.0 < found.left + found.width
    assert bounds(Rate(0, 0)) is None
    assert (part(1, 4), part(0, 0)) == (180.0, 0.0)
