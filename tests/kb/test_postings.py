"""Sparse postings."""

import numpy as np
import pytest

from kb.postings import Postings


def rows(*given: dict[int, float]) -> Postings:
    return Postings.of_rows([(np.array(sorted(row), np.int32), np.array([row[key] for key in sorted(row)], np.float32)) for row in given])


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def test_scores_are_the_product_of_a_text_and_every_row() -> None:
    postings = rows({1: 1.0, 5: 2.0}, {5: 3.0}, {})
    assert postings.scores(ids(1, 5, 9), np.array([10.0, 1.0, 7.0], np.float32)).tolist() == [12.0, 3.0, 0.0]
    assert postings.lengths(ids(1, 5, 9)).tolist() == [1, 2, 0]


def test_the_rarest_features_are_read_until_the_budget_is_spent() -> None:
    postings = rows({1: 1.0, 2: 1.0}, {2: 1.0}, {2: 1.0})
    assert postings.scores(ids(1, 2), np.ones(2, np.float32), budget=2).tolist() == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("many", [1, 31, 32, 33, 64, 100])
def test_texts_of_any_length_are_scored_one_after_the_other(many: int) -> None:
    postings = rows(dict.fromkeys(range(200), 1.0), dict.fromkeys(range(50, 250), 2.0))
    for first in (0, 120, 199):
        wanted = ids(*range(first, first + many))
        met = [sum(one <= number < other for number in wanted.tolist()) for one, other in ((0, 200), (50, 250))]
        assert postings.scores(wanted, np.ones(many, np.float32)).tolist() == [met[0], 2 * met[1]]


def test_nothing_is_scored_without_features_or_rows() -> None:
    assert rows({1: 1.0}).scores(ids(), np.empty(0, np.float32)).tolist() == [0.0]
    assert rows().scores(ids(1), np.ones(1, np.float32)).tolist() == []


def test_arrays_that_do_not_fit_together_are_refused() -> None:
    arrays = rows({1: 1.0, 5: 2.0}).arrays("x")
    again = Postings.of_arrays("x", arrays, 1)
    assert again.scores(ids(5), np.ones(1, np.float32)).tolist() == [2.0]
    with pytest.raises(ValueError, match="damaged"):
        Postings.of_arrays("x", {**arrays, "x.rows": np.empty(0, np.int32)}, 1)
    for part, wrong in (("rows", [0, 1]), ("rows", [0, -1]), ("starts", [0, 3, 2]), ("starts", [-1, 1, 2]), ("values", [1.0])):
        with pytest.raises(ValueError, match="damaged"):
            Postings.of_arrays("x", {**arrays, f"x.{part}": np.array(wrong, arrays[f"x.{part}"].dtype)}, 1)


def test_several_ways_to_weigh_give_what_each_gives_alone_in_any_order_of_features() -> None:
    dice = np.random.default_rng(1)
    table = np.where(dice.random((30, 40)) < 0.3, dice.random((30, 40)), 0.0).astype(np.float32)
    postings = rows(*({int(column): float(row[column]) for column in np.flatnonzero(row)} for row in table))
    wanted = dice.permutation(40).astype(np.int32)
    one, other = (dice.random(40).astype(np.float32) for _ in range(2))
    found = postings.sums(postings.spans(wanted), (one, other))
    assert np.allclose(found, [table[:, wanted] @ one, table[:, wanted] @ other], atol=1e-5)


def test_the_shares_of_features_add_up_to_the_scores_also_where_the_budget_ends() -> None:
    postings = rows({1: 1.0, 2: 4.0, 5: 2.0}, {2: 1.0, 5: 3.0}, {2: 5.0}, {})
    wanted, weights = ids(1, 2, 5, 9), np.array([10.0, 0.5, 1.0, 7.0], np.float32)
    for budget in (0, 1, 2, 3, 100):
        shares = postings.shares(wanted, weights, [0, 1, 2, 3], budget=budget)
        assert shares.shape == (4, 4)
        assert shares.sum(axis=0).tolist() == postings.scores(wanted, weights, budget=budget).tolist()
    assert postings.shares(wanted, weights, [1]).tolist() == [[0.0], [0.5], [3.0], [0.0]]
    assert postings.shares(ids(), np.empty(0, np.float32), []).shape == (0, 0)


def test_features_that_too_many_rows_have_are_counted_and_not_kept() -> None:
    postings = rows({1: 1.0, 2: 4.0}, {2: 1.0, 5: 3.0}, {2: 5.0}).without_frequent(2)
    again = Postings.of_arrays("x", postings.arrays("x"), 3)
    for each in (postings, again):
        assert each.lengths(ids(1, 2, 5, 9)).tolist() == [1, 3, 1, 0]
        assert each.scores(ids(1, 2, 5), np.ones(3, np.float32)).tolist() == [1.0, 3.0, 0.0]
        assert len(each.rows) == 2
