"""The texts of gaps: masked, the most typical first, and titles in customers' own words."""

from datetime import datetime

import pytest
from flask import Flask

from kb.database import Database
from kb.masking import GAP
from tests.webform.gap_world import WINTER, ask, ask_everything, gap_of, group
from webform import gap_texts, gaps
from webform.gap_texts import Words, titles
from webform.gaps import Gap


def words(text: str, subject: str = "", language: str = "en") -> Words:
    return Words(1, "T-1", language, subject, text, "nothing", datetime(2026, 1, 1))  # noqa: DTZ001 - no time is looked at


def test_the_texts_of_open_gaps_are_given_by_language_and_masked(app: Flask, database: Database, now: datetime) -> None:
    ask_everything(app, database, now)
    with database.writing() as session:
        ask(app, session, now, f"{WINTER[0]} Anna Sample, anna@customer.example, +49 170 1234567", subject="Frost, Anna")
    group(app, database, now)
    with database.reading() as session:
        english = gap_texts.open_gap_texts(session, "en-GB")
        assert {text.gap_id for text in english} >= {gap_of(database, WINTER[0])}
        assert not [text for text in english if "Anna" in text.text or "anna@" in text.text or "1234567" in text.text]
        assert [text for text in english if GAP in text.text]
        assert {text.language for text in gap_texts.open_gap_texts(session, "zh")} == {"zh"}
        assert len(gap_texts.open_gap_texts(session, "en", most=3, each=2)) == 3
        assert gap_texts.open_gap_texts(session, "fr") == []


def test_a_gap_that_somebody_decided_on_gives_no_texts(app: Flask, database: Database, now: datetime) -> None:
    ask_everything(app, database, now)
    group(app, database, now)
    number = gap_of(database, WINTER[0])
    with database.writing() as session:
        gaps.dismiss(session, session.get_one(Gap, number), "anna@example.com", now)
        assert number not in {text.gap_id for text in gap_texts.open_gap_texts(session, "en")}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([words("Hello! The pump hums loudly. Please help.")], ["The pump hums loudly"]),
        ([words("Hello, the pump hums loudly")], ["The pump hums loudly"]),
        ([words("Здравствуйте. Насос гудит, вода не идёт!", language="ru")], ["Насос гудит, вода не идёт"]),
        ([words("你好！水泵一直响但是不出水。怎么办", language="zh")], ["水泵一直响但是不出水"]),
        ([words("whatever it is that hums", subject="Pump hums loudly")], ["Pump hums loudly"]),
        ([words("my pump hums"), words("The pump hums loudly"), words("the pump hums loudly!")], ["The pump hums loudly", "My pump hums"]),
        ([words(f"Call me on {GAP} now please. Broken seal leaks")], ["Broken seal leaks"]),
        ([words("Hi"), words("")], []),
    ],
)
def test_a_title_is_what_says_something_and_what_several_say(texts: list[Words], expected: list[str]) -> None:
    assert titles(texts) == expected


def test_a_long_sentence_is_cut_between_words() -> None:
    found = titles([words("humming pump " * 50)])[0]
    assert len(found) <= gap_texts.LONGEST_TITLE + 1
    assert found.endswith(("pump…", "humming…"))
