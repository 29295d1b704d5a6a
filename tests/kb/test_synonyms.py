"""Rules of synonyms, and when they fire."""

import pytest

from kb.synonyms import MOST_ADDED, MOST_FIRED, MOST_LINES, Synonyms, Why, read_synonyms


def compiled(lines: str, language: str = "en") -> Synonyms:
    rules, faults = read_synonyms(lines, language)
    assert faults == []
    return Synonyms(rules, language)


def added(lines: str, text: str, language: str = "en") -> list[tuple[str, ...]]:
    return [each.added for each in compiled(lines, language).fire(text)]


def test_an_equals_sign_works_both_ways() -> None:
    assert added("refund = money back", "I want a refund") == [("money back",)]
    assert added("refund = money back", "I want my money back") == [("refund",)]


@pytest.mark.parametrize("sign", ["=>", "->", "→", ">", "＞"])
def test_an_arrow_works_one_way(sign: str) -> None:
    assert added(f"wifi {sign} wireless network, WLAN", "no Wi-Fi here") == [("wireless network", "WLAN")]
    assert added(f"wifi {sign} wireless network, WLAN", "no wireless network here") == []


def test_several_may_stand_for_one_another() -> None:
    lines = "refund = money back = reimbursement"
    assert added(lines, "reimbursement please") == [("refund", "money back")]
    assert compiled("a lot, plenty => many").rules[0].rule == "a lot, plenty => many"


def test_chinese_signs_and_phrases_work() -> None:
    assert added("退款＝退钱，返还货款", "我要退钱怎么办", "zh") == [("退款", "返还货款")]


def test_what_fired_names_its_rule_and_the_piece_of_the_text() -> None:
    text = "Hello, I want my Money Back"
    (fired,) = compiled("# about paying\n\n refund  =  money   back\n").fire(text)
    assert (fired.rule, fired.phrase, text[fired.start : fired.end]) == ("refund = money back", "Money Back", "Money Back")


def test_two_rules_may_fire_for_one_piece_and_one_can_be_left_out() -> None:
    rules = compiled("refund = money back\nrefund => return")
    assert [(each.rule, each.added) for each in rules.fire("refund")] == [("refund = money back", ("money back",)), ("refund => return", ("return",))]
    assert [each.rule for each in rules.fire("refund", without={"refund = money back"})] == ["refund => return"]


def test_what_fires_is_bounded() -> None:
    rules = compiled("pump = " + ", ".join(f"machine{number}" for number in range(11)))
    fired = rules.fire("pump, " * 50)
    assert len(fired) == MOST_FIRED
    assert all(len(each.added) == MOST_ADDED for each in fired)


@pytest.mark.parametrize(
    ("line", "why", "part"),
    [
        ("refund", Why.NO_SIGN, ""),
        ("refund =", Why.EMPTY_SIDE, ""),
        ("=> refund", Why.EMPTY_SIDE, ""),
        ("a1 => b1 => c1", Why.TWO_SIGNS, ""),
        ("refund = money => back", Why.TWO_SIGNS, ""),
        ("refund = Refund", Why.ONE_PHRASE, ""),
        ("refund = !!!", Why.TOO_SHORT, "!!!"),
        ("水 = 水泵", Why.TOO_SHORT, "水"),
        ("refund = " + "x" * 81, Why.TOO_LONG, "x" * 81),
        ("how is it => refund", Why.SAYS_NOTHING, "how is it"),
        ("refund = " + ", ".join(f"w{number}" for number in range(12)), Why.TOO_MANY_PHRASES, ""),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_number_and_its_reason(line: str, why: Why, part: str) -> None:
    rules, faults = read_synonyms(f"# note\n\ngood = better one\n{line}\nbig = large", "en")
    assert [(fault.line, fault.text, fault.why, fault.part) for fault in faults] == [(4, line, why, part)]
    assert [rule.rule for rule in rules] == ["good = better one", "big = large"]


def test_too_many_lines_are_told_where_they_begin() -> None:
    rules, faults = read_synonyms("\n".join(f"word{number} = other{number}" for number in range(MOST_LINES + 5)), "en")
    assert [(fault.line, fault.why) for fault in faults] == [(MOST_LINES + 1, Why.TOO_MANY_LINES)]
    assert len(rules) == MOST_LINES
