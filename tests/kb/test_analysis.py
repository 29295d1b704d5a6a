"""The terms of texts and where they stand."""

import time

import pytest

from kb.analysis import LONGEST_TERM, engaged, terms


def texts(text: str, language: str) -> set[str]:
    return {term.text for term in terms(text, language) if not term.stop}


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("насосами", "насос", "ru"),
        ("всё зелёное", "все зеленое", "ru"),
        ("watering", "WATERED", "en"),
        ("Pumpen", "pumpe", "de"),
        ("café", "cafe", "fr"),
        ("ﬁlter", "filter", "en"),
        ("E-14", "e14", "en"),
        ("المضخة", "مضخة", "ar"),
        ("αντλία", "ΑΝΤΛΙΑ", "el"),
        ("ＰＵＭＰ", "pump", "zh"),
    ],
)
def test_forms_of_one_word_are_one_term(one: str, other: str, language: str) -> None:
    assert texts(one, language)
    assert texts(one, language) == texts(other, language)


def test_codes_versions_and_part_numbers_stay_whole() -> None:
    assert {"0x80070005", "2.8.1", "mg240718", "e14", "setup.exe"} <= texts("0x80070005, 2.8.1, MG-2-40718, E-14 and setup.exe", "en")


def test_a_word_with_a_hyphen_is_found_with_and_without_it() -> None:
    assert {"wifi", "wi", "fi"} <= texts("Wi-Fi", "en")


def test_texts_without_spaces_are_cut_into_overlapping_pairs() -> None:
    assert texts("水泵不转", "zh") == {"水泵", "泵不", "不转"}
    assert "ポン" in texts("ポンプ", "ja")
    assert "ปั" in texts("ปั๊ม", "th")


def test_terms_point_at_the_characters_they_stand_for() -> None:
    text = "Мои насосы: E-14, Wi-Fi, 水泵 ﬁlter"
    for term in terms(text, "ru"):
        assert 0 <= term.start < term.end <= len(text)
    places = {term.text: text[term.start : term.end] for term in terms(text, "ru")}
    assert places["e14"] == "E-14"
    assert places["насос"] == "насосы"
    assert places["水泵"] == "水泵"


def test_no_term_is_longer_than_the_limit() -> None:
    assert all(len(term.text) <= LONGEST_TERM for text in ("x" * 500, "1-" * 300 + "1", "я" * 500) for term in terms(text, "ru"))


@pytest.mark.parametrize(
    ("text", "language", "enough"),
    [
        ("pump hums", "en", True),
        ("hello, please help me", "en", False),
        ("pump", "en", False),
        ("where is my pump", "en", True),
        ("is my pump", "en", False),
        ("where is it when I have to", "en", False),
        ("где же мой насос", "ru", True),
        ("水泵不转", "zh", True),
        ("水泵", "zh", False),
        ("насос гудит", "ru", True),
        ("здравствуйте, помогите пожалуйста", "ru", False),
        ("", "en", False),
        ("!!! ??? ...", "en", False),
        ("펌프 고장", "ko", True),
    ],
)
def test_two_content_words_or_one_in_a_sentence_or_four_characters_are_a_question(text: str, language: str, enough: bool) -> None:
    assert engaged(text, language) is enough


@pytest.mark.parametrize("text", ["a-" * 50_000, "a.b" * 30_000 + "é", "." * 100_000, "é'" * 50_000, "\u0301" * 100_000, "中" * 50_000, "-1" * 50_000])
def test_no_text_takes_more_than_its_length(text: str) -> None:
    begun = time.perf_counter()
    sum(1 for _ in terms(text, "en"))
    assert time.perf_counter() - begun < 5
