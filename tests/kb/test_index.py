"""The term index over one language."""

from pathlib import Path

import pytest
from whoosh.query import Or, Query, Term

from kb.analysis import terms
from kb.holdings import Entry
from kb.index import BODY, BOOSTS, MOST_POSTINGS, TermIndex, build_index

TEXTS = ("The pump hums and no water comes", "Water the garden with the pump", "An invoice for the pump", "Parcels and their tracking number")


@pytest.fixture
def index(tmp_path: Path) -> TermIndex:
    build_index(tmp_path / "terms", "en", [Entry(number, number, "en", text, "", (), f"{text}. " * number) for number, text in enumerate(TEXTS, 1)])
    return TermIndex(tmp_path / "terms", "en")


def by_whoosh(index: TermIndex, query: Query) -> dict[int, float]:
    """What Whoosh's own machinery makes of a query, without the part of it whose faults make it run for ever."""
    results = index._searcher.search(query, limit=None, optimize=False)
    return {index._entries[number]: float(score) for score, number in results.top_n}


@pytest.mark.parametrize(
    "text", ["pump water invoice", "the pump", "pumps pumping pump", "nothing known here", "", "tracking water water number garden hums comes"]
)
def test_the_shares_of_terms_add_up_to_the_score_of_every_article(index: TermIndex, text: str) -> None:
    shares, found = index.shares(text), index.fits(text).plain()
    summed: dict[int, float] = {}
    for scores in shares.values():
        for entry, score in scores.items():
            summed[entry] = summed.get(entry, 0.0) + score
    assert summed == pytest.approx(found)
    assert bool(found) == any(word in text for word in ("pump", "water", "tracking"))


@pytest.mark.parametrize("text", ["pump water invoice", "the pump", "nothing known here", "tracking water number garden hums comes"])
def test_single_terms_score_as_whoosh_scores_them_together(index: TermIndex, text: str) -> None:
    wanted = {term.text for term in terms(text, "en") if not term.stop}
    whole = by_whoosh(index, Or([Term(BODY, term) for term in wanted]))
    assert index.fits(text).plain() == pytest.approx(whole)
    assert index.fits(text).plain() == pytest.approx(whole)  # Once more, from what is kept at hand.


@pytest.mark.parametrize("text", ["pump", "pump water invoice", "the pump", "nothing known here", "tracking water number garden hums comes", "invoice pump"])
def test_a_search_scores_as_whoosh_does_over_all_fields_and_puts_first_what_has_every_word(tmp_path: Path, text: str) -> None:
    entries = [Entry(number, number, "en", title, "", (title[::-1], "pump"), "water hums " * number) for number, title in enumerate(TEXTS, 1)]
    build_index(tmp_path / "terms", "en", entries)
    index = TermIndex(tmp_path / "terms", "en")
    wanted = {term.text for term in terms(text, "en") if not term.stop}
    whole = by_whoosh(index, Or([Term(name, term, boost=boost) for term in wanted for name, boost in BOOSTS.items()]))
    for _ in range(2):  # Once more, from what is kept at hand.
        found = index.ranked(text)
        assert set(found) == set(whole)
        lifted = {entry for entry, score in found.items() if score > whole[entry] + 1e-3}
        assert {entry: found[entry] for entry in found if entry not in lifted} == pytest.approx({e: s for e, s in whole.items() if e not in lifted}, rel=1e-4)
        assert not lifted or min(found[entry] for entry in lifted) > max((found[entry] for entry in found if entry not in lifted), default=0)


def test_a_term_that_half_of_all_texts_have_is_not_read_while_typing(tmp_path: Path) -> None:
    entries = [Entry(number, number, "en", "", "", (), f"pump {'zebra' if number == 7 else ''}") for number in range(1, MOST_POSTINGS + 2)]
    build_index(tmp_path / "terms", "en", entries)
    index = TermIndex(tmp_path / "terms", "en")
    assert index.fits("the pump").plain() == {}
    assert set(index.fits("the pump zebra").plain()) == {7}
