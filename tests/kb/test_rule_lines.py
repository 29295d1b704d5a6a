import pytest

from kb.rule_lines import LONGEST_LINE, MOST_LINES, Fault, Phrase, PhraseError, read


def fault(lines: str, language: str = "en") -> tuple[Fault, int]:
    with pytest.raises(PhraseError) as caught:
        list(read(lines, language))
    return caught.value.fault, caught.value.line


def test_a_phrase_is_read_word_by_word_in_the_form_that_is_matched() -> None:
    (phrase,) = read("charged twice", "en")
    assert [word.text for word in phrase.readings[0]] == ["charg", "twice"]
    assert (phrase.line, phrase.unless) == ("charged twice", False)


def test_either_of_two_words_makes_two_readings() -> None:
    (phrase,) = read("charged|billed two|three times", "en")
    assert len(phrase.readings) == 4


def test_a_line_with_a_hyphen_is_an_exception_and_quotes_join_the_words() -> None:
    exception, together = read('- legal size\n\n"double charge"', "en")
    assert (exception.unless, together.unless) == (True, False)
    assert [word.joined for word in together.readings[0]] == [False, True]
    assert not any(word.joined for word in exception.readings[0])


def test_characters_without_spaces_stand_side_by_side_and_a_space_lets_others_between() -> None:
    (phrase,) = read("重复 扣款", "zh")
    assert [(word.text, word.joined) for word in phrase.readings[0]] == [("重", False), ("复", True), ("扣", False), ("款", True)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("charged twice\n!!!", (Fault.NO_WORD, 2)),
        ("the", (Fault.SAYS_NOTHING, 1)),
        ("\n\nи", (Fault.SAYS_NOTHING, 3)),
        ("扣", (Fault.SAYS_NOTHING, 1)),
        ("ab*", (Fault.SHORT_BEGINNING, 1)),
        ("a b c d e f g h i", (Fault.TOO_MANY_WORDS, 1)),
        ("x" * (LONGEST_LINE + 1), (Fault.TOO_LONG, 1)),
        (" ".join(["a1|b1|c1|d1|e1"] * 4), (Fault.TOO_MANY_READINGS, 1)),
        ("\n".join(["some words"] * (MOST_LINES + 1)), (Fault.TOO_MANY, MOST_LINES + 1)),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_fault(lines: str, expected: tuple[Fault, int]) -> None:
    assert fault(lines, "ru" if "и" in lines else "en") == expected


@pytest.mark.parametrize("line", ["|||", "***", '""', "-", "- ", "«»", "\u0000", "a|*", "'", "𝕏𝕏", "\ud800x"])
def test_odd_lines_are_read_or_refused_but_never_break(line: str) -> None:
    assert all(phrase.readings for phrase in readable(line))


def readable(line: str) -> list[Phrase]:
    try:
        return list(read(line, "en"))
    except PhraseError:
        return []
