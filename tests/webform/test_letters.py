from datetime import datetime

import pytest

from webform import letters

NAMES = [("ru", "en", "Russian"), ("en", "ru", "английский"), ("zh", "zh", "中文"), ("??", "en", "??"), ("", "en", "")]


@pytest.mark.parametrize(("size", "words"), [(36, "36 bytes"), (1400, "1 kB"), (1_400_000, "1.4 MB")])
def test_sizes_are_said_as_people_say_them(size: int, words: str) -> None:
    assert letters.file_size(size, "en") == words


@pytest.mark.parametrize(("code", "language", "name"), NAMES)
def test_languages_are_named_in_the_words_of_the_reader(code: str, language: str, name: str) -> None:
    assert letters.language_name(code, language) == name


def test_a_moment_says_its_zone(now: datetime) -> None:
    assert letters.moment(now, "en") == "Sunday, 22 November 2026, 09:30 UTC"
    assert letters.moment(now, "zh").endswith("09:30 UTC")


@pytest.mark.parametrize(("language", "words"), [("en", "November 22, 2026"), ("ru", "22 ноября 2026"), ("zh", "2026年11月22日")])
def test_a_day_has_no_full_stop_of_its_own_before_that_of_a_sentence(language: str, words: str, now: datetime) -> None:
    assert letters.day(now, language) == words


def test_a_translated_text_keeps_its_percent_signs_and_fills_its_places() -> None:
    translate = letters.translator("en")
    assert translate("100% of it") == "100% of it"
    assert translate("%(name)s via %(company)s", name="100%", company="%(name)s") == "100% via %(name)s"
