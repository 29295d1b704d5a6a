"""The language of a text, told by its script and its common words."""

import time
import timeit
from collections.abc import Callable

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


@pytest.mark.parametrize(
    ("text", "interface", "language"),
    [
        ("нет", "en", "ru"),
        ("水", "ru", "zh"),
        ("help", "ru", "en"),
        ("E-14", "ru", "ru"),
        ("E-14 нет", "en", "ru"),
        ("Wi-Fi?", "zh", "en"),
        ("не могу войти: error 403 forbidden", "en", "ru"),
        ("I wrote «насос» in the search box and nothing came", "ru", "en"),
        ("无法连接 the garden Wi-Fi controller", "en", "zh"),
        ("please help, 无法连接到我的控制器，重启也没有用", "en", "zh"),
        ("充電できません", "zh", "ja"),
        ("私の注文", "zh", "ja"),
        ("안녕", "en", "ko"),
        ("שלום", "en", "he"),
        ("γεια", "en", "el"),
        ("น้ำ", "en", "th"),
        ("ماء", "en", "ar"),
        ("پمپ", "en", "fa"),
        ("як", "uk", "uk"),
        ("wie", "de", "de"),
    ],
)
def test_short_and_mixed_texts_have_the_language_of_most_of_what_they_say(text: str, interface: str, language: str) -> None:
    assert language_of(text, interface) == language


def test_telling_the_language_costs_less_than_cutting_the_text_into_words_many_times() -> None:
    """The bound of one millisecond, in terms of work: a fifth of what sorting two hundred thousand numbers takes here."""
    texts = (
        "my pump is humming but there is no water, what can I do " * 4,
        "насос гудит, а вода не идёт, что делать " * 5,
        "水泵在响但是不出水怎么办" * 15,
        "garden kit 泵不工作 E-14",
    )

    def cost(work: Callable[[], object]) -> float:
        return min(timeit.repeat(work, number=1, repeat=7))

    numbers = [(number * 7919) % 200_003 for number in range(200_000)]
    yardstick = cost(lambda: sorted(numbers))
    for text in texts:
        assert cost(lambda text=text: language_of(text, "en")) < yardstick / 5, text[:20]
