import pytest

from webform.lines import greeting_name, header_text, one_line, storable


def test_a_storable_text_keeps_words_lines_and_tabs() -> None:
    assert storable("Привет\r\n\tмир 🙂\u2028конец") == "Привет\n\tмир 🙂\nконец"


def test_a_storable_text_has_no_nul_no_control_and_no_half_character() -> None:
    assert storable("a\0b\x07c\x9bd\ud800e") == "abcd\N{REPLACEMENT CHARACTER}e"


def test_one_line_has_no_character_that_reorders_or_hides() -> None:
    assert one_line("photo\u202egpj\u200b.\u2066exe\ufeff", 50) == "photogpj.exe"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\x85", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_every_line_end_becomes_a_space_in_one_line(end: str) -> None:
    assert one_line(f"a{end}b", 50) == "a b"


def test_a_long_line_ends_in_an_ellipsis() -> None:
    assert one_line("x" * 10_000, 10) == "xxxxxxxxx…"


def test_a_persian_name_keeps_its_joiner() -> None:
    assert one_line("علی\u200cرضا", 20) == "علی\u200cرضا"


def test_an_imitated_encoded_word_stays_what_it_looks_like() -> None:
    assert header_text("=?utf-8?q?a=0d=0aBcc:_x@y.example?=", 100).startswith("= ?utf-8?q?")


@pytest.mark.parametrize("name", ["Anna K.", "Jean-Luc d’Arc", "Анна Каренина", "王小明", "José García Márquez"])
def test_a_name_is_greeted(name: str) -> None:
    assert greeting_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "Win at www.evil.example", "evil.example", "http://x", "a@b", "You have won a free phone today", "x" * 41, "Call 555 1234", "<b>Anna</b>", "50% off"],
)
def test_what_is_not_plainly_a_name_is_not_greeted(name: str) -> None:
    assert greeting_name(name) == ""
