"""Rooms: what is laid out of many articles."""

import random

import numpy as np
import pytest

from kb.classifier import NOBODY, train
from kb.features import features
from kb.holdings import Entry
from kb.room import SMALL, Room
from kb.segments import fits, make_segment
from kb.slate import UNINDEXED, draw_up

WORDS = [
    f"{one}{two}" for one in ("pum", "hos", "fil", "tan", "lid", "rus", "wir", "bat", "clo", "sea") for two in ("p", "ter", "ning", "ks", "ela", "or", "um")
]
GONE, HIDDEN = (3, 77, 1500), (905, 1201, 2040)


@pytest.fixture(scope="module")
def room() -> Room:
    dice = random.Random(1)
    texts = [" ".join(dice.choices(WORDS, k=6)) for _ in range(SMALL + 300)]
    entries = [Entry(number, 5000 - number, "en", text, "", (), f"{text} {dice.choice(WORDS)}", number) for number, text in enumerate(texts)]
    return Room("en", {"segment-0": make_segment("en", entries[:SMALL]), "segment-1": make_segment("en", entries[SMALL:])}, GONE)


@pytest.mark.parametrize("seed", range(12))
def test_of_many_articles_those_are_laid_out_that_would_be_if_all_were(room: Room, seed: int) -> None:
    dice = random.Random(seed)
    text = " ".join(dice.choices(WORDS, k=dice.randint(1, 9)))
    question = features(text, "en", bounded=True)
    asked = [(" ".join(dice.choices(WORDS, k=4)), article) for article in (4000, 4001, 4002, 3001, 9999, NOBODY, HIDDEN[0]) for _ in range(3)]
    classifier = train([features(each, "en") for each, _ in asked], [article for _, article in asked], linear=False)
    for memory in (None, classifier.recall(question)):
        slate = room.slate(text, question, memory, HIDDEN)
        whole = draw_up(room.articles, fits(tuple(room.segments.values()), question), UNINDEXED, memory, HIDDEN)
        assert sorted(slate.articles) == pytest.approx(sorted(whole.articles))
        one, other = np.argsort(slate.articles), np.argsort(whole.articles)
        assert np.array_equal(slate.places[one], whole.places[other])
        assert np.allclose(slate.values[one], whole.values[other])
        assert (slate.information, slate.nobody) == (whole.information, whole.nobody)
        assert not {*HIDDEN, *(5000 - row for row in GONE)}.intersection(slate.articles.tolist())


def test_a_text_without_a_known_word_lays_out_nothing_that_fits(room: Room) -> None:
    slate = room.slate("zzz", features("zzz", "en"), None)
    assert not slate.values[:, 0].any()
