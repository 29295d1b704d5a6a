"""Answers that exist only in another language."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kb.articles import Status, save_translation
from kb.database import Database
from kb.elsewhere import Names, names
from kb.engine import Belief, Candidate
from kb.examples import add_example
from kb.suggest import Suggester
from kb.word_lists import save_lists
from tests.kb.pump_articles import publish_all

ONLY_ENGLISH = ("Error E-77 on the Zephyrus valve", "The valve Zephyrus shows E-77 when it is stuck. Open valve_open.cfg with firmware v2.4.1.")


@pytest.fixture
def ready(database: Database, tmp_path: Path, now: datetime) -> Iterator[Suggester]:
    """A suggester with one article that only English has."""
    with database.writing() as session:
        publish_all(session, now)
        title, body = ONLY_ENGLISH
        save_translation(session, external_id="valve", language="en", title=title, body=body, status=Status.PUBLISHED, now=now)
    suggester = Suggester(database, tmp_path / "index", gate=0.3)
    suggester.ensure_ready()
    yield suggester
    suggester.close()


@pytest.mark.parametrize(
    ("text", "language", "codes", "words"),
    [
        ("ошибка E-77 на Zephyrus the", "ru", ("E-77",), ("Zephyrus",)),
        ("泵显示E-77和v2.4.1", "zh", ("E-77", "v2.4.1"), ()),
        ("error E-77 on Zephyrus in 2026", "en", ("E-77",), ()),
        ("open config.old.yaml, bitte", "de", ("config.old.yaml",), ()),
        ("what is насос", "en", (), ("насос",)),
        ("ポンプの水が出ない", "ja", (), ()),
    ],
)
def test_codes_are_names_everywhere_and_words_only_in_another_script(text: str, language: str, codes: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert names(text, language) == Names(codes, words)


@pytest.mark.parametrize(
    ("text", "language"), [("что значит ошибка E-77", "ru"), ("У меня клапан Zephyrus", "ru"), ("阀门上显示E-77怎么办", "zh"), ("нужна прошивка v2.4.1", "ru")]
)
def test_what_only_another_language_has_is_offered_and_told_to_be_elsewhere(ready: Suggester, text: str, language: str) -> None:
    answer = ready.suggest("", text, language=language)
    assert answer.language == language
    assert [(each.title, each.language, each.elsewhere) for each in answer.suggestions if each.elsewhere] == [(ONLY_ENGLISH[0], "en", True)]
    assert answer.sure >= answer.gate


def test_it_comes_after_those_in_the_readers_own_language(ready: Suggester) -> None:
    answer = ready.suggest("", "Насос гудит, а вода не идёт, ошибка E-77", language="ru")
    assert [(each.language, each.elsewhere, each.rank) for each in answer.suggestions[:1]] == [("ru", False, 1)]
    assert [each.elsewhere for each in answer.suggestions] == sorted(each.elsewhere for each in answer.suggestions)
    assert answer.suggestions[-1].title == ONLY_ENGLISH[0]
    assert sum(each.score for each in answer.suggestions) == pytest.approx(answer.sure)
    assert answer.sure <= 1


@pytest.mark.parametrize(
    "text",
    [
        "что значит ошибка E-78",  # Another code.
        "У меня клапан Zephyrus Maximus",  # Nobody knows all of the name.
        "проблема с клапаном",  # No name at all.
        "ошибка error stuck frost",  # Words, but no article has them all.
    ],
)
def test_what_no_name_points_to_is_not_offered(ready: Suggester, text: str) -> None:
    assert not any(each.elsewhere for each in ready.suggest("", text, language="ru").suggestions)


def test_a_code_that_the_readers_own_articles_know_is_answered_there(ready: Suggester, now: datetime) -> None:
    with ready.database.writing() as session:
        save_translation(session, external_id="own", language="ru", title="Ошибка E-77", body="Клапан застрял: E-77.", status=Status.PUBLISHED, now=now)
    ready.ensure_ready()
    answer = ready.suggest("", "что значит ошибка E-77", language="ru")
    assert answer.suggestions[0].title == "Ошибка E-77"
    assert not any(each.elsewhere for each in answer.suggestions)


def test_a_translation_into_the_readers_language_takes_its_place(ready: Suggester, now: datetime) -> None:
    with ready.database.writing() as session:
        save_translation(session, external_id="valve", language="ru", title="Клапан", body="Откройте его.", status=Status.PUBLISHED, now=now)
    ready.ensure_ready()
    assert not any(each.elsewhere for each in ready.suggest("", "что значит ошибка E-77", language="ru").suggestions)


def test_an_article_in_the_language_of_the_page_is_not_elsewhere(ready: Suggester) -> None:
    answer = ready.suggest("", "что значит ошибка E-77", language="en")
    assert (answer.language, answer.suggestions[0].title, answer.suggestions[0].elsewhere) == ("ru", ONLY_ENGLISH[0], False)


def test_past_requests_may_point_to_another_language(ready: Suggester, now: datetime) -> None:
    with ready.database.writing() as session:
        valve = save_translation(
            session, external_id="valve", language="en", title=ONLY_ENGLISH[0], body=ONLY_ENGLISH[1], status=Status.PUBLISHED, now=now
        ).article_id
        for number in range(12):
            add_example(session, f"мой морж голоден, письмо {number}", "ru", valve, "test", now)
    ready.ensure_ready(learn=True)
    ready.gate = 0.1  # Twelve requests about one article make nobody very sure.
    answer = ready.suggest("", "мой морж голоден", language="ru")
    assert [(each.title, each.elsewhere) for each in answer.suggestions] == [(ONLY_ENGLISH[0], True)]
    assert answer.sure >= answer.gate


def test_a_synonym_may_lead_into_another_language(ready: Suggester, now: datetime) -> None:
    text = "где лежит вентиль"
    assert not any(each.elsewhere for each in ready.suggest("", text, language="ru").suggestions)
    with ready.database.writing() as session:
        save_lists(session, "ru", synonyms="вентиль => Zephyrus", stop_words="", version=0, author="Anna", now=now)
    ready.ensure_ready()
    answer = ready.suggest("", text, language="ru")
    assert [each.title for each in answer.suggestions if each.elsewhere] == [ONLY_ENGLISH[0]]


def test_what_is_elsewhere_needs_its_own_belief_and_never_lifts_the_others() -> None:
    own, there = (Candidate(1, 0.3), Candidate(2, 0.1)), (Candidate(7, 0.35),)
    assert Belief(0.4, own, there).shown(0.5, 3) == ()
    assert [each.article_id for each in Belief(0.4, own).shown(0.0, 3)] == [1, 2]
    assert [each.article_id for each in Belief(0.4, own, there).shown(0.33, 3)] == [1, 2, 7]
    assert [each.article_id for each in Belief(0.4, own, there).shown(0.38, 3)] == [1, 2, 7]
    assert [each.article_id for each in Belief(0.4, own, (Candidate(7, 0.2),)).shown(0.38, 3)] == [1, 2]
    assert [each.article_id for each in Belief(0.2, own, (Candidate(7, 0.7),)).shown(0.5, 3)] == [7]
    assert [each.article_id for each in Belief(0.6, (Candidate(1, 0.3), Candidate(2, 0.2), Candidate(3, 0.1)), there).shown(0.3, 3)] == [1, 2, 7]
    assert [each.article_id for each in Belief(0.6, (Candidate(1, 0.2),) * 3, (Candidate(7, 0.15),)).shown(0.3, 3)] == [1, 1, 1]
    hardly = (Candidate(7, 0.3), Candidate(8, 0.005))
    assert Belief(0.1, (), hardly).shown(0.302, 3) == ()  # What is not shown does not lift what is.
    assert [each.article_id for each in Belief(0.1, (), hardly).shown(0.3, 3)] == [7]
    assert Belief(0.4, own, there).sure_of_shown(0.33, 3) == pytest.approx(0.75)
    assert Belief(0.4, own, there).sure_of_shown(0.9, 3) == 0.4


def test_an_explanation_shows_what_is_elsewhere_as_the_form_does(ready: Suggester) -> None:
    for text in ("что значит ошибка E-77", "Насос гудит, а вода не идёт, ошибка E-77"):
        told = ready.explain(text, language="ru")
        assert told.suggestions == ready.suggest("", text, language="ru").suggestions
        assert any(each.elsewhere for each in told.suggestions)
