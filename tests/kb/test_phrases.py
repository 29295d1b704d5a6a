"""Where the phrases of staff stand in texts."""

import time

import pytest

from kb.phrases import Phrases


def met(phrase: str, text: str, language: str) -> list[str]:
    return [text[each.start : each.end] for each in Phrases([phrase], language).find(text, 10)]


@pytest.mark.parametrize(
    ("phrase", "language", "text", "found"),
    [
        ("refund", "en", "I want my Refunds now", ["Refunds"]),
        ("money back", "en", "give me my money back, please", ["money back"]),
        ("money back", "en", "I moved the money. Back home it rains", []),
        ("money back", "en", "money is back", []),
        ("wi-fi", "en", "the WIFI is off", ["WIFI"]),
        ("wi-fi", "en", "the wi fi is off", ["wi fi"]),
        ("wifi", "en", "no Wi-Fi connection", ["Wi-Fi"]),
        ("wifi connection", "en", "no Wi-Fi connection", ["Wi-Fi connection"]),
        ("fi connection", "en", "no Wi-Fi connection", ["Fi connection"]),
        ("возврат денег", "ru", "Хочу возврата денег!", ["возврата денег"]),
        ("退款", "zh", "我要申请退款怎么办", ["退款"]),
        ("信用卡", "zh", "用信用卡付款", ["信用卡"]),
        ("信用卡", "zh", "信用 用卡", []),
        ("e-1042", "zh", "泵显示E1042代码", ["E1042"]),
        ("환불", "ko", "환불해 주세요", ["환불"]),
        ("返金", "ja", "返金してください", ["返金"]),
        ("คืนเงิน", "th", "ขอคืนเงินด้วย", ["คืนเงิน"]),
        ("0x80070005", "en", "error 0X80070005!", ["0X80070005"]),
    ],
)
def test_a_phrase_is_found_in_its_forms_and_nowhere_else(phrase: str, language: str, text: str, found: list[str]) -> None:
    assert met(phrase, text, language) == found


def test_the_longest_phrase_at_a_place_counts_and_none_overlap() -> None:
    phrases = Phrases(["money", "money back", "back home"], "en")
    assert [(each.start, each.end, each.numbers) for each in phrases.find("money back home", 10)] == [(0, 10, (1,))]


def test_one_phrase_may_have_several_numbers() -> None:
    assert Phrases(["refund", "REFUNDS"], "en").find("refund", 10)[0].numbers == (0, 1)


def test_no_more_pieces_are_told_than_asked_for() -> None:
    assert len(Phrases(["pump"], "en").find("pump " * 100, 8)) == 8


@pytest.mark.parametrize("text", ["", "\ud800 pump", "\x00", "a-" * 5000, "水" * 4000, "é" * 4000, "pump " * 800])
def test_no_text_hurts_and_none_costs_much(text: str) -> None:
    phrases = Phrases(["a a a a a b", "水水水水水火", "pump pump pump pump pump motor", *(f"word{number} two" for number in range(1000))], "en")
    begun = time.process_time()
    phrases.find(text, 8)
    assert time.process_time() - begun < 1
