"""The term index over one language."""

from pathlib import Path

import pytest

from kb.holdings import Entry
from kb.index import TermIndex, build_index

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
