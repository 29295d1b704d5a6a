"""The language of a text, told by its script and its common words."""

import time

import pytest

from kb.languages import language_of


@pytest.mark.parametrize(
    ("text", "interface", "language"),
    [
        ("my pump is not working", "ru", "en"),
        ("насос не качает воду", "en", "ru"),
        ("泵不工作", "en", "zh"),
        ("ポンプが動かない", "en", "ja"),
        ("펌프가 작동하지 않아요", "en", "ko"),
        ("المضخة لا تعمل", "en", "ar"),
        ("המשאבה לא עובדת", "en", "he"),
        ("Η αντλία δεν λειτουργεί", "en", "el"),
        ("ปั๊มไม่ทำงาน", "en", "th"),
        ("насос не працює, що робити, її немає", "en", "uk"),
        ("die Pumpe ist nicht zu hören und das Wasser läuft", "en", "de"),
        ("wifi", "de", "de"),
        ("wifi", "ru", "en"),
        ("", "zh-Hans", "zh"),
        ("12345 !!!", "", "en"),
    ],
)
def test_the_script_and_the_common_words_tell_the_language(text: str, interface: str, language: str) -> None:
    assert language_of(text, interface) == language


@pytest.mark.parametrize(
    ("text", "language"), [("Wi-Fi не подключается к Controller C2", "ru"), ("garden kit 泵不工作 E-14", "zh"), ("my 水 pump will not start at all", "en")]
)
def test_a_product_name_in_another_script_does_not_change_the_language(text: str, language: str) -> None:
    assert language_of(text, "en") == language


def test_a_megabyte_is_told_within_a_few_milliseconds() -> None:
    begun = time.perf_counter()
    language_of("я" * 1_000_000)
    assert time.perf_counter() - begun < 0.1


@pytest.mark.parametrize("text", ["\ud800", "\x00\x00", "\u202e" * 50, "👍" * 10])
def test_odd_characters_have_the_language_of_the_page(text: str) -> None:
    assert language_of(text, "ru") == "ru"
