"""The drawing of the curve."""

import numpy as np
import pytest

from kb.evidence import Evidence
from webform.gate_curve import HEIGHT, LEFT, REACHES, WIDTH, Drawing, draw


@pytest.fixture
def evidence() -> Evidence:
    dice = np.random.default_rng(5)
    answerable = np.arange(400) < 200
    sure = np.where(answerable, dice.beta(4, 2, 400), dice.beta(2, 4, 400))
    return Evidence(sure, dice.random(400) < 0.9, answerable, np.full(400, -1))


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in path.split())]


def drawing(evidence: Evidence, now: float, picked: float) -> Drawing:
    return draw(evidence, evidence.at(now), evidence.at(picked))


def test_the_curve_rises_from_left_to_right_within_its_frame(evidence: Evidence) -> None:
    line = points(drawing(evidence, 0.5, 0.2).line)
    assert len(line) > 20
    assert line[-1] == (LEFT, float(HEIGHT - 34))  # At gate 1 nothing is shown.
    assert [x for x, _ in line] == sorted((x for x, _ in line), reverse=True)
    assert [y for _, y in line] == sorted(y for _, y in line)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in line)


def test_marks_lie_on_the_curve_with_their_intervals_around_them(evidence: Evidence) -> None:
    drawn = drawing(evidence, 0.7, 0.6)
    for mark in (drawn.now, drawn.picked):
        assert mark.left < mark.x < mark.right
        assert mark.top < mark.y < mark.bottom
    assert drawn.now.x < drawn.picked.x
    assert drawn.now.y > drawn.picked.y


@pytest.mark.parametrize(("gate", "reach"), [(0.8, REACHES[0]), (0.45, REACHES[1]), (0.0, REACHES[2])])
def test_the_drawing_reaches_as_far_as_has_to_be_seen(evidence: Evidence, gate: float, reach: float) -> None:
    drawn = drawing(evidence, 0.9, gate)
    assert drawn.across[-1][1] == reach
    assert drawn.picked.right <= WIDTH


def test_the_band_is_as_wide_as_the_doubt(evidence: Evidence) -> None:
    few = Evidence(evidence.sure[::10], evidence.right[::10], evidence.answerable[::10], evidence.groups[::10])

    def widest(each: Evidence) -> float:
        band = points(drawing(each, 0.5, 0.0).band)
        half = len(band) // 2
        return max(low - high for (_, high), (_, low) in zip(band[:half], reversed(band[half:]), strict=True))

    assert widest(few) > 2 * widest(evidence)
