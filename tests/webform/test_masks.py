import time

import pytest

from webform import masks


@pytest.mark.parametrize(
    ("mask", "text", "fits"),
    [
        ("MG-####", "mg-1234", True),
        ("MG-####", "MG - 12 34", True),
        ("MG-####", "MG-123", False),
        ("MG-####", "MG-12345", False),
        ("#{4,6}", "12345", True),
        ("#{4,6}", "1234567", False),
        ("#{0,2}A", "A", True),
        ("@@##|W#{8}", "w12345678", True),
        ("@@##|W#{8}", "ЖЖ12", True),
        ("@@##", "1212", False),
        ("?{3}", "a1б", True),
        ("##", "١٢", False),
        ("##", "", False),
        ("ＭＧ#", "MG1", True),
    ],
)
def test_a_mask_takes_what_it_says(mask: str, text: str, fits: bool) -> None:
    masks.check(mask)
    assert masks.matches(mask, text) is fits


@pytest.mark.parametrize("mask", ["", " ", "#{0}", "#{2,1}", "#{999}", "#{0,4}", "a|", "a|b|c|d|e|f", "#{40}#{40}", "{", "#}", "x" * 101])
def test_a_mask_that_says_nothing_or_too_much_is_refused_and_loses_no_request(mask: str) -> None:
    with pytest.raises(masks.MaskError):
        masks.check(mask)
    assert masks.matches(mask, "anything")


def test_no_mask_takes_long_over_any_text() -> None:
    worst = "|".join(["?{0,30}?{0,30}b"] * 5)
    masks.check(worst)
    begun = time.process_time()
    for _ in range(20):
        assert not masks.matches(worst, "a" * 64)
        assert not masks.matches(worst, "a" * 100_000)
    assert time.process_time() - begun < 60  # A matcher that goes back would take longer than the universe.


def test_an_example_is_made_of_the_mask() -> None:
    assert [masks.example(mask) for mask in ("MG-#{4,6}", "@@##|W#", "#{")] == ["MG-4567", "AA34", ""]
