"""Features: what a text contains, and what each of its identifiers stands for."""

import random

import pytest

from kb.features import MOST_CHARACTERS, features, names

TEXTS = {
    "en": "The pump hums, but no Wi-Fi: pumping E-21 in the-old-way. The pump!",
    "ru": "Насос гудит, а вода не идёт; ошибка 0x80070005 в v2.1",
    "zh": "水泵在响，绿灯亮着 Wi-Fi 但是不出水",
    "th": "ปั๊มมีเสียงแต่น้ำไม่ไหล",
    "ar": "المضخة تعمل ولا يخرج الماء",
}


def hostile() -> list[str]:
    dice = random.Random(20261122)
    ranges = [(0, 0x7F), (0, 0x10FFFF), (0xD800, 0xDFFF), (0x4E00, 0x9FFF), (0x300, 0x36F), (0x200B, 0x202E)]
    made = ["".join(chr(dice.randint(*dice.choice(ranges))) for _ in range(dice.choice((1, 5, 40, 200)))) for _ in range(200)]
    return ["", " ", "\0", "\ud800", "ß" * 50, "ﬃ", "İi", "a-b-c", "-" * 99, "水" * 5000, "pump " * 2000, *made]


@pytest.mark.parametrize("language", TEXTS)
def test_every_feature_of_a_text_has_a_name_that_stands_in_it(language: str) -> None:
    text = TEXTS[language]
    counted, named = features(text, language, bounded=True), names(text, language)
    assert (set(named.words), set(named.pieces), set(named.pairs)) == (set(counted.words), set(counted.pieces), set(counted.pairs))
    for label in (label for labels in named.words.values() for label in labels):
        typed = label.partition("≈")[0].strip()  # A concept is named after the sign.
        assert all(part in text for part in typed.split(" ")), label
    for label in (label for labels in named.pairs.values() for label in labels):
        assert all(part in text for part in label.split(" … ")), label


def test_a_piece_is_named_by_its_word_or_by_itself_where_words_are_not_written_apart() -> None:
    assert {label for labels in names("Pumps hum", "en").pieces.values() for label in labels} == {"pumps", "hum"}
    assert {"水", "泵", "水泵"} <= {label for labels in names("水泵", "zh").pieces.values() for label in labels}


def test_words_that_are_matched_alike_share_a_name() -> None:
    assert ("pump", "pumping") in names("pump and pumping", "en").words.values()


@pytest.mark.parametrize("text", hostile())
def test_hostile_texts_are_named_to_the_last_feature(text: str) -> None:
    for language in ("en", "ru", "zh", ""):
        counted, named = features(text, language, bounded=True), names(text, language)
        assert (set(named.words), set(named.pieces), set(named.pairs)) == (set(counted.words), set(counted.pieces), set(counted.pairs))
        assert len(text) <= MOST_CHARACTERS or len(named.words) < MOST_CHARACTERS
