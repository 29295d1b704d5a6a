"""The classifier: what tells one past request from another, and what becomes of many of them."""

import numpy as np
import pytest

from kb import classifier, planes
from kb.classifier import Classifier, train
from kb.features import features

FILLERS = ("today", "again", "since", "monday", "please", "cannot", "still", "after", "update", "morning", "evening", "nothing")


def learned(texts: list[str], articles: list[int]) -> Classifier:
    return train([features(text, "en") for text in texts], articles, linear=True)


def best(found: Classifier, text: str) -> int:
    memory = found.recall(features(text, "en", bounded=True))
    return int(memory.articles[np.argmax(memory.linear)])


def test_two_words_count_together_in_either_order_and_at_any_distance() -> None:
    dice = np.random.default_rng(3)
    texts, articles = [], []
    for _ in range(60):
        for article, words in ((1, ("card", "blue")), (1, ("phone", "red")), (2, ("card", "red")), (2, ("phone", "blue"))):
            texts.append(" ".join(dice.permutation([*words, *dice.choice(FILLERS, 3, replace=False)])))
            articles.append(article)
    found = learned(texts, articles)  # No single word tells the one from the other.
    assert best(found, "blue nothing update again card") == 1
    assert best(found, "red after card") == 2
    assert best(found, "phone monday still please red") == 1
    assert best(found, "blue today phone") == 2


def test_what_only_one_text_has_is_not_learned_except_for_words() -> None:
    found = learned(["aaa bbb ccc", "aaa bbb ddd", "eee fff ggg", "eee fff hhh"], [1, 1, 2, 2])
    first, second = features("aaa bbb", "en"), features("aaa ccc", "en")
    shift = classifier.WORD_SPACE + classifier.PIECE_SPACE
    assert np.isin(first.pairs + shift, found.known).all()
    assert not np.isin(second.pairs + shift, found.known).any()
    assert np.isin(features("ccc", "en").words, found.known).all()


def confusable(seed: int, each: int) -> tuple[list[str], list[int]]:
    """Requests of which many say little: which of two look-alikes is meant shows only in how often a word is used."""
    dice = np.random.default_rng(seed)
    texts, articles = [], []
    for article, (own, shared, often) in enumerate((("top", "money", 0.8), ("up", "money", 0.5), ("pin", "secret", 0.8), ("code", "secret", 0.5))):
        for _ in range(each * (article % 2 * 2 + 1)):
            words = [shared, *dice.choice(FILLERS, 4, replace=False)]
            texts.append(" ".join([*words, own] if dice.random() < often else words))
            articles.append(article)
    return texts, articles


def loss(found: Classifier, texts: list[str], articles: list[int]) -> float:
    """How much belief the right article lacks, in nats for each text."""
    shares = [found.recall(features(text, "en", bounded=True)).linear[article] for text, article in zip(texts, articles, strict=True)]
    return float(-np.log(np.maximum(shares, 1e-9)).mean())


def test_where_there_are_plenty_of_requests_planes_are_weighed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, articles = confusable(1, 60)
    unseen = confusable(2, 60)
    together = learned(texts, articles)
    monkeypatch.setattr(planes, "FEWEST_TO_WEIGH", 10**6)
    apart = learned(texts, articles)
    assert apart.weighing
    assert not apart.weighing.offsets.any()
    assert together.weighing
    assert together.weighing.offsets.any()
    with_offsets = loss(together, *unseen)
    assert with_offsets < 0.9 * loss(apart, *unseen)
    together.coefficients[-1] = 0.0  # How often each is asked about at all is part of it.
    assert loss(together, *unseen) > 1.01 * with_offsets
