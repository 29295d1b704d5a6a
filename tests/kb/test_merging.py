import time

import pytest

from kb.merging import Block, merge, merge_lines
from kb.revisions import Wording


def merged(base: str, theirs: str, mine: str) -> str:
    """Merge lines written in one word each; an open block is written as ``<theirs|mine>``."""
    blocks = merge_lines(base.split(), theirs.split(), mine.split())
    return " ".join(f"<{' '.join(each.theirs)}|{' '.join(each.mine)}>" if each.is_open else " ".join(each.settled) for each in blocks)


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "wanted"),
    [
        ("a b c", "a b c", "a b c", "a b c"),
        ("a b c", "A b c", "a b c", "A b c"),
        ("a b c", "a b c", "a b C", "a b C"),
        ("a b c", "A b c", "a b C", "A b C"),
        ("a b c", "A b c", "A b c", "A b c"),
        ("a b c", "x a b c", "a b c y", "x a b c y"),
        ("a b c", "b c", "a b", "b"),
        ("a b c", "c", "a b c d", "c d"),
        ("a b c", "a X c", "a Y c", "a <X|Y> c"),
        ("a b c", "a c", "a Y c", "a <|Y> c"),
        ("a b c", "a b X c", "a b Y c", "a b <X|Y> c"),
        ("a b c d", "a X c d", "a b Y d", "a <X c|b Y> d"),
        ("", "a", "b", "<a|b>"),
        ("a", "", "a b", "<|a b>"),
        ("a b a b", "a b b", "a b a b a", "a b b a"),
    ],
)
def test_what_does_not_touch_is_put_together(base: str, theirs: str, mine: str, wanted: str) -> None:
    assert " ".join(merged(base, theirs, mine).split()) == wanted


def test_merging_is_the_same_from_either_side() -> None:
    texts = ["a b c d e", "a X c d e f", "x a b c d Y", "c d e", "a b q r d e", ""]
    for base in texts:
        for theirs in texts:
            for mine in texts:
                one, other = (list(merge_lines(base.split(), *pair)) for pair in ((theirs.split(), mine.split()), (mine.split(), theirs.split())))
                assert one == [Block(each.settled, each.base, each.mine, each.theirs) for each in other]


def test_no_line_of_either_is_lost_when_both_are_kept() -> None:
    base, theirs, mine = (Wording("T", body) for body in ("a\n\nb\n\nc", "a\n\nb1\n\nc", "a\n\nb2\n\nc\n\nd"))
    found = merge(base, theirs, mine)
    assert not found.is_clean
    assert found.wording().body == "a\n\nb1\n\nb2\n\nc\n\nd"
    assert found.wording(["theirs"]).body == "a\n\nb1\n\nc\n\nd"
    assert found.wording(["mine"]).body == "a\n\nb2\n\nc\n\nd"


def test_a_line_that_both_changed_has_to_be_chosen() -> None:
    found = merge(Wording("T", "b", "s"), Wording("T1", "b", "s1"), Wording("T2", "b", "s"))
    assert (found.open, found.settled["summary"], found.is_clean) == ({"title": ("T1", "T2")}, "s1", False)
    assert (found.wording(chosen={"title": "theirs"}).title, found.wording().title) == ("T1", "T2")


@pytest.mark.parametrize("kind", ["empty lines", "numbered lines"])
def test_merging_very_long_texts_stays_quick(kind: str) -> None:
    lines = ["" if kind == "empty lines" else str(number) for number in range(50_000)]
    began = time.process_time()
    found = list(merge_lines(lines, ["x", *lines, "y"], [*lines[:25_000], "z", *lines[25_000:]]))
    assert time.process_time() - began < 5
    assert sum(len(each.settled or each.mine) for each in found) >= 50_000
