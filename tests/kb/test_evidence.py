"""What labelled texts say about a gate."""

from itertools import pairwise

import numpy as np
import pytest

from kb.evidence import Evidence
from kb.intervals import wilson


def evidence(rows: list[tuple[float, bool, bool]], groups: list[int] | None = None) -> Evidence:
    sure, right, answerable = zip(*rows, strict=True)
    return Evidence(np.array(sure, float), np.array(right, bool), np.array(answerable, bool), np.array(groups or [-1] * len(rows), np.int64))


FEW = evidence([(0.9, True, True), (0.8, False, True), (0.3, True, True), (-1.0, False, True), (0.7, False, False), (0.1, False, False), (-1.0, False, False)])


def test_a_gate_shows_what_one_is_surer_of_and_counts_right_wrong_and_false() -> None:
    merits = FEW.at(0.5)
    assert (merits.answered.hits, merits.astray.hits, merits.false_shows.hits) == (1, 1, 1)
    assert (merits.answered.total, merits.astray.total, merits.false_shows.total) == (4, 4, 3)
    assert merits.answered.interval == wilson(1, 4)


def test_at_gate_nought_nothing_is_shown_of_a_text_without_candidates() -> None:
    merits = FEW.at(0.0)
    assert (merits.answered.hits, merits.astray.hits, merits.false_shows.hits) == (2, 1, 2)


def test_the_steps_have_every_change_and_both_ends() -> None:
    steps = FEW.steps()
    assert (steps[0], steps[-1]) == (0.0, 1.0)
    assert [sum(FEW.sure >= gate) for gate in steps] == [5, 4, 3, 2, 1, 0]


def test_many_scores_near_the_ends_are_told_apart_by_few_steps() -> None:
    dice = np.random.default_rng(1)
    sure = np.concatenate([1 - dice.exponential(0.0005, 500), dice.exponential(0.0005, 500)])
    many = Evidence(sure.clip(0, 1), np.arange(1000) < 450, np.arange(1000) < 500, np.full(1000, -1))
    steps = many.steps(40)
    assert 20 <= len(steps) <= 40
    shares = [merits.answered.share or 0.0 for merits in map(many.at, steps)]
    assert shares == sorted(shares, reverse=True)
    false = [merits.false_shows.share or 0.0 for merits in map(many.at, steps)]
    assert max((before - after) + (first - then) for (before, after), (first, then) in zip(pairwise(shares), pairwise(false), strict=True)) < 0.12


def test_the_gate_for_a_share_of_false_shows_is_the_lowest_that_keeps_it() -> None:
    assert sum(FEW.sure[4:] >= FEW.gate_at(0.34)) == 1
    assert FEW.gate_at(0.34) < 0.7
    assert FEW.at(FEW.gate_at(0.0)).false_shows.hits == 0
    assert FEW.gate_at(1.0) == 0.0


def test_texts_about_one_thing_are_worth_less_than_as_many_about_several() -> None:
    rows = [(0.9 if number < 50 else 0.1, False, False) for number in range(100)]
    alone = evidence(rows).at(0.5).false_shows.interval
    alike = evidence(rows, [number // 10 for number in range(100)]).at(0.5).false_shows.interval
    assert alone == wilson(50, 100)
    assert alike == pytest.approx(wilson(5, 10))


def test_what_was_kept_is_taken_up_again() -> None:
    again = Evidence.of_facts(FEW.facts())
    for name in ("sure", "right", "answerable", "groups"):
        assert np.array_equal(getattr(again, name), getattr(FEW, name)), name
    both = Evidence.together([FEW, again])
    assert both.at(0.5).answered.total == 8


def test_no_text_says_nothing() -> None:
    nothing = Evidence.none()
    assert nothing.steps() == [0.0, 1.0]
    assert nothing.at(0.5).answered.share is None
    assert nothing.at(0.5).false_shows.interval == (0.0, 1.0)
