"""Differences between two texts: true to both, by words or characters, and bounded."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.differences import Kind, Piece, compare


def told(old: str, new: str) -> str:
    marks = {Kind.SAME: "{}", Kind.GONE: "[-{}-]", Kind.NEW: "[+{}+]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in compare(old, new))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Open the valve.", "Close the valve.", "[-Open-][+Close+] the valve."),
        ("Open the valve.", "Open the red valve.", "Open the [+red +]valve."),
        ("Turn it off and on", "Turn it on", "Turn it [-off and -]on"),
        ("Откройте кран до упора.", "Закройте кран до упора.", "[-Откройте-][+Закройте+] кран до упора."),
        ("请打开阀门并等待两分钟。", "请关闭阀门并等待五分钟。", "请[-打开-][+关闭+]阀门并等待[-两-][+五+]分钟。"),
        ("バルブを開けてください", "バルブを閉めてください", "バルブを[-開け-][+閉め+]てください"),
        ("One.\n\nTwo.\n", "One.\n\nNew.\n\nTwo.\n", "One.\n\n[+New.\n\n+]Two.\n"),
        ("same", "same", "same"),
        ("", "all new", "[+all new+]"),
        ("all gone", "", "[-all gone-]"),
        ("one two three", "four five six", "[-one two three-][+four five six+]"),
        ("a\r\nb", "a\nb", "a\nb"),
        ("👨‍👩‍👧 ok", "👨‍👩‍👦 ok", "👨‍👩‍[-👧-][+👦+] ok"),
    ],
)
def test_what_went_and_what_came_is_marked_by_words_or_characters(old: str, new: str, found: str) -> None:
    assert told(old, new) == found


TEXT = st.text(st.sampled_from("ab \n水门.éЖ😀"), max_size=60)


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT)
def test_both_texts_can_be_read_out_of_the_pieces(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.NEW) == old
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.GONE) == new
    assert all(piece.text for piece in pieces)
    assert (pieces == [Piece(Kind.SAME, old)]) == (old == new and bool(old))


@pytest.mark.parametrize("shape", ["words", "lines", "empty lines", "characters", "one word"])
def test_a_hundred_kilobytes_that_have_nothing_to_do_with_each_other_take_no_more_than_a_moment(shape: str) -> None:
    chance = random.Random(7)
    made = {
        "words": lambda: " ".join(str(chance.randrange(10**4)) for _ in range(20_000)),
        "lines": lambda: "\n".join(str(chance.randrange(10**3)) for _ in range(25_000)),
        "empty lines": lambda: "".join(chance.choice("\n\n\na") for _ in range(100_000)),
        "characters": lambda: "".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(33_000)),
        "one word": lambda: "".join(chance.choice("ab") for _ in range(100_000)),
    }[shape]
    old, new = made(), made()
    began = time.process_time()
    pieces = compare(old, new)
    assert time.process_time() - began < 5
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.GONE) == new
