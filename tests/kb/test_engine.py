"""The engine's belief: when an answer is shown, and what its articles are said to be worth."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from kb.articles import Status, save_translation
from kb.database import Database
from kb.engine import Belief, Candidate
from kb.examples import add_example
from kb.judgement import SIGNS, Judgement
from kb.keeper import Keeper
from kb.slate import FIRST_WEIGHTS, Slate
from tests.kb.pump_articles import publish_all


def test_under_the_gate_nothing_is_shown_and_from_it_on_all_together() -> None:
    belief = Belief(0.6, (Candidate(1, 0.3), Candidate(2, 0.2), Candidate(3, 0.1), Candidate(4, 0.01)))
    assert belief.shown(0.61, 3) == ()
    assert [candidate.article_id for candidate in belief.shown(0.6, 3)] == [1, 2, 3]
    assert sum(candidate.score for candidate in belief.shown(0.6, 3)) == pytest.approx(0.6)
    assert Belief(0.0, ()).shown(0.0, 3) == ()


def test_what_is_hardly_believed_beside_the_first_is_not_shown_and_its_part_goes_to_the_others() -> None:
    shown = Belief(0.91, (Candidate(1, 0.9), Candidate(2, 0.01))).shown(0.5, 3)
    assert [(candidate.article_id, candidate.score) for candidate in shown] == [(1, pytest.approx(0.91))]


def test_the_scores_of_the_first_three_add_up_to_how_sure_one_is() -> None:
    flat = np.zeros(len(SIGNS))
    judgement = Judgement(FIRST_WEIGHTS, flat, flat + 1, flat, 0.4, 0.5, "trials")
    values = np.zeros((5, len(FIRST_WEIGHTS)))
    values[:, 0] = (0.1, 0.5, 0.2, 0.4, 0.3)
    slate = Slate(np.arange(5), np.arange(5), values, 1.0, 0.0)
    sure, ranked = judgement.believe(slate, 5)
    assert [row for row, _ in ranked] == [1, 3, 4, 2, 0]
    assert sure == pytest.approx(1 / (1 + np.exp(-0.4)))
    assert sum(score for _, score in ranked[:3]) == pytest.approx(sure)


def test_belief_in_an_article_of_another_language_is_no_reason_to_show_one_of_this(database: Database, tmp_path: Path, now: datetime) -> None:
    with database.writing() as session:
        publish_all(session, now)
        walrus = save_translation(session, external_id="walrus", language="ru", title="Морж", body="Рыба.", status=Status.PUBLISHED, now=now)
        for number in range(12):
            add_example(session, f"my walrus is hungry, visit {number}", "en", walrus.article_id, "test", now)
    keeper = Keeper(database, tmp_path / "index")
    engine = keeper.ensure(learn=True)
    keeper.close()
    there = engine.believe("my walrus is hungry", "en", 3)
    assert all("en" in engine.spoken[candidate.article_id] for candidate in there.candidates)
    assert there.sure == pytest.approx(sum(candidate.score for candidate in there.candidates))
    known = engine.classifier
    assert known is not None
    assert there.sure < 0.5
