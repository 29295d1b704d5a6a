"""Showing: which passage of an article is opened for a text."""

import pytest

from kb.analysis import terms
from kb.passages import Passage
from kb.showing import best_passage, passage_fits

TITLE = "The pump hums but no water comes out"
PASSAGES = [
    Passage(heading="", text="In most cases air is caught inside: lay it flat and wait."),
    Passage(heading="Is the hose kinked?", text="A sharp bend stops the flow of water before it comes out of the pump."),
    Passage(heading="It stops after a few seconds", text="The red light blinks twice: the pump has noticed that no water comes."),
]


def chosen(text: str, passages: list[Passage], title: str = TITLE, language: str = "en") -> str:
    best = best_passage(passages, {term.text: 1.0 for term in terms(text, language) if not term.stop}, title, language)
    assert best is not None
    return best.heading


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("the pump hums but no water comes out", ""),
        ("no water", ""),
        ("no water comes out and I think the hose has a sharp bend", "Is the hose kinked?"),
        ("the pump stops and a red light blinks", "It stops after a few seconds"),
    ],
)
def test_an_article_answers_its_title_at_its_beginning_and_what_is_more_where_it_stands(text: str, heading: str) -> None:
    assert chosen(text, PASSAGES) == heading


def test_a_word_of_the_title_weighs_less_than_a_word_that_only_one_passage_has() -> None:
    passages = [
        Passage(heading="", text="Nothing of either."),
        Passage(heading="Pump", text="The pump and the pump again."),
        Passage(heading="Lime", text="Put it in vinegar."),
        Passage(heading="Hums", text="What hums is the motor."),
    ]
    assert chosen("pump hums, vinegar kettle filter", passages, "A pump that hums and a long title of many other things") == "Lime"


def test_an_article_without_passages_has_none() -> None:
    assert best_passage([], {"pump": 1.0}, TITLE, "en") is None


def test_what_terms_count_and_the_head_start_add_up_to_what_passages_are_compared_by() -> None:
    wanted = {term.text: 1.0 for term in terms("no water comes out and the hose has a sharp bend", "en") if not term.stop}
    fits = passage_fits(PASSAGES, wanted, TITLE, "en")
    assert [fit.head_start > 0 for fit in fits] == [True, False, False]
    assert max(fits, key=lambda fit: fit.value) is fits[1]
    assert {"hose", "sharp", "bend"} <= set(fits[1].terms)
    assert fits[1].terms["hose"] > fits[1].terms["water"] > 0, "what the title says too counts less"
    assert [fit.value for fit in fits] == [pytest.approx(sum(fit.terms.values()) + fit.head_start) for fit in fits]
    assert passage_fits([], wanted, TITLE, "en") == []
