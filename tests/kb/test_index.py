"""The term index over one language."""

from pathlib import Path

import pytest
from whoosh.query import Or, Term

from kb.analysis import terms
from kb.holdings import Entry
from kb.index import BODY, MOST_POSTINGS, TermIndex, build_index

TEXTS = ("The pump hums and no water comes", "Water the garden with the pump", "An invoice for the pump", "Parcels and their tracking number")


@pytest.fixture
def index(tmp_path: Path) -> TermIndex:
    build_index(tmp_path / "terms", "en", [Entry(number, number, "en", text, "", (), f"{text}. " * number) for number, text in enumerate(TEXTS, 1)])
    return TermIndex(tmp_path / "terms", "en")


@pytest.mark.parametrize(
    "text", ["pump water invoice", "the pump", "pumps pumping pump", "nothing known here", "", "tracking water water number garden hums comes"]
)
def test_the_shares_of_terms_add_up_to_the_score_of_every_article(index: TermIndex, text: str) -> None:
    shares, found = index.shares(text), index.fits(text)
    summed: dict[int, float] = {}
    for scores in shares.values():
        for entry, score in scores.items():
            summed[entry] = summed.get(entry, 0.0) + score
    assert summed == pytest.approx(found)
    assert bool(found) == any(word in text for word in ("pump", "water", "tracking"))


@pytest.mark.parametrize("text", ["pump water invoice", "the pump", "nothing known here", "tracking water number garden hums comes"])
def test_single_terms_score_as_whoosh_scores_them_together(index: TermIndex, text: str) -> None:
    wanted = {term.text for term in terms(text, "en") if not term.stop}
    whole = index._search(Or([Term(BODY, term) for term in wanted]), None)
    assert index.fits(text) == pytest.approx(whole)
    assert index.fits(text) == pytest.approx(whole)  # Once more, from what is kept at hand.


def test_a_term_that_half_of_all_texts_have_is_not_read_while_typing(tmp_path: Path) -> None:
    entries = [Entry(number, number, "en", "", "", (), f"pump {'zebra' if number == 7 else ''}") for number in range(1, MOST_POSTINGS + 2)]
    build_index(tmp_path / "terms", "en", entries)
    index = TermIndex(tmp_path / "terms", "en")
    assert index.fits("the pump") == {}
    assert set(index.fits("the pump zebra")) == {7}
