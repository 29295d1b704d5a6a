"""Lessons: what trials may teach about how sure to be, and what they may not."""

import numpy as np

from kb.judgement import SIGNS, Judgement, Trial
from kb.lessons import AGAINST, EITHER_WAY, USUAL_SLOPES, learn
from kb.slate import SOURCES, Slate


def trial(dice: np.random.Generator, *, answerable: bool, long: bool, group: int) -> Trial:
    """A text about one of four articles. Long ones are answered and match loosely; short ones match well and are not."""
    values = dice.uniform(0, 0.2, (4, len(SOURCES)))
    values[0] += 0.3 if long else 0.6
    right = np.array([answerable, False, False, False])
    return Trial(Slate(np.arange(4), np.arange(4), values, 40.0 if long else 4.0, 0.0), right, answerable, "en", group)


def test_a_better_fit_never_counts_against_an_answer_whatever_the_trials_were_like() -> None:
    dice = np.random.default_rng(1)
    trials = [trial(dice, answerable=yes, long=yes, group=number % 10) for number in range(300) for yes in (True, False)]
    judgement = learn(trials)[""]
    slopes = dict(zip(SIGNS, judgement.slopes, strict=True))
    assert all(slope >= 0 for name, slope in slopes.items() if name not in AGAINST | EITHER_WAY)
    assert all(slopes[name] <= 0 for name in AGAINST)
    assert slopes["information"] > USUAL_SLOPES["information"]  # That is what these trials do teach.


def test_a_gate_lets_no_more_texts_without_an_answer_through_than_it_may() -> None:
    dice = np.random.default_rng(2)
    kinds = [(number % 20, yes, bool(dice.random() < (0.7 if yes else 0.3))) for number in range(400) for yes in (True, False)]
    trials = [trial(dice, answerable=yes, long=long, group=group) for group, yes, long in kinds]
    judgement = learn(trials)[""]
    sure = np.array([judgement.believe(each.slate, 3)[0] for each in trials if not each.answerable])
    assert (sure >= judgement.gate).mean() <= 0.1
    assert any(judgement.believe(each.slate, 3)[0] >= judgement.gate for each in trials if each.answerable)


def test_a_lesson_keeps_how_sure_models_were_that_had_not_seen_the_trials() -> None:
    dice = np.random.default_rng(3)
    kinds = [(number % 20, yes, bool(dice.random() < (0.7 if yes else 0.3))) for number in range(200) for yes in (True, False)]
    trials = [trial(dice, answerable=yes, long=long, group=group) for group, yes, long in kinds]
    empty = Trial(Slate(np.empty(0, int), np.empty(0, int), np.empty((0, len(SOURCES))), 4.0, 0.0), np.empty(0, bool), True, "en", 3)
    judgement = learn([*trials, empty])[""]
    merits = judgement.evidence.at(judgement.gate)
    assert (merits.answered.total, merits.false_shows.total) == (201, 200)
    assert merits.false_shows.share is not None
    assert merits.false_shows.share <= 0.1
    assert judgement.evidence.at(0.0).answered.hits == 200  # But for the one for which there is nothing to show.
    assert Judgement.of_facts(judgement.facts()).evidence.at(judgement.gate).answered == merits.answered
