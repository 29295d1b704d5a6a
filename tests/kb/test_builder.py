"""The builder: one process of a node builds, the others load."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from kb import keeper
from kb.articles import Status, save_translation
from kb.builder import attend
from kb.database import Database
from kb.shelf import BUILDER_LOCK, Shelf
from kb.suggest import Suggester
from tests.kb.pump_articles import publish_all


@pytest.fixture
def folder(database: Database, tmp_path: Path, now: datetime) -> Path:
    with database.writing() as session:
        publish_all(session, now)
    first = Suggester(database, tmp_path / "index")
    first.ensure_ready()
    first.close()
    return tmp_path / "index"


def publish_zebra(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save_translation(session, external_id="zebra", language="en", title="Paint the zebra", body="Use a brush.", status=Status.PUBLISHED, now=now)


def sees_zebra(suggester: Suggester) -> bool:
    return any(each.title == "Paint the zebra" for each in suggester.suggest("", "how do I paint the zebra").suggestions)


def eventually(condition: Callable[[], bool], seconds: float = 120.0) -> bool:
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_shelf_is_attended_as_long_as_its_builder_lives(database: Database, folder: Path) -> None:
    assert not Shelf(folder).is_attended()
    assert not Shelf(folder / "nowhere").is_attended()
    with attend(database, folder):
        assert eventually(Shelf(folder).is_attended)
    assert eventually(lambda: not Shelf(folder).is_attended())


def test_those_who_answer_leave_building_and_learning_to_the_builder(database: Database, folder: Path, now: datetime) -> None:
    answering = Suggester(database, folder, gate=0.05)
    answering.ensure_ready()
    with Shelf(folder).locked(wait=True, name=BUILDER_LOCK):  # A builder that does nothing.
        publish_zebra(database, now)
        assert not eventually(lambda: sees_zebra(answering), 2.0)
    assert eventually(lambda: sees_zebra(answering))  # Now that it is gone.
    answering.close()


def test_what_the_builder_made_is_loaded(database: Database, folder: Path, now: datetime) -> None:
    answering = Suggester(database, folder, gate=0.05)
    answering.ensure_ready()
    with attend(database, folder):
        assert eventually(Shelf(folder).is_attended)
        publish_zebra(database, now)
        assert eventually(lambda: sees_zebra(answering))
    answering.close()


def test_a_builder_that_does_not_begin_is_not_waited_for_forever(database: Database, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "PATIENCE_SECONDS", 0.5)
    answering = Suggester(database, folder, gate=0.05)
    answering.ensure_ready()
    with Shelf(folder).locked(wait=True, name=BUILDER_LOCK):
        publish_zebra(database, now)
        assert eventually(lambda: sees_zebra(answering))
    answering.close()


def test_what_did_not_change_is_not_read_again(database: Database, folder: Path, now: datetime) -> None:
    building, answering = (Suggester(database, folder, gate=0.05) for _ in range(2))
    building.ensure_ready()
    answering.ensure_ready()
    engine = answering._keeper.engine()
    assert engine
    before = {language: room.segments["segment-0"] for language, room in engine.rooms.items()}
    publish_zebra(database, now)
    building.ensure_ready()
    answering.ensure_ready()
    engine = answering._keeper.engine()
    assert engine
    assert sees_zebra(answering)
    assert all(engine.rooms[language].segments["segment-0"] is segment for language, segment in before.items())
    building.close()
    answering.close()
