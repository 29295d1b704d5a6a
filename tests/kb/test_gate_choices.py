"""Gates that leads choose: in force everywhere soon, with their history, unless a setting says otherwise."""

import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from kb.database import Database
from kb.gate_choices import LONGEST_REASON, ChosenGate, choose, history, last_choice
from kb.gates import GateSource, basis_words, kept_calibration, sentences
from kb.suggest import Suggester
from tests.kb.pump_articles import publish_all

QUESTION = "my pump hums, no water"
ANOTHER = """
import sys, time
from pathlib import Path
from kb.database import Database
from kb.suggest import Suggester
suggester = Suggester(Database(sys.argv[1]), Path(sys.argv[2]))
suggester.ensure_ready()
print(len(suggester.suggest("", sys.argv[3]).suggestions), flush=True)
begun = time.monotonic()
while time.monotonic() - begun < 30:
    if not suggester.suggest("", sys.argv[3]).suggestions:
        print(time.time(), flush=True)
        break
    time.sleep(0.02)
"""


@pytest.fixture
def ready(database: Database, tmp_path: Path, now: datetime) -> Suggester:
    with database.writing() as session:
        publish_all(session, now)
    suggester = Suggester(database, tmp_path / "index")
    suggester.ensure_ready(lesson=True)
    return suggester


def pick(database: Database, gate: float | None, now: datetime, *, reason: str = "") -> None:
    with database.writing() as session:
        choose(session, gate, previous=0.5, by="lead@example.com", reason=reason, now=now)


def test_the_last_choice_holds_and_every_one_is_remembered(database: Database, now: datetime) -> None:
    pick(database, 0.3, now, reason=" too much silence ")
    pick(database, None, now + timedelta(days=1), reason="x" * 5000)
    with database.reading() as session:
        last, first = history(session, 10)
        assert last_choice(session) is last
        assert (first.gate, first.previous, first.chosen_by, first.reason, first.chosen_at) == (0.3, 0.5, "lead@example.com", "too much silence", now)
        assert (last.gate, len(last.reason)) == (None, LONGEST_REASON)
        assert [choice.id for choice in history(session, 1)] == [last.id]


@pytest.mark.parametrize("gate", [-0.01, 1.01, float("nan"), float("inf")])
def test_what_is_no_probability_is_no_gate(database: Database, now: datetime, gate: float) -> None:
    with pytest.raises(ValueError, match="is no gate"):
        pick(database, gate, now)


def test_a_choice_is_in_force_within_two_seconds_in_other_processes_and_nothing_is_built_for_it(ready: Suggester, database: Database, now: datetime) -> None:
    current = (ready.folder / "CURRENT").read_text()
    url = database.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen([sys.executable, "-c", ANOTHER, url, str(ready.folder), QUESTION], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert int(process.stdout.readline()) > 0
        pick(database, 1.0, now)
        chosen = time.time()
        assert float(process.stdout.readline()) - chosen < 2
    assert (ready.folder / "CURRENT").read_text() == current


def test_the_chosen_gate_is_told_with_every_answer_until_it_is_taken_back(ready: Suggester, database: Database, now: datetime) -> None:
    calibrated = ready.suggest("", QUESTION).gate
    assert ready.suggest("", QUESTION).suggestions
    pick(database, 0.9999999, now)
    ready.chosen_gate.refresh()
    answer = ready.suggest("", QUESTION)
    assert (answer.gate, answer.suggestions) == (0.9999999, ())
    assert ready.suggest("", "hello").gate == 0.9999999
    assert ready.gate_in_force == 0.9999999
    pick(database, None, now)
    ready.chosen_gate.refresh()
    assert ready.suggest("", QUESTION).gate == calibrated


def test_a_setting_wins_over_a_choice_and_a_choice_over_the_calibration(ready: Suggester, database: Database, now: datetime) -> None:
    standing = ready.standing()
    assert standing is not None
    assert (standing.source, standing.gate) == (GateSource.CALIBRATION, standing.calibration.gate)
    pick(database, 0.25, now)
    ready.chosen_gate.refresh()
    chosen = ready.standing()
    assert chosen is not None
    assert (chosen.source, chosen.gate, chosen.calibration.gate) == (GateSource.CHOICE, 0.25, standing.gate)
    ready.gate = 0.75
    given = ready.standing()
    assert given is not None
    assert (given.source, given.gate) == (GateSource.SETTING, 0.75)
    assert ready.suggest("", QUESTION).gate == 0.75
    assert ["in force" in line for line in sentences(given)] == [False, True]


def test_where_the_choice_cannot_be_read_the_last_one_known_stays(database: Database, now: datetime) -> None:
    pick(database, 0.4, now)
    gate = ChosenGate(database, poll=0)
    assert gate.look() == 0.4
    with database.writing() as session:
        session.execute(sql("DROP TABLE gate_choice"))
    assert gate.look() == 0.4


def test_the_default_gate_of_a_few_articles_is_said_to_be_one(ready: Suggester) -> None:
    kept = kept_calibration(ready.folder)
    standing = ready.standing()
    assert kept is not None
    assert standing is not None
    assert kept.is_default
    assert kept.gate == standing.calibration.gate == ready.suggest("", QUESTION).gate
    assert "safe default, derived from the articles themselves" in basis_words(kept)
    assert len(kept.evidence.sure) >= 24
    assert (kept.evidence.at(kept.gate).false_shows.share or 0.0) <= 0.1


def test_nothing_is_said_of_a_folder_without_a_generation(tmp_path: Path) -> None:
    assert kept_calibration(tmp_path) is None
