"""A draft that is rehearsed: it must be told what a publication then does."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from kb.articles import Status, find_article, find_translation, save_translation
from kb.askings import Asking, ask
from kb.database import Database
from kb.engine import Engine
from kb.examples import add_example
from kb.holdings import read_holdings
from kb.passages import cut
from kb.placing import Weighed
from kb.rehearsal import NOT_YET, Rehearsal, draft_entry, rehearse
from kb.rule_book import NO_TACT
from kb.shelf import Shelf
from kb.teaching import study
from kb.workshop import make
from tests.kb.pump_articles import publish_all

TEXTS = (
    ("The pump whistles the whole night, is that normal?", "en"),
    ("the pump hums but there is no water", "en"),
    ("I need an invoice with a VAT number please", "en"),
    ("The controller shows E-77 and whistles", "en"),
    ("Насос свистит всю ночь", "ru"),
    ("Контроллер показывает E-77 после грозы", "ru"),
    ("Насос гудит, но вода не идёт", "ru"),
    ("水泵晚上一直有哨声，邻居投诉了", "zh"),
    ("Die Pumpe pfeift die ganze Nacht", "de"),
    ("pump", "en"),
)
EXAMPLES = (
    ("It hums and hums, no drop of water", "en", "pump"),
    ("where is my invoice", "en", "invoice"),
    ("wifi is not found", "en", "wifi"),
    ("Do you sell lawn mowers?", "en", ""),
)
WHISTLE = "A whistling pump sucks air.\n\n## Low water\n\nFill the tank: the whistle and the noise at night stop.\n\n## Code E-77\n\nThe outlet is too narrow."
DRAFTS = (
    ("whistle", "en", "The pump whistles at night", WHISTLE),
    ("wifi", "ru", "Насос свистит ночью", "Свистящий насос всасывает воздух. Долейте воду до отметки, и свист прекратится."),
    ("whistle", "de", "Die Pumpe pfeift", "Eine Pumpe, die nachts pfeift, zieht Luft. Füllen Sie den Tank."),
    ("pump", "en", "The pump hums or whistles all night", f"Air is caught in the pump.\n\n{WHISTLE}"),
    ("whistle", "zh", "水泵晚上有哨声", "水位太低时水泵会吸入空气，发出哨声。\n\n## 水位\n\n请加水到刻度线，哨声就会消失。"),
)


class Desk:
    """One knowledge base and the engine of its present generation; nothing is learned aside."""

    def __init__(self, database: Database, folder: Path, now: datetime) -> None:
        self.database, self.now = database, now
        self._shelf = Shelf(folder)
        self.engine = self._made(None)

    def learn(self) -> None:
        with self.database.reading() as session:
            holdings = read_holdings(session)
        self.engine = make(self._shelf, holdings, self.engine, study(self.engine.rooms, holdings))

    def publish(self, external_id: str, language: str, title: str, body: str) -> int:
        """Publish for good, and give the article's id."""
        with self.database.writing() as session:
            saved = save_translation(session, external_id=external_id, language=language, title=title, body=body, status=Status.PUBLISHED, now=self.now)
            article = saved.article_id
        self.engine = self._made(self.engine)
        return article

    def rehearse(self, external_id: str, language: str, title: str, body: str) -> Rehearsal:
        with self.database.reading() as session:
            article, translation = find_article(session, external_id), find_translation(session, external_id, language)
            ids = {"article": article.id if article else NOT_YET, "translation": translation.id if translation else NOT_YET}
            return rehearse(session, self.engine, draft_entry(title, "", "", language, cut(body), **ids))

    def ask(self, texts: Sequence[tuple[str, str]] = TEXTS) -> list[Asking]:
        return [ask(self.engine, text, language, NO_TACT) for text, language in texts]

    def _made(self, before: Engine | None) -> Engine:
        with self.database.reading() as session:
            return make(self._shelf, read_holdings(session), before)


@pytest.fixture
def desk(database: Database, tmp_path: Path, now: datetime) -> Desk:
    with database.writing() as session:
        publish_all(session, now)
        for text, language, external_id in EXAMPLES:
            article = find_article(session, external_id)
            add_example(session, text, language, article.id if article else None, "staff", now)
    return Desk(database, tmp_path / "index", now)


def told(weighed: Weighed, new: int) -> list[tuple[int, float]]:
    """Give the articles and their scores, the one that did not exist by the id that it got."""
    return [(new if each.article_id == NOT_YET else each.article_id, each.score) for each in (*weighed.belief.candidates, *weighed.belief.elsewhere)]


def test_what_is_foretold_is_what_is_shown_after_publication(desk: Desk) -> None:
    desk.learn()
    for draft in DRAFTS:
        before, rehearsal = desk.ask(), desk.rehearse(*draft)
        foretold = [rehearsal.ask(text, known, 0.3) for (text, _), known in zip(TEXTS, before, strict=True)]
        new = desk.publish(*draft)
        found = [known.weighed for known in desk.ask()]
        for one, other, known in zip(foretold, found, before, strict=True):
            assert [new if article == NOT_YET else article for article in one.shown(0.3)] == list(other.shown(0.3))
            if rehearsal.reaches(known):
                assert told(one, new) == told(other, new)
            assert one.belief.sure == pytest.approx(other.belief.sure, abs=0.02)
        assert any(new in weighed.shown(0.0) for weighed in found), f"{draft[2]} must matter to some text"


def test_a_rehearsal_leaves_the_engine_in_use_as_it_is(desk: Desk) -> None:
    before = [known.weighed for known in desk.ask()]
    rehearsal = desk.rehearse(*DRAFTS[3])
    assert rehearsal.ask(TEXTS[0][0], desk.ask()[0], 0.3) != before[0]
    assert [known.weighed for known in desk.ask()] == before


def test_what_is_published_already_changes_nothing(desk: Desk) -> None:
    with desk.database.reading() as session:
        translation = find_translation(session, "wifi", "en")
        assert translation
        entry = draft_entry(
            translation.title, "", translation.category, "en", cut(translation.body), article=translation.article_id, translation=translation.id
        )
        rehearsal = rehearse(session, desk.engine, entry)
    assert rehearsal.after is desk.engine


def test_the_twelfth_young_segment_is_put_together_as_a_publication_does_it(desk: Desk) -> None:
    for number in range(11):
        desk.publish(f"n{number}", "en", f"Noise {number} of the tank", "Fill it.")
    rehearsal = desk.rehearse(*DRAFTS[0])
    assert len(rehearsal.after.rooms["en"].segments) < len(desk.engine.rooms["en"].segments)
    foretold = rehearsal.ask(TEXTS[0][0], desk.ask()[0], 0.3)
    new = desk.publish(*DRAFTS[0])
    assert told(foretold, new) == told(desk.ask()[0].weighed, new)


def test_texts_that_a_draft_cannot_touch_are_not_asked_again(desk: Desk) -> None:
    texts = (TEXTS[2], ("Как скачать счёт?", "ru"), ("怎么开发票？", "zh"), TEXTS[0], TEXTS[3], TEXTS[5])
    rehearsal = desk.rehearse(*DRAFTS[0])
    assert [rehearsal.reaches(known) for known in desk.ask(texts)] == [False, False, False, True, True, True]


def test_an_asking_keeps_no_words(desk: Desk) -> None:
    known = desk.ask((("Zebras whistle at Quagmire street", "en"),))[0]
    assert known.question is not None
    assert not any(word in repr(known).lower() for word in ("zebra", "quagmire", "whistl"))
