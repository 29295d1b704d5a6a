import numpy as np
import pytest

from kb.scored import Scored, together


def test_scores_of_articles_add_up_one_after_the_other() -> None:
    rng = np.random.default_rng(7)
    found = [
        (Scored.of({int(entry): float(rng.uniform(0, 3)) for entry in rng.choice(40, size=int(rng.integers(0, 30)), replace=False)}), boost)
        for boost in (1.0, 0.5, 1.0, 0.5)
    ]
    expected: dict[int, float] = {}
    for each, boost in found:
        for entry, score in each.plain().items():
            expected[entry] = expected.get(entry, 0.0) + boost * score
    assert together(found, 100).plain() == expected
    best = sorted(expected.values(), reverse=True)[:5]
    assert together(found, 5).plain() == {entry: score for entry, score in expected.items() if score in best}


@pytest.mark.parametrize("split", [1, 2])
def test_of_articles_that_score_alike_those_that_came_first_are_kept(split: int) -> None:
    entries = [9, 4, 7, 1]
    found = [(Scored.of(dict.fromkeys(some, 1.0)), 1.0) for some in (entries[:split], entries[split:]) if some]
    assert set(together(found, 2).plain()) == {9, 4}
    assert together([], 2).plain() == {}
