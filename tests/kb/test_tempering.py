"""Past requests count by how much of the articles they cover."""

from kb.tempering import trust


def test_where_every_article_has_requests_nothing_is_taken_back() -> None:
    assert trust(0.1, 1.0) == 1.0


def test_where_few_have_any_a_weak_likeness_counts_little_and_the_very_text_in_full() -> None:
    assert trust(0.1, 0.01) < 0.12
    assert trust(1.0, 0.01) == 1.0


def test_more_cover_never_counts_for_less() -> None:
    parts = [trust(0.3, covered / 10) for covered in range(11)]
    assert parts == sorted(parts)
