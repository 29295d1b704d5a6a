from kb.suggest import Answer, Suggestion
from webform.offers import Terms, for_later


def suggestion(article: int, score: float) -> Suggestion:
    return Suggestion(article, article, "en", "a", "A", "", "", score, "text", "<p>text</p>", "text", ())


ANSWER = Answer((suggestion(1, 0.6), suggestion(2, 0.5), suggestion(3, 0.02)), 0.5, "en", 1, True, sure=1.0)


def test_only_what_passes_the_gate_by_itself_is_offered_later() -> None:
    assert for_later(ANSWER, "a-visit", terms=Terms(0.0, "secret")) == (1, 2)


def test_the_holdout_is_offered_nothing_later_either() -> None:
    assert for_later(ANSWER, "a-visit", terms=Terms(1.0, "secret")) == ()
