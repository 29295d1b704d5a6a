"""Groups of texts: what is alike comes together in every language, and a group stays itself whatever comes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kb.features import Features, features
from kb.grouping import LEAST, WIDEST, Group, Vector, Vocabulary, divide, dot, follow, gather, join, likenesses, mean
from tests.kb.hostile_texts import HOSTILE

THEMES = {
    "en": (
        ("how do I get a refund for my order", "refund of my order please", "I want a refund, the order came broken", "refund for a broken order"),
        ("the app cannot find the pump over wifi", "pump not found by the app, wifi is on", "app does not find my pump in the wifi"),
    ),
    "ru": (
        ("как вернуть деньги за заказ", "верните деньги за сломанный заказ", "хочу вернуть заказ и деньги", "возврат денег за заказ"),
        ("приложение не видит насос по вайфаю", "насос не находится в приложении", "приложение не находит мой насос"),
    ),
    "zh": (
        ("怎么申请订单退款", "我要退款，订单坏了", "订单退款什么时候到账", "订单如何退款"),
        ("应用找不到水泵的无线网络", "水泵连不上应用的无线网络", "应用连接水泵失败，无线网络正常"),
    ),
}
WORDS = ("pump", "refund", "winter", "frost", "invoice", "hose", "order", "wifi", "tap", "filter")


def vectors(texts: list[str], language: str = "en") -> list[Vector]:
    seen = [features(text, language, bounded=True) for text in texts]
    vocabulary = Vocabulary.of_texts(seen)
    return [vocabulary.vector(each) for each in seen]


@pytest.mark.parametrize("language", list(THEMES))
def test_texts_about_one_thing_come_together_in_each_language(language: str) -> None:
    one, two = THEMES[language]
    found = gather(vectors([*one, *two], language), []).begun
    for members in found:
        assert set(members) <= set(range(len(one))) or set(members) <= set(range(len(one), len(one) + len(two))), found
    assert sum(len(members) for members in found) >= len(one) + len(two) - 2


def test_a_mean_gives_the_average_likeness_to_its_texts() -> None:
    texts = vectors([*THEMES["en"][0], *THEMES["en"][1]])
    centre = mean(texts[:4])
    assert dot(texts[5], centre) == pytest.approx(np.mean([dot(texts[5], text) for text in texts[:4]]), abs=1e-5)
    halves = mean(texts[3:4], [Group(1, 3, mean(texts[:3]))])
    assert dot(texts[5], halves) == pytest.approx(dot(texts[5], centre), abs=1e-5)
    assert likenesses(texts[:2], [centre])[1, 0] == pytest.approx(dot(texts[1], centre), abs=1e-6)


def test_a_centre_stays_small_however_much_its_texts_say() -> None:
    many = vectors([" ".join(f"word{number * turn}" for number in range(300)) for turn in range(1, 5)])
    assert len(mean(many).ids) == WIDEST


def test_no_text_is_a_fault_or_takes_long() -> None:
    texts = vectors([*(str(text)[:2000] for text in HOSTILE), "", " ", "!", "\ud800", "\0"])
    found = gather(texts, [])
    assert sorted(place for members in found.begun for place in members) == sorted({place for members in found.begun for place in members})
    assert not any(np.isnan(text.values).any() for text in texts)


def test_nothing_is_gathered_from_nothing() -> None:
    assert gather([], []).begun == []
    assert join([], []) == {}
    assert divide([]) == []
    assert Vocabulary.of_texts([]).vector(features("pump", "en")).values.any()
    assert not Vocabulary.of_texts([]).vector(Features.none()).values.any()


def test_a_group_about_two_things_is_divided_the_larger_part_first() -> None:
    one, two = THEMES["en"]
    texts = vectors([*two, *one])
    assert divide(texts) == [[3, 4, 5, 6], [0, 1, 2]]
    assert divide(texts[:3]) == []


sentences = some.lists(some.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(some.lists(sentences, min_size=2, max_size=25), some.lists(sentences, min_size=1, max_size=10))
def test_groups_stay_themselves_when_texts_come(before: list[str], coming: list[str]) -> None:
    texts = vectors([*before, *coming])
    first = gather(texts[: len(before)], []).begun
    groups = [Group(number, len(members), mean([texts[place] for place in members])) for number, members in enumerate(first, 1)]
    fresh = texts[len(before) :]
    joined = join(fresh, groups)
    assert all(joining.likeness >= LEAST for joining in joined.values())
    left = [text for place, text in enumerate(fresh) if place not in joined]
    found = gather(left, groups)
    size = {group.number: group.count for group in groups}
    for gone in found.merged:
        goes_on = follow(gone, found.merged)
        assert goes_on in size
        assert goes_on not in found.merged
        assert (size[goes_on], -goes_on) > (size[gone], -gone)
    assert {joining.number for joining in found.joined.values()} <= set(size) - set(found.merged)
    placed = [*found.joined, *(place for members in found.begun for place in members)]
    assert len(placed) == len(set(placed))
    assert gather(left, groups) == found


@settings(max_examples=40, deadline=None)
@given(some.lists(sentences, min_size=1, max_size=15), some.lists(some.booleans(), min_size=15, max_size=15))
def test_what_was_decided_is_never_put_together_with_anything(texts: list[str], decided: list[bool]) -> None:
    found = vectors(texts)
    groups = [Group(number, 2, vector, decided[number]) for number, vector in enumerate(found)]
    sorting = gather([], groups)
    untouched = {group.number for group in groups if group.decided}
    assert not untouched & {*sorting.merged, *sorting.merged.values()}
    assert all(joining.number in range(len(groups)) for joining in join(found, groups).values())


@settings(max_examples=40, deadline=None)
@given(some.lists(sentences, min_size=1, max_size=40))
def test_dividing_loses_and_doubles_no_text(texts: list[str]) -> None:
    parts = divide(vectors(texts))
    assert len(parts) != 1
    if parts:
        assert sorted(place for part in parts for place in part) == list(range(len(texts)))
        assert all(parts)
