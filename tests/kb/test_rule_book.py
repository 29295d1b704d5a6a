import logging
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from kb import rules
from kb.articles import Status, find_article, save_translation
from kb.database import Database
from kb.rule_book import NO_TACT, RuleBook
from kb.rules import Draft, RuleKind
from kb.suggest import Suggester
from tests.kb.pump_articles import publish_all

HUM = "my pump hums and no water comes out"
TWICE = "The pump is fine, but you charged my card twice"


@pytest.fixture
def ready(database: Database, tmp_path: Path, now: datetime) -> Iterator[Suggester]:
    """A suggester with a handful of articles and the default rules."""
    with database.writing() as session:
        publish_all(session, now)
        rules.load_defaults(session, language="en", now=now)
    suggester = Suggester(database, tmp_path / "index", gate=0.05)
    suggester.ensure_ready()
    yield suggester
    suggester.close()


def number_of(database: Database, name: str) -> int:
    with database.reading() as session:
        found = find_article(session, name)
        assert found
        return found.id


def pin(suggester: Suggester, now: datetime, article: int, phrases: dict[str, str], topics: tuple[str, ...] = ()) -> None:
    with suggester.database.writing() as session:
        rules.add(session, Draft(RuleKind.PIN, "first", phrases, topics, article), author="", now=now)
    suggester.rule_book.refresh()


def shown(suggester: Suggester, text: str, **named: str) -> list[int]:
    return [suggestion.article_id for suggestion in suggester.suggest("", text, **named).suggestions]


def test_a_text_that_must_reach_a_person_gets_no_suggestion_and_the_name_of_the_rule(ready: Suggester) -> None:
    answer = ready.suggest("", TWICE)
    assert (answer.suggestions, answer.engaged) == ((), True)
    assert answer.tact.urgent is not None
    assert (answer.tact.urgent.name, answer.tact.urgent.slug) == ("Charged twice", "charged-twice")
    assert answer.tact.urgent.phrase == "charged|billed|debited twice|double"
    assert answer.topic == "pump"
    assert ready.suggest("", HUM).suggestions
    assert ready.suggest("", HUM).tact.urgent is None


def test_the_rules_hold_also_where_there_is_no_time_to_suggest(ready: Suggester) -> None:
    late = ready.suggest_within(0.0, "charged twice", "for one hose")
    assert late.late
    assert late.tact.urgent is not None


def test_the_subject_and_the_end_of_a_long_message_count_too(ready: Suggester) -> None:
    assert ready.tact("Charged twice", "see subject").urgent
    assert ready.tact("", "The hose is blue. " * 400 + "You charged me twice.").urgent


def test_an_article_left_out_is_not_suggested_and_another_moves_up_while_the_search_still_finds_it(ready: Suggester) -> None:
    pump = number_of(ready.database, "pump")
    assert shown(ready, HUM)[0] == pump
    with ready.database.writing() as session:
        rules.exclude(session, article_id=pump)
    ready.rule_book.refresh()
    assert pump not in shown(ready, HUM)
    assert pump in [hit.article_id for hit in ready.search("pump hums", language="en").hits]


def test_an_article_published_into_a_category_that_is_left_out_is_left_out_too(ready: Suggester, now: datetime) -> None:
    with ready.database.writing() as session:
        rules.exclude(session, category="pump")
    ready.rule_book.refresh()
    assert number_of(ready.database, "pump") not in shown(ready, HUM)
    with ready.database.writing() as session:
        save_translation(session, external_id="new", language="en", title="A pump hums", body="It hums.", category="pump", status=Status.PUBLISHED, now=now)
    ready.ensure_ready()
    ready.rule_book.refresh()
    assert number_of(ready.database, "new") not in shown(ready, HUM)


def test_a_pinned_article_comes_first_where_its_words_or_its_topic_fit(ready: Suggester, now: datetime) -> None:
    parcel = number_of(ready.database, "parcel")
    pin(ready, now, parcel, {"en": "pump hums"}, ("orders",))
    assert shown(ready, HUM)[0] == parcel
    assert len(shown(ready, HUM)) <= 3
    assert len(set(shown(ready, HUM))) == len(shown(ready, HUM))
    ready.gate = 1.0
    assert shown(ready, "a new battery for my walrus", topic="orders") == [parcel]
    assert shown(ready, "a new battery for my walrus", topic="app") == []


def test_a_pinned_article_is_not_shown_to_readers_of_a_language_it_does_not_exist_in(ready: Suggester, now: datetime) -> None:
    parcel = number_of(ready.database, "parcel")
    pin(ready, now, parcel, {"ru": "насос гудит"})
    assert parcel not in shown(ready, "у меня насос гудит, воды нет")


def test_a_text_that_goes_to_a_person_shows_no_pinned_article(ready: Suggester, now: datetime) -> None:
    pin(ready, now, number_of(ready.database, "parcel"), {"en": "charged twice"})
    assert shown(ready, TWICE) == []


def test_a_pin_wins_over_the_exclusion_of_its_category(ready: Suggester, now: datetime) -> None:
    with ready.database.writing() as session:
        rules.exclude(session, category="pump")
    pin(ready, now, number_of(ready.database, "pump"), {"en": "pump hums"})
    assert shown(ready, HUM)[0] == number_of(ready.database, "pump")


def test_a_change_by_another_process_holds_within_two_seconds_without_a_new_index(ready: Suggester, now: datetime) -> None:
    assert shown(ready, HUM)
    before = ready.generation
    with Database(str(ready.database.engine.url.render_as_string(hide_password=False))).writing() as session:
        rules.add(session, Draft(RuleKind.PERSON, "Hums", {"en": "pump hums"}), author="", now=now)
    changed_at = time.monotonic()
    while shown(ready, HUM):
        assert time.monotonic() - changed_at < 2
        time.sleep(0.05)
    assert ready.generation == before


def test_a_rule_that_is_switched_off_does_nothing(ready: Suggester, now: datetime) -> None:
    with ready.database.writing() as session:
        rules.add(session, Draft(RuleKind.PERSON, "Hums", {"en": "pump hums"}, active=False), author="", now=now)
    ready.rule_book.refresh()
    assert ready.tact("", HUM) == NO_TACT


def test_rules_that_cannot_be_read_block_nothing_and_no_text_reaches_the_log(ready: Suggester, caplog: pytest.LogCaptureFixture) -> None:
    with ready.database.writing() as session:
        session.execute(sql("DROP TABLE rule_state"))
    book = RuleBook(ready.database)
    with caplog.at_level(logging.WARNING):
        assert book.apply(TWICE) == NO_TACT
    assert "the rules of tact could not be applied" in caplog.text
    assert "charged" not in caplog.text


def test_phrases_of_a_language_that_cannot_be_read_take_no_others_with_them(ready: Suggester, now: datetime) -> None:
    with ready.database.writing() as session:
        rules.add(session, Draft(RuleKind.PERSON, "Roses", {"en": "wilted roses", "ru": "и"}), author="", now=now)
    ready.rule_book.refresh()
    assert ready.tact("", "my wilted roses").urgent
