"""The lists that staff write."""

import threading
from datetime import datetime, timedelta

import pytest

from kb.database import Database
from kb.generations import current_generation
from kb.word_lists import ChangedMeanwhile, FaultyWords, Lists, all_lists, lists_of, save_lists


def save(database: Database, now: datetime, version: int, synonyms: str = "refund = money back", language: str = "en") -> Lists:
    with database.writing() as session:
        return save_lists(session, language, synonyms=synonyms, stop_words="gadget", version=version, author="Anna", now=now)


def test_saved_lists_come_back_with_their_author_and_raise_the_generation(database: Database, now: datetime) -> None:
    saved = save(database, now, 0, language="en-GB")
    with database.reading() as session:
        assert lists_of(session, "en") == saved == Lists("en", "refund = money back", "gadget", 1, "Anna", now)
        assert all_lists(session) == [saved]
        assert lists_of(session, "ru") == Lists("ru")
        assert current_generation(session) == 1


def test_whoever_has_not_seen_the_last_change_does_not_overwrite_it(database: Database, now: datetime) -> None:
    save(database, now, 0)
    save(database, now + timedelta(hours=1), 1, "parcel = package")
    for version in (0, 1, 7):
        with pytest.raises(ChangedMeanwhile):
            save(database, now, version, "lost = text")
    with database.reading() as session:
        assert lists_of(session, "en").synonyms == "parcel = package"
        assert current_generation(session) == 2


def test_of_two_who_save_at_once_one_is_told(database: Database, now: datetime) -> None:
    for version in (0, 1):
        told: list[BaseException] = []

        def work(text: str, version: int = version, told: list[BaseException] = told) -> None:
            try:
                save(database, now, version, text)
            except ChangedMeanwhile as fault:
                told.append(fault)

        threads = [threading.Thread(target=work, args=(f"word{number} = other{number}",)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(told) == 2
        with database.reading() as session:
            assert lists_of(session, "en").version == version + 1


def test_faulty_lines_are_named_as_they_were_typed_and_nothing_is_saved(database: Database, now: datetime) -> None:
    with pytest.raises(FaultyWords) as caught:
        save(database, now, 0, "\n\nrefund\n")
    assert [fault.line for fault in caught.value.synonyms] == [3]
    assert caught.value.stop_words == []
    with database.reading() as session:
        assert all_lists(session) == []
        assert current_generation(session) == 0
