"""Whether a change of a text says something else, on examples written for this."""

import json
import time
from pathlib import Path

import pytest

from kb.revisions import Wording
from kb.substance import Change, change_in, change_of
from tests.kb.hostile_markdown import HOSTILE

EXAMPLES = [json.loads(line) for line in (Path(__file__).parent / "substance.jsonl").read_text("utf-8").splitlines()]


def wrong(which: str, substance: bool) -> list[tuple[str, str]]:
    """List the examples of a set that are judged wrongly."""
    chosen = [each for each in EXAMPLES if each["set"] == which and each["substance"] is substance]
    return [(each["before"], each["after"]) for each in chosen if (change_in(each["before"], each["after"], each["lang"]) is Change.SUBSTANCE) is not substance]


@pytest.mark.parametrize("which", ["first", "second"])
def test_no_change_of_substance_is_taken_for_a_slip(which: str) -> None:
    assert wrong(which, True) == []


@pytest.mark.parametrize("which", ["first", "second"])
def test_slips_and_better_wording_are_no_change_of_substance(which: str) -> None:
    assert wrong(which, False) == []


@pytest.mark.parametrize("language", sorted({each["lang"] for each in EXAMPLES}))
def test_what_is_the_same_is_no_change_in_any_language(language: str) -> None:
    texts = [each[side] for each in EXAMPLES for side in ("before", "after") if each["lang"] == language]
    assert {change_in(text, text, language) for text in texts} == {Change.NONE}
    assert {change_in(text, f"{text}\n", language) for text in texts} == {Change.SLIGHT}


def test_the_examples_hold_within_a_long_text_too() -> None:
    around = "\n\n".join(f"Paragraph {number} stays as it is." for number in range(200))
    judged = [
        (each, change_in(f"{around}\n\n{each['before']}\n\n{around}", f"{around}\n\n{each['after']}\n\n{around}", each["lang"])) for each in EXAMPLES[:30]
    ]
    assert [each["before"] for each, found in judged if (found is Change.SUBSTANCE) is not each["substance"]] == []


def test_title_and_summary_count_category_and_address_do_not() -> None:
    wording = Wording("Reset the pump", "Hold the key.", "In one minute", "Pumps", "reset")
    assert change_of(wording, Wording("Reset the pump", "Hold the key.", "In one minute", "Other", "else"), "en") is Change.NONE
    assert change_of(wording, Wording("Reset the valve", "Hold the key.", "In one minute"), "en") is Change.SUBSTANCE
    assert change_of(wording, Wording("Reset the pump", "Hold the key.", "In two minutes"), "en") is Change.SUBSTANCE
    assert change_of(wording, Wording("Reset the pump.", "Hold the key.", "in one minute"), "en") is Change.SLIGHT


def test_a_word_that_the_text_goes_on_using_was_not_written_wrong() -> None:
    assert change_in("Turn the valve.", "Turn the value.", "en") is Change.SLIGHT
    assert change_in("Turn the valve. The valve is red.", "Turn the value. The valve is red.", "en") is Change.SUBSTANCE


def test_hostile_texts_and_two_long_ones_that_have_nothing_in_common_take_no_time() -> None:
    for text in HOSTILE:
        change_in(text, f"{text} more", "en")
    start = time.process_time()
    assert change_in("one two three\n\n" * 6000, "four five\n\n" * 8000, "en") is Change.SUBSTANCE
    assert time.process_time() - start < 5
