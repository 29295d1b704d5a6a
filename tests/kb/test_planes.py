"""Planes: how those that were weighed together are taken over by a part of the articles."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kb import planes
from kb.classifier import train
from kb.features import Features, features
from kb.planes import Seen, Weighing, plain

WORDS = {4: "printer paper tray", 7: "refund money card", 9: "parcel courier late"}


def test_a_part_of_the_articles_is_weighed_from_the_texts_that_are_known_there() -> None:
    dice = np.random.default_rng(3)
    labels = np.arange(90) % 3
    distances = (np.eye(3)[labels] + 0.3 * dice.standard_normal((90, 3))).astype(np.float32)
    distances[:30, 0] *= -1  # The first thirty are misleading; whoever does not know them learns nothing of that.
    whole = Weighing(np.array([4, 7, 9]), 5.0 * np.eye(3), np.zeros(3), Seen(distances, labels))
    part = whole.among(np.array([4, 9]), np.arange(30, 90))
    assert part.square.shape == (2, 2)
    assert part.seen is not None
    assert_array_equal(part.seen.distances, distances[30:][labels[30:] != 1][:, [0, 2]])
    misled = whole.among(np.array([4, 9]), np.arange(90))
    logits = part.seen.distances @ part.square + part.offsets
    assert (logits.argmax(axis=1) == part.seen.labels).mean() > 0.9
    assert misled.square[0, 0] < part.square[0, 0]
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


def test_a_classifier_of_fewer_articles_weighs_its_planes_by_what_the_whole_one_knows_of_its_texts() -> None:
    texts, articles = requests()
    whole = train(texts, articles, linear=True)
    assert whole.weighing is not None
    assert whole.weighing.offsets.any() or not np.allclose(whole.weighing.square, planes.SHARPNESS * np.eye(3))
    kept = [place for place, article in enumerate(articles) if article != 7]
    part = train([texts[place] for place in kept], [articles[place] for place in kept], linear=True, weighing=whole.weighing, places=kept)
    assert part.weighing is not None
    assert_array_equal(part.weighing.square, whole.weighing.among(np.array([4, 9]), np.array(kept)).square)
    assert_array_equal(part.weighing.offsets, whole.weighing.among(np.array([4, 9]), np.array(kept)).offsets)


@pytest.mark.parametrize("least", [1, 10**6], ids=["weighed together", "each alone"])
def test_a_text_that_is_about_none_of_the_articles_is_on_the_far_side_of_every_plane(least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planes, "FEWEST_TO_WEIGH", least)
    texts, articles = requests()
    found = train(texts, articles, linear=True)
    of = {article: found.recall(features(words, "en")).distance for article, words in WORDS.items()}
    for place, article in enumerate(sorted(WORDS)):
        assert of[article][place] > 0.5 > np.delete(of[article], place).max()
    assert found.recall(features("an apple pie with 7 candles", "en")).distance.max() < 0.4


def test_a_classifier_with_an_article_that_the_whole_one_did_not_know_learns_its_own_weighing() -> None:
    texts, articles = requests()
    foreign = Weighing(np.array([4, 7]), np.full((2, 2), 99.0), np.array([99.0, 99.0]))
    found = train(texts, articles, linear=True, weighing=foreign)
    assert found.weighing is not None
    assert len(found.weighing.offsets) == 3
    assert (np.abs(found.weighing.offsets) < 99.0).all()
