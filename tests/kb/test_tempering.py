"""Past requests count by how much of the knowledge base they cover."""

import numpy as np

from kb.classifier import Memory
from kb.tempering import tempered


def memory(taught: int, *likeness: float) -> Memory:
    nearest = np.array(likeness, np.float32)
    return Memory(np.arange(1, len(likeness) + 1), np.zeros(len(likeness), np.float32), nearest, nearest / nearest.sum(), taught)


def test_where_every_article_has_requests_nothing_is_taken_back() -> None:
    whole = memory(4, 0.2, 0.1)
    assert tempered(whole, 4) is whole
    assert tempered(whole, 2) is whole


def test_where_few_have_any_a_weak_likeness_counts_little_and_the_very_text_in_full() -> None:
    few = tempered(memory(1, 0.1, 1.0), 100)
    assert few.nearest[0] < 0.012
    assert few.nearest[1] == 1.0
    assert tempered(memory(1, 0.1), 100).votes[0] < 0.12
    assert tempered(memory(1, 1.0), 100).votes[0] == 1.0


def test_more_cover_never_counts_for_less() -> None:
    likeness = [tempered(memory(taught, 0.3, 0.2), 50).nearest[0] for taught in range(1, 60)]
    assert likeness == sorted(likeness)
