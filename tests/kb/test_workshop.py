"""The workshop: many small publications one after the other, on top of what is there."""

from datetime import datetime
from pathlib import Path

import pytest

from kb import segments, workshop
from kb.articles import Status, save_translation
from kb.database import Database
from kb.keeper import Keeper
from kb.workshop import SEGMENTS_AT_MOST
from tests.kb.many_articles import publish_many
from tests.kb.pump_articles import publish_all

WORDS = ("zebra", "walrus", "ostrich", "lobster", "penguin", "buffalo", "hamster", "leopard", "octopus", "panther")
PUBLICATIONS = 30


def test_many_publications_leave_what_is_large_alone_and_nothing_is_lost(database: Database, tmp_path: Path, now: datetime) -> None:
    with database.writing() as session:
        publish_all(session, now)
        publish_many(session, now, 60)
    keeper = Keeper(database, tmp_path / "index")
    room = keeper.ensure().rooms["en"]
    oldest, before = room.segments["segment-0"], len(room.places)
    for number in range(PUBLICATIONS):
        word = WORDS[number % len(WORDS)]
        with database.writing() as session:
            save_translation(
                session,
                external_id=word,
                language="en",
                title=f"How to feed the {word}",
                body=f"Give the {word} hay, part {number}.",
                status=Status.PUBLISHED,
                now=now,
            )
        room = keeper.ensure().rooms["en"]
        assert len(room.segments) <= SEGMENTS_AT_MOST
        assert len(room.places) == before + min(number + 1, len(WORDS))
        assert (room.segments["segment-0"].translations == oldest.translations).all()
    keeper.close()
    again = Keeper(database, tmp_path / "index")  # What was written is what was held in memory.
    engine = again.ensure()
    again.close()
    assert len(engine.rooms["en"].places) == len(room.places)
    for word in WORDS:
        (best,) = {candidate.article_id for candidate in engine.believe(f"feeding a {word}", "en", 1).candidates}
        translation = next(key for key, row in engine.rooms["en"].places.items() if engine.rooms["en"].articles[row] == best)
        assert list(engine.rooms["en"].find(word)) == [translation]
    assert engine.believe("the pump hums but no water comes out", "en", 1).candidates


def test_very_many_articles_are_turned_into_vectors_part_by_part_and_the_parts_stay(
    database: Database, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop, "LARGE", 20)
    monkeypatch.setattr(segments, "MANY", 50)
    with database.writing() as session:
        publish_many(session, now, 65)
    keeper = Keeper(database, tmp_path / "index")
    large = keeper.ensure().rooms["en"].segments
    assert [len(segment.translations) for segment in large.values()] == [20, 20, 20, 5]
    for number in range(SEGMENTS_AT_MOST + 2):
        with database.writing() as session:
            title = f"How to feed the {WORDS[number % len(WORDS)]} of stall {number}"
            save_translation(session, external_id=f"new-{number}", language="en", title=title, body="Hay.", status=Status.PUBLISHED, now=now)
        room = keeper.ensure().rooms["en"]
    keeper.close()
    assert list(room.segments.values())[:3] == list(large.values())[:3]
    assert len(room.segments) <= 3 + SEGMENTS_AT_MOST
    assert len(room.places) == 65 + SEGMENTS_AT_MOST + 2
    again = Keeper(database, tmp_path / "index")
    assert again.ensure().believe("feeding the zebra of stall 10", "en", 1).candidates[0].article_id == max(room.articles) - 3
    again.close()
