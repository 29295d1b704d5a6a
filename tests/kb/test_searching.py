"""The search page's search."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kb.articles import Status, save_translation
from kb.database import Database
from kb.searching import PAGE_LENGTH
from kb.suggest import Suggester
from tests.kb.pump_articles import publish_all


@pytest.fixture
def ready(database: Database, tmp_path: Path, now: datetime) -> Iterator[Suggester]:
    with database.writing() as session:
        publish_all(session, now)
        for number in range(23):
            body = f"Number {number} tells about sprinklers. A <b>lawn</b> & garden."
            save_translation(session, external_id=f"lawn-{number}", language="en", title=f"Lawn {number}", body=body, status=Status.PUBLISHED, now=now)
        save_translation(session, external_id="draft", language="en", title="Lawn secret", body="sprinklers", status=Status.DRAFT, now=now)
    suggester = Suggester(database, tmp_path / "index")
    suggester.ensure_ready()
    yield suggester
    suggester.close()


@pytest.mark.parametrize(
    ("text", "language", "title"),
    [
        ("VAT invoices", "en", "I need an invoice with a VAT number"),
        ("e21", "en", "Connect the controller to Wi-Fi"),
        ("wifi", "en", "Connect the controller to Wi-Fi"),
        ("насосы", "ru", "Насос гудит, а вода не идёт"),
        ("счет", "ru", "Нужен счёт с реквизитами компании"),
        ("发票抬头", "zh", "需要带公司抬头和税号的发票"),
    ],
)
def test_words_in_any_form_find_their_article(ready: Suggester, text: str, language: str, title: str) -> None:
    page = ready.search(text, language=language)
    assert page.total >= 1
    assert page.hits[0].title == title
    assert page.hits[0].language == language


def test_articles_with_all_words_stand_before_those_with_some(ready: Suggester) -> None:
    assert ready.search("lawn number 17", language="en").hits[0].title == "Lawn 17"


def test_pages_follow_one_another_without_repeating(ready: Suggester) -> None:
    pages = [ready.search("sprinklers", language="en", page=number) for number in (1, 2, 3, 4)]
    assert [len(page.hits) for page in pages] == [PAGE_LENGTH, PAGE_LENGTH, 3, 0]
    assert {page.total for page in pages} == {23}
    assert len({hit.article_id for page in pages for hit in page.hits}) == 23


def test_a_snippet_marks_words_and_is_safe(ready: Suggester) -> None:
    snippet = ready.search("sprinkler lawn", language="en").hits[0].snippet_html
    assert "<mark>sprinklers</mark>" in snippet
    assert "<b>" not in snippet
    assert "&amp; <mark>garden</mark>" in snippet, "another word for a lawn"


@pytest.mark.parametrize(
    ("text", "language", "meant"), [("invoce", "en", "invoice"), ("насоос", "ru", "насос"), ("the wintr kit", "en", "the winter kit"), ("invoice", "en", "")]
)
def test_a_mistyped_word_is_asked_about(ready: Suggester, text: str, language: str, meant: str) -> None:
    assert ready.search(text, language=language).did_you_mean == meant


@pytest.mark.parametrize(("text", "language"), [("invoce", "en"), ("насоос", "ru")])
def test_where_nothing_has_the_words_what_was_meant_is_shown_at_once(ready: Suggester, text: str, language: str) -> None:
    page = ready.search(text, language=language)
    meant = ready.search(page.did_you_mean, language=language)
    assert page.corrected
    assert not meant.corrected
    assert (page.hits, page.total, page.categories) == (meant.hits, meant.total, meant.categories)
    assert "<mark>" in page.hits[0].snippet_html


def test_a_wrong_character_in_a_chinese_word_is_asked_about(ready: Suggester) -> None:
    assert ready.search("公司抬投", language="zh").did_you_mean == "公司抬头"


@pytest.mark.parametrize("text", ["", "   ", "[a TO z]", "*", "title:*", "NOT NOT (", "\ud800", "\x00", "a" * 100_000, "lawn~2 ^ AND OR", "' OR 1=1 --"])
def test_no_text_makes_the_search_fail(ready: Suggester, text: str) -> None:
    assert ready.search(text, language="en", page=1).total >= 0


def test_a_language_without_articles_finds_nothing(ready: Suggester) -> None:
    assert ready.search("pump", language="fr").hits == []
