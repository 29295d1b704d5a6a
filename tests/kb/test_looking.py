from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.database import Database
from kb.looking import FORGOTTEN_AFTER, FoundBy, LookedFor, Looker, Search, Sought, note, note_found, searches_in_vain, searches_leading_to, words_of


def ask(session: Session, now: datetime, network: str, words: str = "wet socks", *, in_vain: bool = True) -> Search:
    about, kept = words_of(words, "en")
    search = Search(f"key of {about}", kept, "en", f"mark of {network}")
    note(session, search, in_vain=in_vain, now=now)
    return search


def test_words_are_kept_once_three_networks_asked_and_not_before(database: Database, now: datetime) -> None:
    with database.writing() as session:
        for network in ("a", "a", "b", "a"):
            ask(session, now, network)
        assert session.scalars(select(LookedFor.terms)).all() == [""]
        assert searches_in_vain(session) == []
        ask(session, now, "c", "Socks,  WET")
        assert searches_in_vain(session) == [Sought("socks, wet", "en", 5, 5)]
        assert session.scalar(select(func.count()).select_from(Looker)) == 0


def test_nothing_of_what_was_typed_stands_in_the_tables_before(database: Database, now: datetime) -> None:
    with database.writing() as session:
        note(session, Search("0f" * 32, "my secret trouble", "en", "1e" * 32), in_vain=True, now=now)
        kept = [repr(tuple(row)) for table in (LookedFor, Looker) for row in session.execute(select(*table.__table__.columns))]
    assert len(kept) == 2
    assert not any(word in row for row in kept for word in ("my", "secret", "trouble"))


@pytest.mark.parametrize("words", ["mail anna@example.com", "order 4711 0815 99", "https://example.com/x", "x" * 300])
def test_words_that_may_tell_who_asks_are_never_kept(database: Database, now: datetime, words: str) -> None:
    with database.writing() as session:
        for network in "abcd":
            ask(session, now, network, words)
        assert session.scalars(select(LookedFor.terms)).all() == [""]


def test_searches_that_led_to_an_article_are_told_with_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        for network in "abc":
            search = ask(session, now, network, in_vain=False)
            note_found(session, search.key, 7)
        alone = ask(session, now, "a", "only mine", in_vain=False)
        note_found(session, alone.key, 7)
        note_found(session, "a key that was never counted", 7)
        assert searches_leading_to(session, 7) == [Sought("wet socks", "en", 3, 0, 3)]
        assert searches_leading_to(session, 8) == []


def test_what_too_few_asked_for_is_forgotten_after_a_month(database: Database, now: datetime) -> None:
    with database.writing() as session:
        for network in "abc":
            ask(session, now, network)
        note_found(session, ask(session, now, "a", "only mine").key, 7)
        ask(session, now + FORGOTTEN_AFTER + timedelta(days=1), "a", "something else")
        assert sorted(session.scalars(select(LookedFor.terms))) == ["", "wet socks"]
        assert session.scalar(select(func.count()).select_from(FoundBy)) == 0


def test_what_says_nothing_is_about_nothing() -> None:
    assert [words_of(text, "en")[0] for text in ("", "the", "!?", "🙂")] == [""] * 4
    assert words_of("水泵 没水", "zh")[0] == words_of("没水 水泵", "zh")[0] != ""
