"""Planes: how those that were weighed together are taken over by a part of the articles."""

import numpy as np
from numpy.testing import assert_array_equal

from kb import planes
from kb.classifier import train
from kb.features import Features, features
from kb.planes import Weighing, plain

WORDS = {4: "printer paper tray", 7: "refund money card", 9: "parcel courier late"}


def test_a_part_of_the_articles_takes_over_its_part_of_the_weighing() -> None:
    whole = Weighing(np.array([4, 7, 9]), np.arange(9.0).reshape(3, 3), np.array([0.1, 0.2, 0.3]))
    part = whole.among(np.array([4, 9]))
    assert_array_equal(part.square, [[0.0, 2.0], [6.0, 8.0]])
    assert_array_equal(part.offsets, [0.1, 0.3])
    assert whole.knows(np.array([7, 9]))
    assert not whole.knows(np.array([7, 8]))


def test_planes_that_were_not_weighed_speak_each_for_its_own_article() -> None:
    alone = plain(np.array([4, 7]))
    assert_array_equal(alone.square, planes.SHARPNESS * np.eye(2))
    assert not alone.offsets.any()


def requests() -> tuple[list[Features], list[int]]:
    dice = np.random.default_rng(5)
    found = [(article, " ".join(dice.permutation([*words.split()[:2], str(dice.integers(50))]))) for article, words in WORDS.items() for _ in range(40)]
    return [features(text, "en") for _, text in found], [article for article, _ in found]


def test_a_classifier_of_fewer_articles_weighs_its_planes_as_the_whole_one_learned_to() -> None:
    texts, articles = requests()
    whole = train(texts, articles, linear=True)
    assert whole.weighing is not None
    assert whole.weighing.offsets.any() or not np.allclose(whole.weighing.square, planes.SHARPNESS * np.eye(3))
    kept = [place for place, article in enumerate(articles) if article != 7]
    part = train([texts[place] for place in kept], [articles[place] for place in kept], linear=True, weighing=whole.weighing)
    assert part.weighing is not None
    assert_array_equal(part.weighing.square, whole.weighing.among(np.array([4, 9])).square)
    assert_array_equal(part.coefficients[-1], whole.weighing.offsets[[0, 2]].astype(np.float32))


def test_a_classifier_with_an_article_that_the_whole_one_did_not_know_learns_its_own_weighing() -> None:
    texts, articles = requests()
    foreign = Weighing(np.array([4, 7]), np.full((2, 2), 99.0), np.array([99.0, 99.0]))
    found = train(texts, articles, linear=True, weighing=foreign)
    assert found.weighing is not None
    assert len(found.weighing.offsets) == 3
    assert (np.abs(found.weighing.offsets) < 99.0).all()
