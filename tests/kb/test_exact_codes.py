"""Error codes, versions, part numbers and file names match exactly, in every language."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kb.analysis import terms
from kb.database import Database
from kb.suggest import Suggester
from tests.kb.pump_articles import ARTICLES, publish_all

CODES = ("E-1043", "E-1044", "0x80070005", "0x80070006", "v2.4.1", "v2.4.2", "config.old.yaml", "config.new.yaml", "MG-2-40718", "MG-2-40719")
SENTENCES = {
    "en": ("What {} on the display means", "The controller shows {} when it has noticed a fault. Switch it off and on again, then wait for a minute."),
    "ru": ("Что значит {} на экране", "Контроллер показывает {}, когда заметил неполадку. Выключите его и включите снова, затем подождите минуту."),
    "zh": ("屏幕上显示{}是什么意思", "控制器发现故障时会显示{}。请关掉再打开，然后等一分钟。"),
}
ASKED = {
    "en": "the controller shows {} on the display, what does it mean",
    "ru": "контроллер показывает {} на экране, что это значит",
    "zh": "控制器屏幕显示{}是什么意思",
}


def texts(text: str, language: str) -> set[str]:
    return {term.text for term in terms(text, language) if not term.stop}


@pytest.fixture
def ready(database: Database, tmp_path: Path, now: datetime) -> Iterator[Suggester]:
    """A suggester with ten articles in three languages that differ in nothing but a code, and some others."""
    articles = [(code, language, title.format(code), body.format(code), "app") for language, (title, body) in SENTENCES.items() for code in CODES]
    with database.writing() as session:
        publish_all(session, now, (*ARTICLES, *articles))
    suggester = Suggester(database, tmp_path / "index")
    suggester.ensure_ready()
    yield suggester
    suggester.close()


@pytest.mark.parametrize("language", SENTENCES)
def test_the_exact_code_is_first_where_all_other_words_are_the_same(ready: Suggester, language: str) -> None:
    ready.gate = 0.01
    for code in CODES:
        found = ready.suggest("", ASKED[language].format(code), language=language)
        assert found.suggestions[0].title == SENTENCES[language][0].format(code), code


@pytest.mark.parametrize(
    ("language", "typed", "code"),
    [
        ("en", "e1043", "E-1043"),
        ("en", "E_1043", "E-1043"),
        ("ru", "e-1043", "E-1043"),
        ("ru", "Е-1043", "E-1043"),  # With the Russian letter that looks the same.
        ("ru", "е1043", "E-1043"),
        ("zh", "E1043", "E-1043"),
        ("en", "0X80070005", "0x80070005"),
        ("zh", "0X80070005", "0x80070005"),
        ("en", "version 2.4.2", "v2.4.2"),
        ("ru", "версия 2.4.2", "v2.4.2"),
        ("zh", "V2.4.2", "v2.4.2"),
        ("ru", "CONFIG.OLD.YAML", "config.old.yaml"),
        ("zh", "Config.new.yaml", "config.new.yaml"),
        ("en", "mg240719", "MG-2-40719"),
        ("ru", "MG2-40719", "MG-2-40719"),
    ],
)
def test_case_hyphens_and_a_letter_that_looks_the_same_make_no_difference(ready: Suggester, language: str, typed: str, code: str) -> None:
    ready.gate = 0.01
    assert ready.suggest("", ASKED[language].format(typed), language=language).suggestions[0].title == SENTENCES[language][0].format(code)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("E-1042", "E1042", "en"),
        ("E‑1042", "e1042", "ru"),
        ("Е-1042", "E-1042", "ru"),
        ("АВС123", "ABC123", "ru"),
        ("v2.4.1", "2.4.1", "en"),
        ("ver.2.4.1", "V2.4.1", "zh"),
        ("Ｅ1042", "E1042", "zh"),
    ],
)
def test_spellings_of_one_code_are_one_term(one: str, other: str, language: str) -> None:
    assert texts(one, language) & texts(other, language)


@pytest.mark.parametrize(("one", "other"), [("E-1042", "E-1043"), ("v2.4.1", "v2.4.2"), ("config.old.yaml", "config.yaml.old"), ("0x80070005", "0x8007000")])
@pytest.mark.parametrize("language", ["en", "ru", "zh", "ja"])
def test_codes_that_differ_have_no_term_in_common(one: str, other: str, language: str) -> None:
    whole = {term.text for term in terms(one, language) if term.end - term.start == len(one)}
    assert whole
    assert not whole & texts(other, language)


@pytest.mark.parametrize("text", ["显示E-1042代码", "エラーE-1042です", "(E-1042)", "E-1042.", "«E-1042»", "오류E-1042가"])
def test_a_code_is_found_wherever_it_is_glued_to(text: str) -> None:
    assert "e1042" in texts(text, "zh")
