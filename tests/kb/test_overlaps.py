"""Articles that say nearly the same as a draft."""

from datetime import datetime
from pathlib import Path

import pytest

from kb.articles import find_article
from kb.database import Database
from kb.holdings import read_holdings
from kb.overlaps import overlaps
from kb.passages import cut
from kb.rehearsal import NOT_YET, draft_entry
from kb.shelf import Shelf
from kb.workshop import make
from tests.kb.pump_articles import publish_all

COPY = "Air is caught in the pump.\n\n## Let the air out\n\nLay the pump flat under water for twenty seconds until bubbles stop. Wait."


def test_a_near_copy_is_found_with_its_share_and_the_article_itself_is_none(database: Database, tmp_path: Path, now: datetime) -> None:
    with database.writing() as session:
        publish_all(session, now)
        engine = make(Shelf(tmp_path / "index"), read_holdings(session), None)
        pump = find_article(session, "pump")
        assert pump
        (found,) = overlaps(session, engine, draft_entry("The pump hums, no water", "", "", "en", cut(COPY)))
        assert (found.article_id, found.title) == (pump.id, "The pump hums but no water comes out")
        assert 0.6 < found.share < 1.0
        assert overlaps(session, engine, draft_entry("The pump hums, no water", "", "", "en", cut(COPY), article=pump.id)) == []


@pytest.mark.parametrize(("title", "language"), [("Rain water in the tank", "en"), ("Regenwasser im Tank", "de"), ("", "en")])
def test_what_is_about_something_else_overlaps_with_nothing(database: Database, tmp_path: Path, now: datetime, title: str, language: str) -> None:
    with database.writing() as session:
        publish_all(session, now)
        engine = make(Shelf(tmp_path / "index"), read_holdings(session), None)
        entry = draft_entry(title, "", "", language, cut("Collect it from the roof."), article=NOT_YET)
        assert overlaps(session, engine, entry) == []
