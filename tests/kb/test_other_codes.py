"""An article about one code does not answer a text about another."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kb.database import Database
from kb.explanation import Fate
from kb.other_codes import codes, shape
from kb.suggest import Suggester
from tests.kb.pump_articles import ARTICLES, publish_all

OWN = ("What E-1043 on the display means", "Что значит E-1043 на экране", "屏幕上显示E-1043是什么意思")
BODY = {
    "en": "The controller shows a code when it has noticed a fault. Switch it off and on again, then wait for a minute.",
    "ru": "Контроллер показывает код, когда заметил неполадку. Выключите его и включите снова, затем подождите минуту.",
    "zh": "控制器发现故障时会显示代码。请关掉再打开，然后等一分钟。",
}
ASKED = {
    "en": "the controller shows {} on the display, what does it mean",
    "ru": "контроллер показывает {} на экране, что это значит",
    "zh": "控制器屏幕显示{}是什么意思",
}


@pytest.fixture
def ready(database: Database, tmp_path: Path, now: datetime) -> Iterator[Suggester]:
    """A suggester whose gate lets through whatever the engine believes a little."""
    own = [("one-code", language, title, BODY[language], "app") for (language, title) in zip(BODY, OWN, strict=True)]
    others = [
        ("two-codes", "en", "Display shows F-2001 or F-2009", "The controller shows a code from F-2001 to F-2009 on the display if a valve sticks.", "app"),
        ("said-inside", "en", "What G-3001 on the display means", "The controller shows this when a hose is bent. G-3002 means the same.", "app"),
        ("with-order", "en", "Clean the filter of the MG2", "Rinse the filter under the tap until the water stays clear.", "pump"),
    ]
    with database.writing() as session:
        publish_all(session, now, (*ARTICLES, *own, *others))
    suggester = Suggester(database, tmp_path / "index", gate=0.01)
    suggester.ensure_ready()
    yield suggester
    suggester.close()


def titles(suggester: Suggester, text: str, language: str = "en") -> list[str]:
    return [each.title for each in suggester.suggest("", text, language=language).suggestions]


@pytest.mark.parametrize("language", BODY)
def test_an_article_about_another_code_is_not_shown(ready: Suggester, language: str) -> None:
    own = dict(zip(BODY, OWN, strict=True))[language]
    assert titles(ready, ASKED[language].format("E-1043"), language)[0] == own
    assert own not in titles(ready, ASKED[language].format("E-1042"), language)


def test_what_was_kept_on_disk_knows_the_codes_too(ready: Suggester, database: Database) -> None:
    again = Suggester(database, ready.folder, gate=0.01)
    try:
        assert OWN[0] in titles(again, ASKED["en"].format("E-1043"))
        assert OWN[0] not in titles(again, ASKED["en"].format("E-1042"))
    finally:
        again.close()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("the display shows F-2004", "Display shows F-2001 or F-2009"),
        (ASKED["en"].format("G-3002"), "What G-3001 on the display means"),
        (ASKED["en"].format("E-17"), OWN[0]),
        ("how do I clean the filter, my order was MG-2-40718", "Clean the filter of the MG2"),
        (ASKED["en"].format("E-1042 and then E-1043"), OWN[0]),
    ],
)
def test_a_list_of_codes_a_code_in_the_text_and_another_kind_of_code_exclude_nothing(ready: Suggester, text: str, title: str) -> None:
    assert title in titles(ready, text)


def test_the_reason_is_told(ready: Suggester) -> None:
    told = ready.explain(ASKED["en"].format("E-1042"), language="en").candidates
    assert [each.fate for each in told if each.title == OWN[0]] == [Fate.OTHER_CODE]


@pytest.mark.parametrize(
    ("term", "kind"),
    [("e1042", "e4"), ("0x80070005", "0x8"), ("mg240719", "mg6"), ("windows10", ""), ("2.4.1", ""), ("1042", ""), ("pump", ""), ("h2o", ""), ("0xyz", "")],
)
def test_codes_of_one_kind_have_the_same_letters_and_as_many_digits(term: str, kind: str) -> None:
    assert shape(term) == kind


def test_the_codes_of_a_text_are_found_in_any_spelling() -> None:
    assert codes("Ошибка Е-1042, потом e1043 и 0X80070005; заказ 40718", "ru") == {"e4": {"e1042", "e1043"}, "0x8": {"0x80070005"}}
